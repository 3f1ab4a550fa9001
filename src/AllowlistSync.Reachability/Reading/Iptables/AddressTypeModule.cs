using System.Collections.Immutable;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Iptables;

/// <summary>
/// addrtype: of IPv4 the address's kind must be one of the given; of IPv6 it is a test of several bits, all of which must hold, but for those that
/// the routing table answers, of which one is enough (xt_addrtype.c).
/// </summary>
internal static class AddressTypeModule
{
    private const uint Unicast = 1;
    private const uint Multicast = 32;
    private const uint Unspecified = 64;

    /// <summary>What the routing table answers, as bits: local 2, anycast 4, unreachable 8.</summary>
    private const uint Looked = 2 | 4 | 8;

    private static readonly string[] Types = ["UNSPEC", "UNICAST", "LOCAL", "BROADCAST", "ANYCAST", "MULTICAST", "BLACKHOLE", "UNREACHABLE", "PROHIBIT", "THROW", "NAT", "XRESOLVE"];

    /// <summary>The module.</summary>
    internal static MatchModule Module { get; } = new("addrtype", ["src-type", "dst-type", "limit-iface-in", "limit-iface-out"], Read);

    private static Condition Read(ImmutableArray<MatchOption> options, IptablesContext context)
    {
        if (options.Any(option => option.Name.StartsWith("limit-iface", StringComparison.Ordinal)))
        {
            return new UnknownCondition("addrtype " + string.Join(' ', options), UnknownReason.Host);
        }

        return MatchModule.All([.. options.Select(option => ReadType(option, context) ?? MatchModule.Unknown(option))]);
    }

    private static Condition? ReadType(MatchOption option, IptablesContext context)
    {
        var isSource = option.Name == "src-type";
        var numbers = (option.Value?.Split(',') ?? [""]).Select(name => Array.IndexOf(Types, name.ToUpperInvariant())).ToArray();
        if (numbers.Contains(-1))
        {
            return null;
        }

        return context.IsIPv4
            ? new FieldCondition(isSource ? Field.SourceType : Field.DestinationType, NumberSet.OfRanges(numbers.Select(number => NumberRange.One((UInt128)number))), option.IsNegated)
            : IPv6(numbers, isSource ? Field.IPv6SourceTypeBits : Field.IPv6DestinationTypeBits, option.IsNegated);
    }

    private static Condition? IPv6(int[] numbers, Field field, bool isNegated)
    {
        uint mask = 0;
        foreach (var number in numbers)
        {
            uint? bit = Types[number] switch { "UNICAST" => Unicast, "LOCAL" => 2, "ANYCAST" => 4, "UNREACHABLE" => 8, "MULTICAST" => Multicast, "UNSPEC" => Unspecified, _ => null };
            if (bit is null)
            {
                return null;
            }

            mask |= bit.Value;
        }

        var parts = ImmutableArray.CreateBuilder<Condition>();
        if ((mask & ~Looked) is var all and not 0)
        {
            parts.Add(new FieldCondition(field, NumberSet.Of(all)) { Mask = all });
        }

        if ((mask & Looked) is var any and not 0)
        {
            parts.Add(new BitsCondition(field, any));
        }

        return new AllOfCondition(parts.DrainToImmutable(), isNegated);
    }
}
