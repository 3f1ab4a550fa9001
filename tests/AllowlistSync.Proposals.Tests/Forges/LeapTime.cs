namespace AllowlistSync.Proposals.Tests.Forges;

/// <summary>A clock that leaps over every pause between tries, and notes it. Deadlines of connections and requests stay real ones, unless they are made short.</summary>
internal sealed class LeapTime : TimeProvider
{
    private static readonly DateTimeOffset s_start = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);
    private static readonly TimeSpan[] s_deadlines = [TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(10)];
    private long _leapt;

    /// <summary>The pauses, in order.</summary>
    public List<TimeSpan> Pauses { get; } = [];

    /// <summary>True when a request that is not answered is given up after a moment.</summary>
    public bool IsImpatient { get; set; }

    public override long TimestampFrequency => TimeSpan.TicksPerSecond;

    public override DateTimeOffset GetUtcNow() => s_start + TimeSpan.FromTicks(GetTimestamp());

    public override long GetTimestamp() => Interlocked.Read(ref _leapt);

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime <= TimeSpan.Zero || s_deadlines.Contains(dueTime))
        {
            return System.CreateTimer(callback, state, dueTime > TimeSpan.Zero && IsImpatient ? TimeSpan.FromMilliseconds(300) : dueTime, period);
        }

        Pauses.Add(dueTime);
        Interlocked.Add(ref _leapt, dueTime.Ticks);
        return System.CreateTimer(callback, state, TimeSpan.FromMilliseconds(1), period);
    }
}
