using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Nftables;

/// <summary>What a set of the operator must be like so that we can keep it.</summary>
internal static class OperatorSet
{
    /// <summary>Throws for a set that cannot hold prefixes of its family for good.</summary>
    public static void RequireUsable(FilledSet set)
    {
        var info = set.Info!;
        var type = set.Family == IpFamily.IPv4 ? "ipv4_addr" : "ipv6_addr";
        if (info.Type != type)
        {
            throw Unusable(info, $"has the type {info.Type}", $"a set for {set.Family} needs `type {type}`");
        }

        if (!info.Flags.Contains("interval"))
        {
            throw Unusable(info, "has no `flags interval`, so it holds single addresses only", "add `flags interval` to it in your rule set");
        }

        if (info.Flags.Contains("constant"))
        {
            throw Unusable(info, "is constant", "take `constant` out of its flags");
        }

        if (info.Timeout is { } seconds)
        {
            throw Unusable(info, $"forgets its elements after {seconds} s", "take the default `timeout` out of the set");
        }
    }

    /// <summary>For a set that nft merges: it would take away the comment or the timeout of an element that touches one of ours (seen with 1.0.6).</summary>
    public static ProviderException WouldMerge(NftSet set) =>
        Unusable(set, "has `auto-merge` and holds elements with a comment or a timeout of their own, which nft would merge away", "take `auto-merge` out of the set, or move those elements into a set of their own");

    /// <summary>What of others is in the sets, for the report.</summary>
    public static ImmutableArray<Finding> Foreign(NftState state) =>
    [
        .. state.Sets.Where(set => !set.Elements.Tagged.IsEmpty).Select(set => new Finding(
            "foreign-elements", Severity.Info, $"set {set.Name}: {set.Elements.Tagged.Length} elements carry a comment or a timeout of their own and are left alone", "")),
        .. state.Sets.Where(set => !set.Elements.Unread.IsEmpty).Select(set => new Finding(
            "unrecognised-elements", Severity.Warning, $"set {set.Name}: {set.Elements.Unread.Length} elements are neither address, prefix nor range and are left alone, first {set.Elements.Unread[0]}", "look at them with `nft list set`")),
    ];

    private static ProviderException Unusable(NftSet set, string what, string remedy) =>
        new(FailureKind.Unsupported, Aftermath.Untouched, $"set {set} {what}", remedy);
}
