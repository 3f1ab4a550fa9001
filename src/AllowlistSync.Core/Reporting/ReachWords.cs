using System.Globalization;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Verifying;

namespace AllowlistSync.Core.Reporting;

/// <summary>What a change does to what gets in, and whether wanted traffic gets in, each in one line.</summary>
internal static class ReachWords
{
    // More prefixes than that are counted.
    private const int Named = 3;

    /// <summary>The difference of what gets in; null when none was worked out.</summary>
    public static string? Effect(Rehearsal rehearsal) => rehearsal.Difference switch
    {
        null => null,
        { Opens.IsEmpty: true, Closes.IsEmpty: true } => "what gets in does not change",
        { Closes.IsEmpty: true } opening => $"lets in {Describe(opening.Opens)}; shuts out nobody",
        { Opens.IsEmpty: true } closing => $"lets in nobody; shuts out {Describe(closing.Closes)}",
        var both => $"lets in {Describe(both.Opens)}; shuts out {Describe(both.Closes)}",
    };

    /// <summary>What becomes of the wanted traffic; null when nothing was proved.</summary>
    public static string? Proof(TargetReport target)
    {
        var proof = target.Rehearsal.Proof;
        if (proof.Pieces.IsEmpty)
        {
            return null;
        }

        // A run may fail before its change is made, or be undone after it.
        var isInForce = target.Status is TargetStatus.Applied or TargetStatus.InSync || (target.Status == TargetStatus.Failed && proof.Pieces == target.Rehearsal.InForce.Pieces);
        var when = isInForce ? "gets in" : "would get in";
        if (proof.AllAccepted)
        {
            return $"all that is wanted {when}";
        }

        var parts = new[] { (ReachabilityVerdict.Blocked, "blocked"), (ReachabilityVerdict.Unknown, "not known") }
            .Select(part => (Traffic: proof.With(part.Item1), part.Item2))
            .Where(part => !part.Traffic.IsEmpty)
            .Select(part => $"{part.Item2}: {Describe(part.Traffic)}");
        return $"not all that is wanted {when}; {string.Join("; ", parts)}";
    }

    /// <summary>How good the news is.</summary>
    public static Tone ToneOf(Proof proof) => proof.AllAccepted ? Tone.Good
        : proof.Pieces.Any(piece => piece.Verdict == ReachabilityVerdict.Blocked) ? Tone.Bad : Tone.Warning;

    private static string Describe(TrafficSet traffic)
    {
        var entries = traffic.Entries();
        var ports = PortSet.Of(traffic.Slices.Select(slice => slice.Ports));
        return entries.Length <= Named
            ? string.Join(", ", entries.Select(entry => $"{entry.Prefix} on {entry.Ports}"))
            : string.Create(CultureInfo.InvariantCulture, $"{entries.Length} prefixes on {ports}");
    }
}
