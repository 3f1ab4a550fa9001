namespace AllowlistSync;

/// <summary>The pauses between tries of what may work later: each twice as long as the one before. Pure.</summary>
internal static class GrowingPause
{
    /// <summary>The next pause.</summary>
    public static TimeSpan After(TimeSpan pause, TimeSpan longest) => pause * 2 < longest ? pause * 2 : longest;
}
