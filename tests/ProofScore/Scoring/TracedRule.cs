using System.Globalization;
using System.Text.RegularExpressions;
using AllowlistSync.Core.Verifying;
using AllowlistSync.ProofScore.Cases;

namespace AllowlistSync.ProofScore.Scoring;

/// <summary>Compares the rule that a proof names with the one that the packet filter's own trace ends with.</summary>
internal static partial class TracedRule
{
    /// <summary>Whether both are the same; null when there is no trace, or the rule is one of x_tables, which the trace does not show.</summary>
    internal static bool? Agrees(Marked marked)
    {
        if (marked.Mark != Mark.Agree || marked.Probe.Path.IsEmpty)
        {
            return null;
        }

        var traced = marked.Piece!.Verdict == ReachabilityVerdict.Accepted ? Accepting(marked.Piece) : marked.Piece.Rule;
        return traced is null || !traced.Where.StartsWith("table ", StringComparison.Ordinal) ? null : Is(traced, marked.Probe.Path[^1]);
    }

    private static RuleReference? Accepting(ProofPiece piece) => piece.Trace
        .Where(step => step.Packet == "first packet" && step.Rule.Where.StartsWith("table ", StringComparison.Ordinal))
        .Select(step => step.Rule).LastOrDefault() ?? piece.Rule;

    private static bool Is(RuleReference rule, PathStep step)
    {
        var place = Place().Match(rule.Where);
        return place.Success
            && place.Groups["family"].Value == step.Family
            && place.Groups["table"].Value == step.Table
            && place.Groups["chain"].Value == step.Chain
            && (place.Groups["handle"].Success ? long.Parse(place.Groups["handle"].ValueSpan, CultureInfo.InvariantCulture) : (long?)null) == step.Handle;
    }

    [GeneratedRegex(@"^table (?<family>\S+) (?<table>[^,]+), chain (?<chain>[^,]+)(,.*?\(handle (?<handle>\d+)\).*)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Place();
}
