using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Reachability.Tests.Kernel.Generating;

/// <summary>A rule set, as texts for the tools that load it.</summary>
/// <param name="Name">Kind and seed: enough to make it again.</param>
/// <param name="Loads">The texts, in the order of loading.</param>
/// <param name="Mentioned">The ranges at whose ends it can change its mind.</param>
/// <param name="Families">Whose packets are worth trying.</param>
internal sealed record GeneratedRuleSet(string Name, ImmutableArray<Load> Loads, ImmutableArray<IpRange> Mentioned, ImmutableArray<IpFamily> Families)
{
    /// <summary>Set when what it does depends on rates, counts or chance: the kernel's answer is then one of several.</summary>
    public bool HasRates { get; init; }

    public override string ToString() => $"{Name}\n{string.Join('\n', Loads)}";
}

/// <summary>A text for one tool.</summary>
internal sealed record Load(LoadKind Kind, string Text)
{
    public override string ToString() => $"### {Kind}\n{Text}";
}

/// <summary>The tool.</summary>
internal enum LoadKind
{
    Ipset,
    IptablesLegacy,
    IptablesNft,
    Ip6tablesLegacy,
    Ip6tablesNft,
    Nft,
}

/// <summary>What a rule set is made of.</summary>
internal enum RuleSetKind
{
    Iptables,
    Ip6tables,
    Nft,
    Mixed,
}
