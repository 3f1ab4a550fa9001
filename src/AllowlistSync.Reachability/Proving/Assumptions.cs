using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Paths;

namespace AllowlistSync.Reachability.Proving;

/// <summary>What a proof takes for granted, since no rule set shows it.</summary>
public static class Assumptions
{
    /// <summary>Stands for what <see cref="Collecting.HostLook"/> says of the port when it looked.</summary>
    public const string Listener = "a service listens on the port";

    /// <summary>Stands for the rest of what <see cref="Collecting.HostLook"/> says.</summary>
    public const string NothingElse = "nothing beyond these rules drops packets: rp_filter, XDP and tc programs, cgroup programs, ipsec policies, IPVS, a full connection table, a firewall in front of the host";

    internal static ImmutableArray<string> Of(RuleSet ruleSet, RuleSetFacts facts, Question question)
    {
        var list = ImmutableArray.CreateBuilder<string>();
        foreach (var family in new[] { IpFamily.IPv4, IpFamily.IPv6 }.Where(family => question.Sources.PrefixCount(family) > 0))
        {
            list.Add(question.Interface is { } given ? $"{family} packets come through {given}"
                : ruleSet.Host.DefaultInterface(family) is { } way ? $"{family} packets come through {way}, the interface of the default route"
                : $"{family}: the interface is not known; a rule bound to one is neither true nor false");
        }

        list.AddRange(facts.EmptyLists.Order(StringComparer.Ordinal).Select(name => $"the list {name} of recent addresses is empty: no rule fills it, and nobody writes to /proc/net/xt_recent/{name}"));
        list.Add("visitors' packets are well formed, not fragmented, and come from ports 1024-65535");
        list.Add(Listener);
        list.Add(NothingElse);
        return list.ToImmutable();
    }
}
