using AllowlistSync.Reachability.Evaluating;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Paths;

/// <summary>One piece of work that a hook does to every packet: a base chain, connection tracking, or translation.</summary>
/// <param name="Priority">When.</param>
internal abstract record HookWork(int Priority)
{
    /// <summary>Whether its place among others of the same priority can change what becomes of a packet.</summary>
    public abstract bool IsOrderSensitive { get; }

    /// <summary>A base chain that is not of type nat.</summary>
    internal sealed record Chain(Table Table, Model.Chain Base, bool Writes) : HookWork(Base.Base!.Priority)
    {
        public override bool IsOrderSensitive => Writes;
    }

    /// <summary>Connection tracking.</summary>
    internal sealed record Conntrack() : HookWork(HookOrder.ConntrackPriority)
    {
        public override bool IsOrderSensitive => true;
    }

    /// <summary>All chains of type nat of a hook, one after the other.</summary>
    internal sealed record Nat(IReadOnlyList<(Table Table, Model.Chain Base)> Chains, int At) : HookWork(At)
    {
        public override bool IsOrderSensitive => Chains.Count > 0;
    }
}

/// <summary>In which order a hook does its work (reachability of priorities: nft(8), "Standard priority names").</summary>
internal static class HookOrder
{
    /// <summary>NF_IP_PRI_CONNTRACK.</summary>
    public const int ConntrackPriority = -200;

    // NF_IP_PRI_NAT_DST and NF_IP_PRI_NAT_SRC: nat chains run here whatever priority they name.
    private const int DestinationNat = -100;
    private const int SourceNat = 100;

    // With more of one priority that influence each other the orders are not tried out any more.
    private const int MaxTies = 4;

    /// <summary>The work, ascending by priority. What has the same priority is one group; the kernel runs the one that was registered last first, which no dump shows.</summary>
    public static IEnumerable<IReadOnlyList<HookWork>> Groups(RuleSetFacts facts, PacketContext context) =>
        Works(facts, context).GroupBy(work => work.Priority).OrderBy(group => group.Key).Select(group => group.Reverse().ToArray());

    /// <summary>The orders of a group that can make a difference; null when there are too many of them.</summary>
    public static IReadOnlyList<IReadOnlyList<HookWork>>? Orders(IReadOnlyList<HookWork> group) =>
        group.Count == 1 || !group.Any(work => work.IsOrderSensitive) ? [group]
        : group.Count > MaxTies ? null
        : [.. Permutations([.. group])];

    /// <summary>Whether a base chain sees the packet; null when its devices, or the packet's, are not known.</summary>
    public static bool? Sees(BaseChain chain, PacketContext context)
    {
        if (chain.Hook is not (Hook.Ingress or Hook.Egress))
        {
            return true;
        }

        var device = chain.Hook == Hook.Ingress ? context.Input : context.Output;
        return chain.Devices.IsDefault || device is null ? null : chain.Devices.Contains(device);
    }

    private static IEnumerable<HookWork> Works(RuleSetFacts facts, PacketContext context)
    {
        // The later ones of a dump are mostly the younger ones, and tables of nf_tables come after those of x_tables that a boot script loads.
        var chains = facts.BaseChains
            .Where(chain => chain.Base.Base!.Hook == context.Hook && !chain.Table.IsDormant && (chain.Table.Sees & context.Conversation.AsFamilies) != Families.None)
            .Where(chain => Sees(chain.Base.Base!, context) != false)
            .ToList();
        foreach (var (table, chain) in chains.Where(chain => chain.Base.Base!.Type != ChainType.Nat))
        {
            yield return new HookWork.Chain(table, chain, facts.Writes(table));
        }

        if (context.Hook is Hook.Prerouting or Hook.Output)
        {
            yield return new HookWork.Conntrack();
        }

        var nat = chains.Where(chain => chain.Base.Base!.Type == ChainType.Nat).Reverse().OrderBy(chain => chain.Base.Base!.Priority).ToList();
        if (nat.Count > 0 || context.Hook is Hook.Prerouting or Hook.Postrouting)
        {
            yield return new HookWork.Nat(nat, context.Hook is Hook.Prerouting or Hook.Output ? DestinationNat : SourceNat);
        }
    }

    private static IEnumerable<IReadOnlyList<HookWork>> Permutations(List<HookWork> works) => works.Count <= 1
        ? [works]
        : works.SelectMany(first => Permutations([.. works.Where(work => !ReferenceEquals(work, first))]).Select(rest => (IReadOnlyList<HookWork>)[first, .. rest]));
}
