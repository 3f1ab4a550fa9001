namespace AllowlistSync.Daemon;

/// <summary>
/// A clock that goes on evenly when the clock on the wall is set: a schedule that waits for a time of day must neither sleep for a day nor fire a thousand times because of it. It takes over the clock on the wall
/// only when it is told to.
/// </summary>
internal sealed class SteadyClock(TimeProvider wall) : TimeProvider
{
    private Anchor _anchor = new(wall.GetUtcNow(), wall.GetTimestamp());

    /// <inheritdoc/>
    public override long TimestampFrequency => wall.TimestampFrequency;

    /// <inheritdoc/>
    public override TimeZoneInfo LocalTimeZone => wall.LocalTimeZone;

    /// <summary>How far the clock on the wall is ahead; negative when it is behind.</summary>
    public TimeSpan Off => wall.GetUtcNow() - GetUtcNow();

    /// <summary>Takes over the clock on the wall.</summary>
    public void Set() => _anchor = new Anchor(wall.GetUtcNow(), wall.GetTimestamp());

    /// <inheritdoc/>
    public override DateTimeOffset GetUtcNow()
    {
        var anchor = _anchor;
        return anchor.At + wall.GetElapsedTime(anchor.Timestamp);
    }

    /// <inheritdoc/>
    public override long GetTimestamp() => wall.GetTimestamp();

    /// <inheritdoc/>
    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) => wall.CreateTimer(callback, state, dueTime, period);

    private sealed record Anchor(DateTimeOffset At, long Timestamp);
}
