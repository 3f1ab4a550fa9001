using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Iptables;

namespace AllowlistSync.Providers.Host.BtPanel;

/// <summary>Reads the panel's chains, its sets and its files. Pure.</summary>
public static class BtPanelReader
{
    /// <summary>The panel's chain for addresses (script/init_firewall.sh).</summary>
    public const string Chain = "IN_BT_user_ip";

    /// <summary>The panel's set of whom it keeps out; asked ahead of the one of whom it lets in.</summary>
    public const string DropSet = "in_bt_user_drop_ipset";

    private const string Top = "IN_BT";

    /// <summary>Reads <c>iptables-save -t filter</c> and <c>ipset save</c>.</summary>
    public static BtPanelState Read(ReadOnlyMemory<byte> rules, ReadOnlySpan<byte> sets, BtPanelMark mark, BtPanelSaved? saved)
    {
        ArgumentNullException.ThrowIfNull(mark);
        if (rules.IsEmpty)
        {
            throw IptablesErrors.NotUnderstood("iptables-save -t filter", "nothing");
        }

        var listing = IptablesReader.Read(rules, "iptables-save -t filter");
        if (!listing.Chains.ContainsKey(Chain))
        {
            throw saved is null
                ? new ProviderException(FailureKind.Unavailable, Aftermath.Untouched, $"the panel is not installed on this host: neither chain {Chain} nor its BT-FirewallServices.py is there; nothing was changed", "install aaPanel or BT, or use the provider of the firewall that is in use")
                : new ProviderException(FailureKind.Unavailable, Aftermath.Untouched, $"chain {Chain} is not there: the panel's firewall is not set up, or something took it away; nothing was changed", "open the panel's firewall page once, or run its script/init_firewall.sh");
        }

        var known = IpsetReader.Read(sets, [mark.Set, mark.NewSet, DropSet]);
        if (known.GetValueOrDefault(mark.Set) is { } ours && (ours.Type != "hash:net" || ours.Family != "inet" || ours.Forgets || ours.HasExceptions))
        {
            throw new ProviderException(FailureKind.Conflict, Aftermath.Untouched, $"set {mark.Set} has the name of ours and is none that we make; nothing was changed", "rename it, or give this target another name or owner");
        }

        var chain = listing.RulesOf(Chain);
        return new BtPanelState(known.GetValueOrDefault(mark.Set), known.ContainsKey(mark.NewSet), Own(chain, mark), chain, Drops(sets), Leads(listing, "INPUT", Top) && Leads(listing, Top, Chain), saved);
    }

    /// <summary>Reads the panel's files of sets and rules for the next boot.</summary>
    public static BtPanelSaved ReadSaved(string script, string python, string? sets, string? rules, BtPanelMark mark)
    {
        ArgumentNullException.ThrowIfNull(mark);
        var prefix = $"-A {Chain} ";
        return new BtPanelSaved(
            script,
            python,
            SavedSources(sets, mark),
            [.. (rules ?? "").Split('\n').Where(line => line.StartsWith(prefix, StringComparison.Ordinal) && line.Contains(mark.Rules.Match, StringComparison.Ordinal)).Select(line => line[prefix.Length..])]);
    }

    // A file that is not whole is not what is in the kernel: then it is saved anew.
    private static PrefixSet? SavedSources(string? sets, BtPanelMark mark)
    {
        try
        {
            return sets is null ? null : IpsetReader.Read(Encoding.UTF8.GetBytes(sets), [mark.Set]).GetValueOrDefault(mark.Set)?.Matches;
        }
        catch (ProviderException)
        {
            return null;
        }
    }

    private static ImmutableArray<BtPanelRule> Own(ImmutableArray<string> chain, BtPanelMark mark) =>
        [.. chain.Where(rule => rule.Contains(mark.Rules.Match, StringComparison.Ordinal)).Select(rule => new BtPanelRule(rule, AcceptRule.Read(rule, mark.Rules, IpFamily.IPv4) is { } own && own.Set == mark.Set ? own : null))];

    private static bool Leads(IptablesListing listing, string from, string to) => listing.RulesOf(from).Any(rule => rule == $"-j {to}");

    private static ImmutableArray<BtPanelDrop> Drops(ReadOnlySpan<byte> sets)
    {
        var start = $"add {DropSet} ";
        var drops = ImmutableArray.CreateBuilder<BtPanelDrop>();
        foreach (var range in sets.Split((byte)'\n'))
        {
            var line = Encoding.UTF8.GetString(sets[range]);
            if (line.StartsWith(start, StringComparison.Ordinal) && line[start.Length..].Split(' ') is [var element, .. var more] && IpPrefix.TryParse(element, out var prefix) && !more.Contains("nomatch"))
            {
                drops.Add(new BtPanelDrop(prefix, element, Array.IndexOf(more, "timeout") is >= 0 and var at && at + 1 < more.Length && long.TryParse(more[at + 1], NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : 0));
            }
        }

        return drops.ToImmutable();
    }
}
