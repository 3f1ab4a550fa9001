using AllowlistSync.Core.Hosts;

namespace AllowlistSync.Conformance;

/// <summary>Stands between a provider and its host: counts, and lets a test act before a program runs, in its place, or after it.</summary>
public sealed class HostTap(IHost inner) : IHost
{
    /// <summary>Acts before the command; a result that is not null is given in place of running it.</summary>
    public Func<int, HostCommand, Task<CommandResult?>>? Before { get; set; }

    /// <summary>Acts when the command has run; its result takes the place of the true one.</summary>
    public Func<int, HostCommand, CommandResult, CommandResult>? After { get; set; }

    /// <summary>How many programs were run, or would have been.</summary>
    public int Calls { get; private set; }

    /// <inheritdoc/>
    public string Name => inner.Name;

    /// <summary>Forgets what was set and counted.</summary>
    public void Reset()
    {
        Before = null;
        After = null;
        Calls = 0;
    }

    /// <inheritdoc/>
    public async ValueTask<CommandResult> RunAsync(HostCommand command, CancellationToken cancellationToken)
    {
        var number = Calls++;
        if (Before is { } before && await before(number, command) is { } answer)
        {
            return answer;
        }

        var result = await inner.RunAsync(command, cancellationToken);
        return After is { } after ? after(number, command, result) : result;
    }
}
