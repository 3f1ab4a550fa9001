using AllowlistSync.Configuration;

namespace AllowlistSync.Notifying;

/// <summary>How much patience there is with a receiver.</summary>
internal sealed record CourierLimits
{
    /// <summary>The limits of the daemon.</summary>
    public static CourierLimits Daemon { get; } = new();

    /// <summary>The limits of a command that a timer starts: the next one tries again.</summary>
    public static CourierLimits Command { get; } = new() { Drain = TimeSpan.FromSeconds(15) };

    /// <summary>How many messages wait at most.</summary>
    public int Capacity { get; init; } = 200;

    /// <summary>For one try.</summary>
    public TimeSpan Try { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>The first pause after a failure; the next ones are longer and longer.</summary>
    public TimeSpan FirstPause { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>The longest pause of our own; tries go on at this pace for as long as it takes.</summary>
    public TimeSpan LongestPause { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>The longest pause that a receiver may ask for.</summary>
    public TimeSpan LongestAsked { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How long the end is put off for what still waits.</summary>
    public TimeSpan Drain { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The same for a receiver: a program is waited for as long as the configuration says.</summary>
    public CourierLimits For(NotifyConfig receiver) => receiver is ExecNotifyConfig exec ? this with { Try = exec.Timeout + TimeSpan.FromSeconds(1) } : this;
}
