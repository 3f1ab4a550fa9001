using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Providers.Host.Iptables;

namespace AllowlistSync.Providers.Host.Tests.Iptables;

/// <summary>What iptables and ipset really printed, and a target of which it is.</summary>
internal static class IptablesGolden
{
    public static IptablesMark Mark { get; } = new("als-test/web", "allowlist-sync owner=als-test target=web");

    public static IptablesPlace Place { get; } = new(IptablesEngine.Nft, IpFamily.IPv4);

    public static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "golden", "iptables", name);

    public static byte[] Bytes(string name) => File.ReadAllBytes(Path(name));

    public static IptablesListing Listing(string name) => IptablesReader.Read(Bytes(name), "iptables-nft-save");

    public static PortSet Ports(params string[] texts) =>
        PortSet.Of(texts.Select(text => PortRange.TryParse(text, out var range) ? range : throw new FormatException(text)));

    public static PrefixSet Prefixes(params string[] texts) => PrefixSet.Of(texts.Select(IpPrefix.Parse));

    /// <summary>A state with one place, in which nothing of ours is but what is given.</summary>
    public static IptablesState State(PrefixForm form, PlaceState place, ImmutableArray<OwnSet>? sets = null) => new(
        form,
        sets ?? [new OwnSet(Mark.Set(IpFamily.IPv4), IpFamily.IPv4, null), new OwnSet(Mark.Set(IpFamily.IPv6), IpFamily.IPv6, null)],
        [],
        [place])
    { SetDigest = "" };

    public static PlaceState Empty(int? blocker) => PlaceReading.Read(Place, IptablesReader.Read("*filter\n:INPUT DROP [0:0]\n-A INPUT -i lo -j ACCEPT\n-A INPUT -p tcp -j DROP\nCOMMIT\n"u8.ToArray(), "x"), "INPUT", Mark, blocker, isServed: true);
}
