using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Firewalld;

/// <summary>Turns what firewalld answers (1.3.3; firewalld.dbus(5)) into what it means. An answer of another shape is a failure, never an absence. Pure.</summary>
internal static class FirewalldReader
{
    public static string Text(ImmutableArray<BusValue> answer) => answer is [BusText text] ? text.Text
        : answer is [BusVariant { Value: BusText inner }] ? inner.Text
        : throw Odd("a text");

    public static string Path(ImmutableArray<BusValue> answer) => answer is [BusPath path] ? path.Path : throw Odd("the path of an object");

    public static bool Flag(ImmutableArray<BusValue> answer) => answer is [BusFlag flag] ? flag.IsSet : throw Odd("yes or no");

    public static ImmutableArray<string> Texts(ImmutableArray<BusValue> answer) => answer is [var list] ? Texts(list) : throw Odd("a list of texts");

    public static ImmutableArray<string> Keys(ImmutableArray<BusValue> answer) => answer is [BusMap map] ? [.. map.Items.Keys] : throw Odd("a map");

    /// <summary>A set: <c>(ssssa{ss}as)</c>, version, short, description, type, options, entries.</summary>
    public static RawSet Set(ImmutableArray<BusValue> answer)
    {
        var fields = answer is [BusStruct { Fields: { Length: 6 } inner }] ? inner : answer;
        return fields is [BusText, BusText, BusText description, BusText type, BusMap options, var entries]
            ? new RawSet(description.Text, type.Text, options.Items.ToImmutableSortedDictionary(item => item.Key, item => Text([item.Value]), StringComparer.Ordinal), Texts(entries))
            : throw Odd("the settings of a set");
    }

    /// <summary>A policy: <c>a{sv}</c>.</summary>
    public static RawPolicy Policy(ImmutableArray<BusValue> answer) => answer is [BusMap map]
        ? new RawPolicy(
            TextOf(map, "description"),
            TextsOf(map, "ingress_zones"),
            TextsOf(map, "egress_zones"),
            map.Items.GetValueOrDefault("priority") is BusVariant { Value: BusNumber priority } ? priority.Number : 0,
            TextOf(map, "target"),
            TextsOf(map, "rich_rules"))
        : throw Odd("the settings of a policy");

    /// <summary>The rich rules of a zone's settings: <c>a{sv}</c>; a zone without one leaves the key out.</summary>
    public static ImmutableArray<string> ZoneRules(ImmutableArray<BusValue> answer) => answer is [BusMap map] && map.Items.ContainsKey("target") ? TextsOf(map, "rules_str") : throw Odd("the settings of a zone");

    /// <summary>A set under a name of ours; throws when it is a stranger's.</summary>
    public static OwnSet Own((string Name, IpFamily Family, bool IsSpare) name, RawSet raw, FirewalldMark mark, string side)
    {
        if (mark.PlaceIn(raw.Description) is not { } place)
        {
            throw Taken($"{side} set", name.Name, $"type {raw.Type}, {raw.Entries.Length} entries, description `{Short(raw.Description)}`", mark);
        }

        var family = raw.Options.GetValueOrDefault("family", "inet") == "inet6" ? IpFamily.IPv6 : IpFamily.IPv4;
        var isSound = raw.Type == "hash:net" && family == name.Family && raw.Options.GetValueOrDefault("timeout", "0") == "0";
        return new OwnSet(name.Name, name.Family, name.IsSpare, isSound, isSound ? Prefixes(raw.Entries) : PrefixSet.Empty, place);
    }

    /// <summary>What is ours in a place, and what of others uses a set of ours.</summary>
    public static (ImmutableArray<PlacedRule> Own, ImmutableArray<string> Borrowers) Rules(FirewalldPlace place, ImmutableArray<string> rules, FirewalldMark mark)
    {
        var read = rules.Select(rule => (Text: rule, Own: OwnRichRule.Read(rule, mark))).ToList();
        return (
            [.. read.Where(rule => rule.Own is not null).Select(rule => new PlacedRule(place, rule.Own!))],
            [.. read.Where(rule => rule.Own is null && OwnRichRule.Mentions(rule.Text, mark)).Select(rule => $"{place}: {rule.Text}")]);
    }

    /// <summary>For a name of ours that a stranger holds.</summary>
    public static ProviderException Taken(string what, string name, string who, FirewalldMark mark) => new(
        FailureKind.Conflict,
        Aftermath.Untouched,
        $"the {what} {name} is somebody else's ({who}): it does not carry our mark `{mark.Comment}`; nothing was changed",
        "rename it or delete it; or give this target another name or `owner` in our configuration");

    /// <summary>For an answer of another shape.</summary>
    public static ProviderException Odd(string expected) => new(
        FailureKind.Protocol, Aftermath.Untouched, $"firewalld answered something that is not {expected}; nothing was changed", "this version of firewalld is not known to us: please report it together with `firewall-cmd --version`");

    private static PrefixSet Prefixes(ImmutableArray<string> entries)
    {
        var prefixes = new List<IpPrefix>(entries.Length);
        foreach (var entry in entries)
        {
            prefixes.Add(IpPrefix.TryParse(entry, out var prefix) ? prefix : throw Odd($"a prefix (it says `{Short(entry)}`)"));
        }

        return PrefixSet.Of(prefixes);
    }

    private static string TextOf(BusMap map, string key) => map.Items.GetValueOrDefault(key) is BusVariant { Value: BusText text } ? text.Text : "";

    private static ImmutableArray<string> TextsOf(BusMap map, string key) => map.Items.GetValueOrDefault(key) is BusVariant { Value: var list } ? Texts(list) : [];

    private static ImmutableArray<string> Texts(BusValue value)
    {
        if (value is not BusList list)
        {
            throw Odd("a list of texts");
        }

        var texts = ImmutableArray.CreateBuilder<string>(list.Items.Length);
        foreach (var item in list.Items)
        {
            texts.Add(item is BusText text ? text.Text : throw Odd("a list of texts"));
        }

        return texts.MoveToImmutable();
    }

    private static string Short(string text) => text.Length > 60 ? text[..60] + "..." : text;
}
