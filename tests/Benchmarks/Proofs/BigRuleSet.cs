using System.Collections.Immutable;
using AllowlistSync.Reachability.Reading;

namespace AllowlistSync.Benchmarks.Proofs;

/// <summary>A long rule set: how to make it, load it and list it.</summary>
/// <param name="Name">For the table.</param>
/// <param name="Size">How many rules, elements or services.</param>
/// <param name="Write">Makes the scripts, in the order in which they are loaded.</param>
/// <param name="Dumps">What is listed afterwards.</param>
internal sealed record BigRuleSet(string Name, int Size, Func<int, ImmutableArray<LoadScript>> Write, ImmutableArray<DumpCommand> Dumps)
{
    private static readonly DumpCommand Json = new(DumpKind.NftJson, ["nft", "-j", "list", "ruleset"]);
    private static readonly DumpCommand Text = new(DumpKind.NftText, ["nft", "list", "ruleset"]);
    private static readonly DumpCommand LegacySave = new(DumpKind.IptablesLegacy, ["iptables-legacy-save"]);
    private static readonly DumpCommand NftSave = new(DumpKind.IptablesNft, ["iptables-nft-save"]);
    private static readonly DumpCommand Sets = new(DumpKind.Ipset, ["ipset", "save"]);
    private static readonly string[] LegacyRestore = ["iptables-legacy-restore"];
    private static readonly string[] NftRestore = ["iptables-nft-restore"];

    /// <summary>All that are measured.</summary>
    internal static ImmutableArray<BigRuleSet> All { get; } =
    [
        new("iptables-legacy, half of the bans inside", 100_000, size => [new(LegacyRestore, BigScripts.IptablesBans(size, inside: true))], [LegacySave]),
        new("iptables-legacy, all bans elsewhere", 100_000, size => [new(LegacyRestore, BigScripts.IptablesBans(size, inside: false))], [LegacySave]),
        new("iptables-nft, half of the bans inside", 100_000, size => [new(NftRestore, BigScripts.IptablesBans(size, inside: true))], [Json, Text, NftSave]),
        new("iptables-legacy with an ipset of bans", 100_000, size => [new(["ipset", "restore"], BigScripts.Ipset(size)), new(LegacyRestore, BigScripts.IpsetRules())], [LegacySave, Sets]),
        new("iptables-legacy with an ipset of bans", 1_000_000, size => [new(["ipset", "restore"], BigScripts.Ipset(size)), new(LegacyRestore, BigScripts.IpsetRules())], [LegacySave, Sets]),
        new("nft, rules of bans", 100_000, size => [new(["nft", "-f", "-"], BigScripts.NftBans(size))], [Json, Text]),
        new("nft, two sets and a map", 100_000, size => [new(["nft", "-f", "-"], BigScripts.NftSets(size))], [Json, Text]),
        new("nft, two sets and a map", 1_000_000, size => [new(["nft", "-f", "-"], BigScripts.NftSets(size))], [Json]),
        new("kube-proxy, services", 4_000, size => [new(LegacyRestore, KubeScript.Services(size))], [LegacySave]),
    ];
}

/// <summary>A script for the standard input of a tool.</summary>
/// <param name="Command">The tool.</param>
/// <param name="Text">The script.</param>
internal sealed record LoadScript(string[] Command, string Text);

/// <summary>A tool that lists.</summary>
/// <param name="Kind">What it prints.</param>
/// <param name="Command">The tool.</param>
internal sealed record DumpCommand(DumpKind Kind, string[] Command);
