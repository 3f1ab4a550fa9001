using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Iptables;

namespace AllowlistSync.Providers.Host.BtPanel;

/// <summary>What is to be done, in this order: fill our set, change our rules, lift bans, take away what is not asked any more. A part that has nothing to do is empty.</summary>
/// <param name="Fill">A script of ipset.</param>
/// <param name="Rules">A script of iptables-restore.</param>
/// <param name="Lift">A script of ipset.</param>
/// <param name="TakeAway">A script of ipset.</param>
internal sealed record BtPanelScripts(string Fill, string Rules, string Lift, string TakeAway)
{
    /// <summary>True when there is nothing to do.</summary>
    public bool IsEmpty => Fill.Length + Rules.Length + Lift.Length + TakeAway.Length == 0;
}

/// <summary>Writes scripts of ipset and iptables. Pure.</summary>
internal static class BtPanelWriter
{
    /// <summary>The scripts that let in exactly this traffic and lift these bans.</summary>
    public static BtPanelScripts Scripts(BtPanelMark mark, BtPanelState now, TrafficSet traffic, ImmutableArray<Ban> lift)
    {
        var sources = traffic.Only(IpFamily.IPv4).Sources;
        var texts = traffic.IsEmpty ? [] : AcceptRule.ForSet(mark.Set, FamilyPorts.Of(traffic, IpFamily.IPv4, "the panel's chain gets one set of ours"), beforeTranslation: false).Select(rule => rule.Text(mark.Rules)).ToImmutableArray();
        return new BtPanelScripts(traffic.IsEmpty ? "" : Fill(mark, now, sources), Rules(now, texts), Lift(now, lift), TakeAway(mark, now, traffic.IsEmpty));
    }

    // A set that is asked is never emptied: a new one is filled and takes its place in one step.
    private static string Fill(BtPanelMark mark, BtPanelState now, PrefixSet sources)
    {
        var script = new StringBuilder();
        if (now.Set is { } set && set.Matches.Equals(sources))
        {
            return "";
        }

        if (now.HasUnfinished)
        {
            script.Append(CultureInfo.InvariantCulture, $"destroy {mark.NewSet}\n");
        }

        if (now.Set is null)
        {
            IpsetWriter.Write(script, mark.Set, IpFamily.IPv4, sources);
        }
        else
        {
            IpsetWriter.Write(script, mark.NewSet, IpFamily.IPv4, sources);
            script.Append(CultureInfo.InvariantCulture, $"swap {mark.NewSet} {mark.Set}\ndestroy {mark.NewSet}\n");
        }

        return script.ToString();
    }

    // Right behind the panel's drop set, which comes first by the panel's design, and ahead of all else.
    private static string Rules(BtPanelState now, ImmutableArray<string> wanted)
    {
        if (now.Rules.Select(rule => rule.Text).SequenceEqual(wanted, StringComparer.Ordinal))
        {
            return "";
        }

        var others = now.Chain.RemoveRange(now.Rules.Select(rule => rule.Text));
        var place = others.IndexOf(others.FirstOrDefault(rule => rule.Contains($"--match-set {BtPanelReader.DropSet} src", StringComparison.Ordinal)) ?? "") + 2;
        var script = new StringBuilder("*filter\n");
        foreach (var rule in now.Rules)
        {
            script.Append(CultureInfo.InvariantCulture, $"-D {BtPanelReader.Chain} {rule.Text}\n");
        }

        foreach (var (index, rule) in wanted.Index())
        {
            script.Append(CultureInfo.InvariantCulture, $"-I {BtPanelReader.Chain} {place + index} {rule}\n");
        }

        return script.Append("COMMIT\n").ToString();
    }

    private static string Lift(BtPanelState now, ImmutableArray<Ban> lift)
    {
        var prefixes = lift.Select(ban => ban.Prefix).ToHashSet();
        return string.Concat(now.Drops.Where(drop => prefixes.Contains(drop.Prefix)).Select(drop => $"del {BtPanelReader.DropSet} {drop.Element}\n"));
    }

    private static string TakeAway(BtPanelMark mark, BtPanelState now, bool leavesNothing) => !leavesNothing
        ? ""
        : (now.Set is null ? "" : $"destroy {mark.Set}\n") + (now.HasUnfinished ? $"destroy {mark.NewSet}\n" : "");
}
