using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Nftables;

/// <summary>Our things in a table as they shall be: what each family's set holds, our rules, and whether the operator's chain jumps to us.</summary>
/// <param name="Sources">What our sets hold, both families.</param>
/// <param name="Rules">The rules of our chain.</param>
/// <param name="Exists">False when nothing of ours shall be there.</param>
public sealed record NftLayout(PrefixSet Sources, ImmutableArray<OwnRule> Rules, bool Exists)
{
    /// <summary>Where exactly the jump shall stand, when it is put back; null for the place that makes it effective.</summary>
    public JumpPlace? Jump { get; init; }

    /// <summary>Nothing of ours.</summary>
    public static NftLayout None { get; } = new(PrefixSet.Empty, [], Exists: false);

    /// <summary>The layout that lets in exactly this traffic, for the families that a table can hold.</summary>
    public static NftLayout For(TrafficSet traffic, ImmutableArray<IpFamily> families) =>
        traffic.IsEmpty ? None : new NftLayout(traffic.Sources, [.. families.SelectMany(family => OwnRule.For(family, PortsOf(traffic, family)))], Exists: true);

    // One set per family means that all its sources have the same ports. Only policy addOnly after a change of `ports` wants otherwise.
    private static PortSet PortsOf(TrafficSet traffic, IpFamily family)
    {
        var slices = traffic.Only(family).Slices;
        if (slices.Any(slice => !slice.Sources.Equals(slices[0].Sources)))
        {
            throw new ProviderException(
                FailureKind.Unsupported,
                Aftermath.Untouched,
                $"{family}: old and new sources would need different ports, and one set has one list of ports",
                "run `apply` once with `policy: sync` after a change of `ports`");
        }

        // A family without sources keeps its rule on the ports of the other, so that the next prefix needs no rule.
        return PortSet.Of((slices.IsEmpty ? traffic.Slices : slices).Select(slice => slice.Ports));
    }
}
