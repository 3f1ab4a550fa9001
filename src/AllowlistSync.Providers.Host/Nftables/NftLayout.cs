using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;

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
        traffic.IsEmpty ? None : new NftLayout(traffic.Sources, [.. families.SelectMany(family => OwnRule.For(family, FamilyPorts.Of(traffic, family, "one set has one list of ports")))], Exists: true);
}
