namespace AllowlistSync.Daemon;

/// <summary>
/// Recognises a fight: something else undoes each repair. After <see cref="Most"/> repairs within <see cref="Window"/> a target is left alone for <see cref="Pause"/>, as two programs that overwrite each other help
/// nobody; it is still looked at, and told. Not safe for use by several threads.
/// </summary>
internal sealed class RepairLimit(TimeProvider time)
{
    /// <summary>How many repairs are made in the window.</summary>
    public const int Most = 5;

    private readonly Queue<long> _repairs = new();
    private long? _pausedAt;

    /// <summary>The time in which repairs are counted.</summary>
    public static TimeSpan Window { get; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a target is left alone then.</summary>
    public static TimeSpan Pause { get; } = TimeSpan.FromHours(1);

    /// <summary>Until when it is left alone; null when it is not. By the time that went by: a clock that is set back makes the pause no longer.</summary>
    public DateTimeOffset? PausedUntil => _pausedAt is { } at && Pause - time.GetElapsedTime(at) is var left && left > TimeSpan.Zero ? time.GetUtcNow() + left : null;

    /// <summary>Counts a repair; true when it was one too many.</summary>
    public bool Count()
    {
        _repairs.Enqueue(time.GetTimestamp());
        while (time.GetElapsedTime(_repairs.Peek()) > Window)
        {
            _repairs.Dequeue();
        }

        if (_repairs.Count < Most)
        {
            return false;
        }

        _repairs.Clear();
        _pausedAt = time.GetTimestamp();
        return true;
    }
}
