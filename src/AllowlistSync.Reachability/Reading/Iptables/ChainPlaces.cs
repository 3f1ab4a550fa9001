using System.Collections.Frozen;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Iptables;

/// <summary>Where the chains of iptables' tables hang on the packet path, with the priorities of linux/netfilter_ipv4.h.</summary>
internal static class ChainPlaces
{
    private static readonly FrozenDictionary<string, Hook> Hooks = new Dictionary<string, Hook>
    {
        ["PREROUTING"] = Hook.Prerouting,
        ["INPUT"] = Hook.Input,
        ["FORWARD"] = Hook.Forward,
        ["OUTPUT"] = Hook.Output,
        ["POSTROUTING"] = Hook.Postrouting,
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, (int Priority, string[] Chains)> Tables = new Dictionary<string, (int, string[])>
    {
        ["raw"] = (-300, ["PREROUTING", "OUTPUT"]),
        ["mangle"] = (-150, ["PREROUTING", "INPUT", "FORWARD", "OUTPUT", "POSTROUTING"]),
        ["nat"] = (-100, ["PREROUTING", "INPUT", "OUTPUT", "POSTROUTING"]),
        ["filter"] = (0, ["INPUT", "FORWARD", "OUTPUT"]),
        ["security"] = (50, ["INPUT", "FORWARD", "OUTPUT"]),
    }.ToFrozenDictionary();

    /// <summary>Whether iptables has such a table.</summary>
    internal static bool IsTable(string name) => Tables.ContainsKey(name);

    /// <summary>The chains that the kernel makes in a table.</summary>
    internal static IReadOnlyList<string> ChainsOf(string table) => Tables[table].Chains;

    /// <summary>The place of a chain that the kernel makes; null for a chain of a user.</summary>
    internal static BaseChain? Of(string table, string chain, string? policy)
    {
        var (priority, chains) = Tables[table];
        if (!chains.Contains(chain))
        {
            return null;
        }

        var hook = Hooks[chain];
        var isNat = table == "nat";
        return new(isNat ? ChainType.Nat : ChainType.Filter, hook, isNat && (hook is Hook.Input or Hook.Postrouting) ? 100 : priority, policy == "DROP");
    }
}
