using System.Globalization;

namespace AllowlistSync.Tests.EndToEnd;

/// <summary>For how long a change is made on probation (<c>--confirm-within</c>).</summary>
internal static class Probation
{
    /// <summary>For what happens before the deadline: it is never reached, however busy the machine is.</summary>
    public const string Long = "10m";

    private const int Shortest = 4;
    private const int Longest = 60;
    private const int Looks = 8;

    /// <summary>
    /// For what happens at the deadline, when something must be done before it: an apply and a look at what it made. So it is some times what a run takes now, on a machine that others may keep busy.
    /// </summary>
    public static async Task<string> ShortAsync(Origin origin, params string[] before)
    {
        var begun = TimeProvider.System.GetTimestamp();
        _ = await origin.RunByAsync(before, "diff");
        var seconds = Math.Clamp(Math.Ceiling(TimeProvider.System.GetElapsedTime(begun).TotalSeconds * Looks), Shortest, Longest);
        return string.Create(CultureInfo.InvariantCulture, $"{seconds}s");
    }
}
