using System.Collections.Immutable;
using System.Globalization;
using System.Text.RegularExpressions;
using AllowlistSync.Core.Verifying;
using AllowlistSync.ProofScore.Cases;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.ProofScore.Scoring;

/// <summary>
/// Compares the rule that a proof names with the one that the packet filter's own trace ends with. A nat chain that accepts decides
/// nothing and is left out on both sides; rules of x_tables are in no trace.
/// </summary>
internal sealed partial class TracedRule(RuleSet ruleSet)
{
    private readonly ImmutableHashSet<(string, string, string)> _nat =
    [
        .. from table in ruleSet.Tables
           from chain in table.Chains.Values
           where table.Backend == Backend.NfTables && chain.Base?.Type == ChainType.Nat
           select (table.Family, table.Name, chain.Name),
    ];

    /// <summary>Whether both are the same; null when they cannot be compared.</summary>
    internal bool? Agrees(Probe probe, ProofPiece? piece)
    {
        if (piece is null || probe.Path.IsEmpty || piece.Verdict == ReachabilityVerdict.Unknown)
        {
            return null;
        }

        var accepts = piece.Verdict == ReachabilityVerdict.Accepted;
        var ours = accepts
            ? piece.Trace.Where(step => step.Packet == "first packet").Select(step => PlaceOf(step.Rule)).LastOrDefault(place => place is not null && !_nat.Contains((place.Family, place.Table, place.Chain)))
            : PlaceOf(piece.Rule);
        var theirs = probe.Path.LastOrDefault(step => !accepts || !_nat.Contains((step.Family, step.Table, step.Chain)));
        return ours is null || theirs is null ? null : ours == theirs;
    }

    private static PathStep? PlaceOf(RuleReference? rule)
    {
        var place = Place().Match(rule?.Where ?? "");
        return !place.Success ? null : new(
            place.Groups["family"].Value, place.Groups["table"].Value, place.Groups["chain"].Value,
            place.Groups["handle"].Success ? long.Parse(place.Groups["handle"].ValueSpan, CultureInfo.InvariantCulture) : null);
    }

    [GeneratedRegex(@"^table (?<family>\S+) (?<table>[^,]+), chain (?<chain>[^,]+)(,.*?\(handle (?<handle>\d+)\).*)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Place();
}
