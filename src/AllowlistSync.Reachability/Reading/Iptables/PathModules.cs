using System.Collections.Immutable;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Iptables;

/// <summary>rpfilter, physdev, recent and the modules for headers that TCP and UDP packets of a visitor do not have (iptables-extensions(8)).</summary>
internal static class PathModules
{
    /// <summary>The modules.</summary>
    internal static IEnumerable<MatchModule> All { get; } =
    [
        new("rpfilter", ["loose", "validmark", "accept-local", "invert"], ReversePath) { MayBeBare = true },
        new("physdev", ["physdev-in", "physdev-out", "physdev-is-in", "physdev-is-out", "physdev-is-bridged"], (options, _) => WithoutBridge(options)),
        new("recent", ["name", "set", "rcheck", "update", "remove", "seconds", "reap", "hitcount", "rttl", "rsource", "rdest", "mask"], (options, _) => Recent(options)),
        Header("icmp", 1, "icmp-type"),
        Header("icmp6", 58, "icmpv6-type"),
        Header("ah", 51, "ahspi", "ahlen", "ahres"),
        Header("esp", 50, "espspi"),
        Header("mh", 135, "mh-type"),
        Absent("frag", "fragid", "fraglen", "fragres", "fragfirst", "fragmore", "fraglast"),
        Absent("rt", "rt-type", "rt-segsleft", "rt-len", "rt-0-res", "rt-0-addrs", "rt-0-not-strict"),
        Absent("hbh", "hbh-len", "hbh-opts"),
        Absent("dst", "dst-len", "dst-opts"),
        new("ipv6header", ["header", "soft"], (options, _) => ExtensionHeaders(options)),
    ];

    private static Condition ReversePath(ImmutableArray<MatchOption> options, IptablesContext context)
    {
        var has = options.Select(option => option.Name).ToHashSet(StringComparer.Ordinal);
        var passes = new FieldCondition(Field.ReversePathOk, NumberSet.Of(1));
        var parts = ImmutableArray.Create<Condition>(passes);
        if (has.Contains("validmark"))
        {
            // The mark chooses the routing table; 0 is what every packet has that no rule marks.
            var unmarked = new FieldCondition(Field.Mark, NumberSet.Of(0));
            var marked = new AllOfCondition([unmarked with { IsNegated = true }, new UnknownCondition("rpfilter --validmark of a marked packet", UnknownReason.Host)]);
            parts = [new AllOfCondition([unmarked, passes]), marked];
        }

        if (has.Contains("loose") || has.Contains("accept-local"))
        {
            // Both only let more packets pass: what has its way back through this interface passes all the same.
            parts = parts.Add(new UnknownCondition("rpfilter " + string.Join(' ', options), UnknownReason.Host));
        }

        return parts.Length == 1 ? passes with { IsNegated = has.Contains("invert") } : new AnyOfCondition(parts, has.Contains("invert"));
    }

    /// <summary>A packet that came over no bridge port matches when every option is negated (xt_physdev.c).</summary>
    private static FixedCondition WithoutBridge(ImmutableArray<MatchOption> options) =>
        options.All(option => option.IsNegated) ? FixedCondition.Always : FixedCondition.Never;

    private static Condition? Recent(ImmutableArray<MatchOption> options)
    {
        // DEFAULT is the name that libxt_recent.c fills in.
        var name = options.FirstOrDefault(option => option.Name == "name") is { } given ? given.Value : "DEFAULT";
        var mode = options.Where(option => option.Name is "set" or "rcheck" or "update" or "remove").ToArray();
        return name is null || mode.Length != 1 ? null
            : mode[0].Name == "set" ? new ListFill(name, mode[0].IsNegated)
            : new ListLookup(name, "recent " + string.Join(' ', options), mode[0].IsNegated);
    }

    /// <summary>A module that looks into the header of one protocol: packets of another do not match, negated or not.</summary>
    private static MatchModule Header(string name, byte protocol, params ReadOnlySpan<string> options) => new(
        name,
        [.. options],
        (given, _) => given.IsEmpty ? Is(protocol) : new AllOfCondition([Is(protocol), new UnknownCondition($"{name} {string.Join(' ', given)}", UnknownReason.Packet)]))
    { MayBeBare = true };

    private static FieldCondition Is(byte protocol) => new(Field.Protocol, NumberSet.Of(protocol));

    /// <summary>A module for an extension header of IPv6 that packets of a visitor's connection do not have: it never holds.</summary>
    private static MatchModule Absent(string name, params ReadOnlySpan<string> options) => new(name, [.. options], (_, _) => FixedCondition.Never) { MayBeBare = true };

    /// <summary>
    /// Which extension headers a packet has; TCP and UDP count as <c>prot</c>. With --soft one of them is enough, else they must be exactly the given.
    /// A packet without any holds for <c>prot</c> alone.
    /// </summary>
    private static Condition? ExtensionHeaders(ImmutableArray<MatchOption> options)
    {
        if (options.FirstOrDefault(option => option.Name == "header") is not { Value: { } text } header)
        {
            return null;
        }

        var names = text.Split(',');
        var hasPayload = names.Any(name => name is "prot" or "proto" or "upper" or "255");
        if (hasPayload)
        {
            return new UnknownCondition("ipv6header " + string.Join(' ', options), UnknownReason.NotUnderstood);
        }

        return header.IsNegated ? FixedCondition.Always : FixedCondition.Never;
    }
}
