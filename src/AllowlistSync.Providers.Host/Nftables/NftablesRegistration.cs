using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Nftables;

/// <summary>What this provider is, and how it is found on a host.</summary>
public static class NftablesRegistration
{
    /// <summary>What it is.</summary>
    public static ProviderDescriptor Descriptor { get; } = new()
    {
        Name = NftablesProvider.ProviderName,
        Summary = "nftables of the kernel: a chain and two sets of our own in your table, or your own sets kept filled",
        Atomicity = Atomicity.Transaction,
        IsBelowManagers = true,
        Features = ["hitless", "preflight", "snapshot", "ipv4", "ipv6", "tcp", "udp", "placement", "foreign-elements"],
        Limits = [new Limit("nft-name", "characters of a name of a set or chain", 255, "NFT_NAME_MAXLEN in include/uapi/linux/netfilter/nf_tables.h", new DateOnly(2026, 11, 21))],
        Settings = NftablesOptions.Fields,
        Gaps =
        [
            new DeclaredGap("L2", "rule way: our own sets are made without a size, so there is no limit to exceed"),
            new DeclaredGap("S5", "nothing is written to /etc/nftables.conf: after a reload or a reboot the next run puts it back"),
            new DeclaredGap("A6", "set way: ports are decided by the operator's own rule that names the set"),
            new DeclaredGap("O2", "set way: a set of the operator has one keeper; its elements carry no owner"),
            new DeclaredGap("O4", "set way: where the set is used is the operator's own rule"),
        ],
    };

    /// <summary>The line of the table.</summary>
    public static ProviderRegistration Line { get; } = new(
        Descriptor, NftablesOptions.Check, (settings, place) => new NftablesProvider(NftablesOptions.From(settings), place), DetectAsync)
    {
        Watches = _ => [ProgramWatch.NftMonitor],
    };

    private static async ValueTask<Detection> DetectAsync(IHost host, CancellationToken cancellationToken) =>
        Describe(await new NftTool(host).ReadRulesetAsync(cancellationToken));

    private static Detection Describe(NftRuleset ruleset)
    {
        var inputs = ruleset.Chains.Where(chain => chain is { Hook: "input", Type: "filter" }).ToList();
        var usable = inputs.Where(chain => chain.Table.Family is "inet" or "ip" or "ip6" && !IsManagedByAnother(ruleset, chain)).ToList();
        var summary = (inputs.Count, usable.Count) switch
        {
            (0, _) => $"{ruleset.Tables.Length} tables, and no chain filters what comes in: nothing here blocks Cloudflare",
            (_, 0) => $"the chains that filter what comes in ({string.Join(", ", inputs)}) belong to another tool",
            _ => $"what comes in is filtered by {string.Join(", ", inputs.Select(chain => $"{chain} (policy {chain.Policy})"))}",
        };
        return new Detection(inputs.Count > 0, summary, [.. usable.Select((chain, index) => Propose(chain, usable.Count == 1 ? "web" : $"web-{index + 1}"))]);
    }

    private static TargetProposal Propose(NftChain chain, string name) => new(
        name,
        new ProviderSettings { Values = ProviderSettings.None.Values.Add("table", chain.Table.ToString()).Add("chain", chain.Name) },
        $"chain {chain} filters what comes in, policy {chain.Policy}");

    // iptables-nft and firewalld rebuild their tables as they like: a rule of ours in there would be lost or in their way.
    private static bool IsManagedByAnother(NftRuleset ruleset, NftChain chain) =>
        chain.Table.Name == "firewalld" || IptablesNft.Owns(ruleset, chain);
}
