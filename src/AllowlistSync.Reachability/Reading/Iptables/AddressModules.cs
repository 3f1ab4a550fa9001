using System.Globalization;
using System.Text;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Iptables;

/// <summary>iprange, mac, pkttype, mark, connmark, set and comment (iptables-extensions(8)).</summary>
internal static class AddressModules
{
    /// <summary>The modules.</summary>
    internal static IEnumerable<MatchModule> All { get; } =
    [
        MatchModule.Of("iprange", ("src-range", (option, context) => Range(option, context, context.Source)), ("dst-range", (option, context) => Range(option, context, context.Destination))),
        MatchModule.Of("mac", ("mac-source", (option, _) => Mac(option))),
        MatchModule.Of("pkttype", ("pkt-type", (option, _) => PacketType(option))),
        MatchModule.Of("mark", ("mark", (option, _) => Mark(option, Field.Mark))),
        MatchModule.Of("connmark", ("mark", (option, _) => Mark(option, Field.ConnectionMark))),
        MatchModule.Of("comment", ("comment", (_, _) => FixedCondition.Always)) with { MayBeBare = true },
        MatchModule.Of(
            "set",
            ("match-set set", (option, context) => Set(option, context)),
            ("update-counters update-subcounters", (_, _) => FixedCondition.Always),
            ("return-nomatch", (option, _) => MatchModule.Unknown(option)),
            ("packets-eq packets-lt packets-gt bytes-eq bytes-lt bytes-gt", (option, _) => new UnknownCondition(option.ToString(), UnknownReason.Rate))),
    ];

    /// <summary>Reads six bytes with colons as a number of 48 bits.</summary>
    internal static bool TryMac(string text, out ulong address)
    {
        address = 0;
        var parts = text.Split(':');
        foreach (var part in parts)
        {
            if (!byte.TryParse(part, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var octet))
            {
                return false;
            }

            address = (address << 8) | octet;
        }

        return parts.Length == 6;
    }

    private static FieldCondition? Range(MatchOption option, IptablesContext context, Field field)
    {
        var parts = option.Value?.Split('-') ?? [];
        return parts.Length is 1 or 2
            && AddressText.TryAddress(Encoding.UTF8.GetBytes(parts[0]), context.Family, out var first)
            && AddressText.TryAddress(Encoding.UTF8.GetBytes(parts[^1]), context.Family, out var last)
            ? new(field, first <= last ? NumberSet.Of(first, last) : NumberSet.Empty, option.IsNegated)
            : null;
    }

    private static FieldCondition? Mac(MatchOption option) =>
        option.Value is { } text && TryMac(text, out var address) ? new(Field.EtherSource, NumberSet.Of(address), option.IsNegated) : null;

    private static FieldCondition? PacketType(MatchOption option)
    {
        int? type = option.Value?.ToUpperInvariant() switch { "UNICAST" or "HOST" => 0, "BROADCAST" or "BCAST" => 1, "MULTICAST" or "MCAST" => 2, "OTHERHOST" => 3, _ => null };
        return type is { } number ? new(Field.PacketType, NumberSet.Of((UInt128)number), option.IsNegated) : null;
    }

    private static FieldCondition? Mark(MatchOption option, Field field)
    {
        if (option.Value is not { } text || !Numbers.TryMasked(text, out var value, out var mask))
        {
            return null;
        }

        var condition = new FieldCondition(field, NumberSet.Of(value), option.IsNegated);
        return mask == uint.MaxValue ? condition : condition with { Mask = mask };
    }

    private static Condition? Set(MatchOption option, IptablesContext context) =>
        option.Values is [var name, var directions] ? context.Sets.Match(name, directions, option.IsNegated, context.Family) : null;
}
