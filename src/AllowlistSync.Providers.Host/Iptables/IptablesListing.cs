using System.Collections.Immutable;

namespace AllowlistSync.Providers.Host.Iptables;

/// <summary>A chain as iptables-save prints it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Policy">ACCEPT or DROP; null for a chain that is only jumped to.</param>
/// <param name="Rules">Its rules in order, each without <c>-A CHAIN</c>.</param>
public sealed record SavedChain(string Name, string? Policy, ImmutableArray<string> Rules);

/// <summary>The filter table of one place, as iptables-save prints it.</summary>
/// <param name="Content">The bytes as they came.</param>
/// <param name="Chains">Its chains by name; none when there is no such table.</param>
/// <param name="OtherSetRules">Rules of other tables that ask a set.</param>
public sealed record IptablesListing(ReadOnlyMemory<byte> Content, ImmutableDictionary<string, SavedChain> Chains, ImmutableArray<string> OtherSetRules)
{
    /// <summary>What the programs of the place are called here, such as <c>ip6tables-nft</c>, or <c>ip6tables</c> where there is only one engine.</summary>
    public string Programs { get; init; } = "";

    /// <summary>True when the tool says that the other engine holds tables as well.</summary>
    public bool HasLegacyTables { get; init; }

    /// <summary>True when the tool says that the table holds base chains that only nft can show.</summary>
    public bool HasNativeChains { get; init; }

    /// <summary>The rules of a chain; none when it is not there.</summary>
    public ImmutableArray<string> RulesOf(string chain) => Chains.TryGetValue(chain, out var found) ? found.Rules : [];
}
