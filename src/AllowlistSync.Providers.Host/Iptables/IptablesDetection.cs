using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Iptables;

/// <summary>Looks for rules of iptables on a host. Changes nothing: <c>iptables-save</c> of neither engine makes a table.</summary>
internal static class IptablesDetection
{
    private const string DockerChain = "DOCKER-USER";

    // Who makes a chain with such a name rebuilds the whole table as he likes, and has a provider of his own.
    private static readonly ImmutableArray<(string Chain, string Owner)> Managers =
        [("ufw-before-input", "ufw"), ("ufw6-before-input", "ufw"), ("INPUT_direct", "firewalld"), ("INPUT_ZONES", "firewalld"), ("ALLOWIN", "CSF"), ("LOCALINPUT", "CSF")];

    /// <summary>What is there.</summary>
    public static async ValueTask<Detection> DetectAsync(IHost host, CancellationToken cancellationToken) =>
        Describe(await ReadAsync(new IptablesTool(host), cancellationToken));

    private static async ValueTask<ImmutableArray<EngineTable>> ReadAsync(IptablesTool tool, CancellationToken cancellationToken)
    {
        var tables = ImmutableArray.CreateBuilder<EngineTable>();
        foreach (var place in from family in new[] { IpFamily.IPv4, IpFamily.IPv6 } from engine in new[] { IptablesEngine.Nft, IptablesEngine.Legacy } select new IptablesPlace(engine, family))
        {
            if (await tool.ReadAsync(place, isFresh: false, cancellationToken) is { } listing)
            {
                tables.Add(new EngineTable(place, listing));
            }
        }

        return tables.Count > 0
            ? tables.ToImmutable()
            : throw new ProviderException(FailureKind.Unavailable, Aftermath.Untouched, "iptables is not installed", "install it if this host shall be filtered with it");
    }

    private static Detection Describe(ImmutableArray<EngineTable> tables)
    {
        var filtering = tables.Where(table => Filters(table.Listing)).ToList();
        var docker = tables.Where(table => table.Listing.RulesOf(DockerChain).Any(rule => rule != "-j RETURN")).ToList();
        var managers = Managers.Where(manager => tables.Any(table => table.Listing.Chains.ContainsKey(manager.Chain))).Select(manager => manager.Owner).Distinct(StringComparer.Ordinal).ToList();
        var containers = docker.Count == 0 ? ImmutableArray<TargetProposal>.Empty : [Propose("containers", DockerChain, $"chain {DockerChain} of {Names(docker)} filters what reaches published ports of containers")];
        if (filtering.Count == 0)
        {
            return new Detection(docker.Count > 0, "no chain INPUT of iptables filters what comes in: nothing here blocks Cloudflare", containers);
        }

        var policies = string.Join(", ", filtering.Select(table => $"{table.Place} (policy {table.Listing.Chains["INPUT"].Policy}, {table.Listing.RulesOf("INPUT").Length} rules)"));
        return managers.Count > 0
            ? new Detection(docker.Count > 0, $"what comes in is filtered by {policies}, and those rules are made by {string.Join(" and ", managers)}: use its own provider", containers)
            : new Detection(Found: true, $"what comes in is filtered by {policies}", [Propose("web", "INPUT", $"chain INPUT of {Names(filtering)} filters what comes in"), .. containers]);
    }

    private static bool Filters(IptablesListing listing) => listing.Chains.TryGetValue("INPUT", out var input) && (input.Policy != "ACCEPT" || !input.Rules.IsEmpty);

    private static string Names(IEnumerable<EngineTable> tables) => string.Join(" and ", tables.Select(table => table.Place));

    private static TargetProposal Propose(string name, string chain, string comment) =>
        new(name, new ProviderSettings { Values = ProviderSettings.None.Values.Add("chain", chain) }, comment);
}
