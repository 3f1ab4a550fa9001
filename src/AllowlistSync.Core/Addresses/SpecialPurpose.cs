using System.Collections.Immutable;

namespace AllowlistSync.Core.Addresses;

/// <summary>An address block that is registered for a special purpose.</summary>
/// <param name="Prefix">The block.</param>
/// <param name="Name">Its name in the registry.</param>
/// <param name="Rfc">The RFC that made it.</param>
/// <param name="GloballyReachable">Whether its addresses are reachable from everywhere; null where the registry says neither.</param>
public sealed record SpecialPurposeBlock(IpPrefix Prefix, string Name, string Rfc, bool? GloballyReachable);

/// <summary>
/// The addresses that no visitor of a web site can come from. Sources: the IANA special-purpose registries
/// https://www.iana.org/assignments/iana-ipv4-special-registry and
/// https://www.iana.org/assignments/iana-ipv6-special-registry, both as last updated on 2025-10-09; multicast from
/// RFC 5771 and RFC 4291; and, since IANA allocates global unicast from 2000::/3 only
/// (https://www.iana.org/assignments/ipv6-address-space), all of IPv6 outside of it.
/// </summary>
public static class SpecialPurpose
{
    private static readonly Lazy<ImmutableArray<SpecialPurposeBlock>> s_blocks
        = new(static () => [.. SpecialPurposeTable.Registry(), .. SpecialPurposeTable.Unallocated()]);

    private static readonly Lazy<PrefixSet> s_notPublic = new(MakeNotPublic);

    /// <summary>All blocks: the IPv4 registry, the IPv6 registry, then multicast and what is outside of global unicast.</summary>
    public static ImmutableArray<SpecialPurposeBlock> Blocks => s_blocks.Value;

    /// <summary>
    /// Every address that is not globally reachable. A reachable block inside of one that is not (such as
    /// 192.0.0.9/32 in 192.0.0.0/24) is left out; what the registry leaves open (6to4, Teredo) is in. 64:ff9b::/96,
    /// reachable by the registry, is in too: it is outside of 2000::/3, and allowing it would allow all of IPv4.
    /// </summary>
    public static PrefixSet NotPublic => s_notPublic.Value;

    /// <summary>The first block that is not globally reachable and shares an address with the prefix; null when all of it is public.</summary>
    public static SpecialPurposeBlock? FindOverlap(IpPrefix prefix)
    {
        if (!NotPublic.Overlaps(prefix))
        {
            return null;
        }

        foreach (var block in Blocks)
        {
            if (block.GloballyReachable != true && block.Prefix.Overlaps(prefix))
            {
                return block;
            }
        }

        return null;
    }

    private static PrefixSet MakeNotPublic()
    {
        var registry = SpecialPurposeTable.Registry();
        var open = PrefixSet.Of(registry.Where(static block => block.GloballyReachable == true).Select(static block => block.Prefix));
        var closed = PrefixSet.Of(registry.Where(static block => block.GloballyReachable != true).Select(static block => block.Prefix));
        return closed.Except(open).Union(PrefixSet.Of(SpecialPurposeTable.Unallocated().Select(static block => block.Prefix)));
    }
}
