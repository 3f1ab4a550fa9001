using System.Collections.Immutable;
using AllowlistSync.Core.State;
using AllowlistSync.Daemon;

namespace AllowlistSync.Notifying;

/// <summary>What an answer of a source, or its silence, says of each problem that a source may have. Pure.</summary>
internal static class SourceSigns
{
    /// <summary>The signs of an answer.</summary>
    public static ImmutableArray<Sign> Of(SourceStanding source, int misses) => [Refused(source), Failed(source, misses), Stale(source)];

    /// <summary>That a list became another one.</summary>
    public static Notice Changed(ListRecord list) => new(new("changed", NoticeKey.Source, list.Source), NoticeState.Event)
    {
        Summary = $"the list of {list.Source} changed: {list.Added.Length} added, {list.Removed.Length} removed; it has {list.IPv4} IPv4 and {list.IPv6} IPv6 prefixes",
        Detail = string.Join('\n', new[]
        {
            RunSigns.Lines([.. list.Added.Select(prefix => "+ " + prefix)], list.Added.Length),
            RunSigns.Lines([.. list.Removed.Select(prefix => "- " + prefix)], list.Removed.Length),
        }.Where(part => part.Length > 0)),
        Remedy = list.Removed.IsEmpty ? "" : "nothing: what was removed stays allowed until its grace is over",
        At = default,
        Node = "",
    };

    private static Sign Refused(SourceStanding source) => new("refused", source.Answered ? !source.Refusals.IsEmpty : null)
    {
        Summary = $"the list of {source.Name} is not believed ({string.Join(", ", source.Refusals.Select(refusal => refusal.RuleId).Distinct(StringComparer.Ordinal))}); the last good one stays in force",
        Detail = RunSigns.Reasons(source.Refusals),
        Remedy = RunSigns.WaysOut(source.Refusals),
        Over = $"the list of {source.Name} is believed again",
    };

    private static Sign Failed(SourceStanding source, int misses) => new("failed", source.Answered ? false : misses >= NoticeRules.MissesBeforeFailed ? true : null)
    {
        Summary = $"{source.Name} was not fetched {NoticeRules.MissesBeforeFailed} times in a row; the last good list stays in force",
        Detail = RunSigns.Reasons(source.Refusals),
        Remedy = RunSigns.WaysOut(source.Refusals),
        Over = $"{source.Name} answers again",
    };

    private static Sign Stale(SourceStanding source) => new("stale", source.IsStale ? true : source.Age is null ? null : false)
    {
        Summary = $"the last good list of {source.Name} is {source.Age?.TotalDays:0.0} days old",
        Detail = RunSigns.Reasons(source.Refusals),
        Remedy = "see why no newer list is believed or fetched; what is allowed stays allowed until then",
        Over = $"{source.Name} has a list that is not too old",
    };
}
