using System.Globalization;

namespace AllowlistSync.Daemon.Web;

/// <summary>The words of the status page and of health for values that the state keeps. Pure.</summary>
internal static class Words
{
    /// <summary>A span of time in the largest unit that says something.</summary>
    public static string Span(TimeSpan span) => span switch
    {
        { TotalSeconds: < 1 } => "0 s",
        { TotalSeconds: < 120 } => $"{Whole(span.TotalSeconds)} s",
        { TotalMinutes: < 120 } => $"{Whole(span.TotalMinutes)} min",
        { TotalHours: < 48 } => $"{Whole(span.TotalHours)} h",
        _ => $"{Whole(span.TotalDays)} days",
    };

    /// <summary>How long a run took.</summary>
    public static string Took(TimeSpan took) => took.TotalSeconds < 1
        ? $"{Whole(took.TotalMilliseconds)} ms"
        : took.TotalSeconds < 60 ? took.TotalSeconds.ToString("0.0", CultureInfo.InvariantCulture) + " s" : Span(took);

    /// <summary>A time seen from another.</summary>
    public static string From(DateTimeOffset time, DateTimeOffset now) => (time - now) switch
    {
        { TotalSeconds: > -1 and < 1 } => "now",
        { TotalSeconds: > 0 } ahead => "in " + Span(ahead),
        var behind => Span(-behind) + " ago",
    };

    /// <summary>A number and its noun.</summary>
    public static string Count(int count, string one, string many) => count == 1 ? "1 " + one : Number(count) + " " + many;

    /// <summary>A number with narrow spaces between thousands.</summary>
    public static string Number(int number) => number.ToString("N0", CultureInfo.InvariantCulture).Replace(',', '\u202f');

    /// <summary>Why there is no newer list of a source, and what to do.</summary>
    public static string WhyNoNewerList(SourceStanding source) => (source.Answered, source.Refusals) switch
    {
        (false, _) => "it did not answer; see whether this machine reaches it",
        (_, [var first, ..]) => $"{first.Message} ({first.RuleId}); {first.WayOut}",
        _ => "it was not fetched since; see the log",
    };

    private static string Whole(double value) => Math.Floor(value).ToString("0", CultureInfo.InvariantCulture);
}
