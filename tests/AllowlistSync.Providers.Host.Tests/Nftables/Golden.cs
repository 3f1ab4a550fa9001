using AllowlistSync.Core.Desired;
using AllowlistSync.Providers.Host.Nftables;

namespace AllowlistSync.Providers.Host.Tests.Nftables;

/// <summary>What nft really printed.</summary>
internal static class Golden
{
    public static NftTable Table { get; } = new("inet", "filter");

    public static NftMark Mark { get; } = new("als-test/web", "allowlist-sync owner=als-test target=web");

    public static NftRuleset Ruleset { get; } = NftablesReader.ReadRuleset(Bytes("ruleset.terse.json"));

    public static string Path(string name) => System.IO.Path.Combine(AppContext.BaseDirectory, "golden", name);

    public static byte[] Bytes(string name) => File.ReadAllBytes(Path(name));

    public static NftSet Set(string name) => Ruleset.Set(Table, name)!;

    public static NftElements Elements(string name, string file) => NftElementReader.Read(Bytes(file), Set(name));

    public static PortSet Ports(params string[] texts) =>
        PortSet.Of(texts.Select(text => PortRange.TryParse(text, out var range) ? range : throw new FormatException(text)));
}
