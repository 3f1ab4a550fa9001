using System.Globalization;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Sources;

namespace AllowlistSync.Core.Reporting;

/// <summary>The words for people that stand for the values of a report; the same in every renderer.</summary>
public static class ReportWords
{
    /// <summary>A status in words.</summary>
    public static string Of(TargetStatus status) => status switch
    {
        TargetStatus.InSync => "in sync",
        TargetStatus.Differs => "differs",
        TargetStatus.Applied => "applied",
        TargetStatus.Refused => "refused",
        TargetStatus.Locked => "locked by another run",
        _ => "failed",
    };

    /// <summary>How a status is toned.</summary>
    public static Tone ToneOf(TargetStatus status) => status switch
    {
        TargetStatus.InSync or TargetStatus.Applied => Tone.Good,
        TargetStatus.Differs => Tone.Warning,
        _ => Tone.Bad,
    };

    /// <summary>A provenance in words.</summary>
    public static string Of(Provenance provenance) => provenance switch
    {
        Provenance.Live => "read from the source just now",
        Provenance.CrossChecked => "read just now, two official publications agree",
        Provenance.LastKnownGood => "last known good list, kept from an earlier run",
        _ => "built into this program, never applied",
    };

    /// <summary>An aftermath in words.</summary>
    public static string Of(Aftermath aftermath) => aftermath switch
    {
        Aftermath.Untouched => "nothing was changed",
        Aftermath.RolledBack => "changes were made and taken back",
        _ => "it is not known what was changed; the next run reads the target afresh",
    };

    /// <summary>How a severity is toned.</summary>
    public static Tone ToneOf(Severity severity) => severity switch
    {
        Severity.Problem => Tone.Bad,
        Severity.Warning => Tone.Warning,
        _ => Tone.Faint,
    };

    /// <summary>A severity in words.</summary>
    public static string Of(Severity severity) => severity switch
    {
        Severity.Problem => "problem",
        Severity.Warning => "warning",
        _ => "note",
    };

    /// <summary>A time in UTC to the minute: <c>2026-11-24 08:00Z</c>.</summary>
    public static string Of(DateTimeOffset time) => time.ToUniversalTime().ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);

    /// <summary>A time in UTC to the second, for deadlines that are near: <c>2026-11-24 08:00:59Z</c>.</summary>
    public static string ToTheSecond(DateTimeOffset time) => time.ToUniversalTime().ToString("u", CultureInfo.InvariantCulture);

    /// <summary>How long ago, in the largest unit that says something.</summary>
    public static string Ago(TimeSpan age) => age switch
    {
        { TotalMinutes: < 1 } => "just now",
        { TotalMinutes: < 120 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(age.TotalMinutes)} min ago"),
        { TotalHours: < 48 } => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(age.TotalHours)} h ago"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(age.TotalDays)} days ago"),
    };
}
