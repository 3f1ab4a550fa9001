using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Guards;

namespace AllowlistSync.Core.Reporting;

/// <summary>One source of a report, for a shell.</summary>
internal static class TextSource
{
    public static void Write(ShellText text, SourceOutcome source, DateTimeOffset now)
    {
        text.Line(0, $"Source {source.Name}: {Outcome(source)}", "", source.Refusals.IsEmpty ? Tone.Strong : Tone.Bad);
        foreach (var refusal in source.Refusals)
        {
            text.Paragraph(2, $"{(source.Answered ? "refused" : "not fetched")}: {refusal.RuleId}:", refusal.Message, Tone.Bad);
            text.Paragraph(4, "way out:", refusal.WayOut);
        }

        text.Paragraph(2, "in force:", source.InForce is { } ranges ? InForce(ranges, now) : "nothing; no list was ever believed");
        TextFindings.Write(text, source.Findings);
    }

    private static string Outcome(SourceOutcome source) => (source.Answered, source.Refusals.IsEmpty) switch
    {
        (false, _) => "could not be fetched",
        (true, false) => "its list is not believed",
        _ => "its list is believed",
    };

    private static string InForce(AcceptedRanges ranges, DateTimeOffset now)
    {
        var basis = ranges.Basis;
        var counts = $"{ranges.Ranges.PrefixCount(IpFamily.IPv4)} IPv4 and {ranges.Ranges.PrefixCount(IpFamily.IPv6)} IPv6 prefixes";
        var pending = ranges.Pending.IsEmpty ? "" : $" ({ranges.Pending.Length} pending removal)";
        var tag = basis.ETag is { } etag ? $"; etag {etag}" : "";
        return $"{counts}{pending}; {ReportWords.Of(basis.Provenance)}; fetched {ReportWords.Ago(now - basis.FetchedAt)} ({ReportWords.Of(basis.FetchedAt)}){tag}";
    }
}
