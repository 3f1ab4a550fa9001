using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Verifying;

namespace AllowlistSync.Core.Reporting;

/// <summary>A proof together with what was asked, for the renderers.</summary>
/// <param name="Target">What it is about: the name of a target, or <c>local</c>, or <c>ruleset</c>.</param>
/// <param name="Asked">The ranges as somebody wrote them; one that lies in another is left out.</param>
/// <param name="Ports">The ports.</param>
/// <param name="Proof">The verdicts.</param>
public sealed record ProofReport(string Target, ImmutableArray<IpPrefix> Asked, PortSet Ports, Proof Proof)
{
    /// <summary>The ranges, sorted, none inside another.</summary>
    public ImmutableArray<IpPrefix> Asked { get; } = Outermost(Asked);

    /// <summary>The ports.</summary>
    public PortSet Ports { get; } = Ports;

    /// <summary>The verdicts.</summary>
    public Proof Proof { get; } = Proof;

    /// <summary>The verdicts, arranged by range and port; made once.</summary>
    public ProofMatrix Matrix => field ??= ProofMatrix.Of(this);

    /// <summary>The verdicts, put together by reason; made once.</summary>
    internal ProofGroups Groups => field ??= ProofGroups.Of(this);

    /// <summary>What the proof rests on beside the rules.</summary>
    public ImmutableArray<Assumption> Assumptions { get; init; } = [.. Proof.Assumptions.Select(text => new Assumption(Certainty.Assumed, text))];

    /// <summary>The verdicts of each of some ranges, which may overlap, on each port.</summary>
    public IEnumerable<ProofCell> Cells(IEnumerable<IpPrefix> ranges) => ProofMatrix.Of(this, ranges).Cells;

    private static ImmutableArray<IpPrefix> Outermost(ImmutableArray<IpPrefix> prefixes)
    {
        var kept = ImmutableArray.CreateBuilder<IpPrefix>();
        foreach (var prefix in prefixes.Order())
        {
            // Sorted, what contains a prefix stands before it.
            if (kept.Count == 0 || !kept[^1].Contains(prefix))
            {
                kept.Add(prefix);
            }
        }

        return kept.ToImmutable();
    }
}
