using System.Collections.Immutable;
using System.Globalization;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Evaluating;

/// <summary>Conditions and statements in short words, for explaining a packet's way.</summary>
internal static class StepText
{
    // More values than that are counted.
    private const int MaxValues = 3;

    /// <summary>What a condition asks for: <c>destination port 22</c>, <c>input interface not eth1</c>.</summary>
    public static string Of(Condition condition) => condition switch
    {
        FieldCondition field => $"{Name(field.Field)} {Not(field.IsNegated)}{Of(field.Field, field.Values)}",
        BitsCondition bits => $"{Name(bits.Field)} {Not(bits.IsNegated)}{Bits(bits)}",
        LookupCondition lookup => $"{string.Join(" . ", lookup.Key.Select(Name))} {Not(lookup.IsNegated)}in a set of {lookup.Elements.Elements.Length.ToString(CultureInfo.InvariantCulture)}",
        AnyOfCondition any => $"{Not(any.IsNegated)}any of: {string.Join("; ", any.Conditions.Take(MaxValues).Select(Of))}",
        AllOfCondition all => $"{Not(all.IsNegated)}all of: {string.Join("; ", all.Conditions.Take(MaxValues).Select(Of))}",
        UnknownCondition unknown => unknown.Text,
        ListFill fill => $"{Not(fill.IsNegated)}noting the address in the list {fill.Name}",
        ListLookup lookup => $"{Not(lookup.IsNegated)}in the list {lookup.Name} of recent addresses",
        FixedCondition { Holds: true } => "always",
        _ => "a header that such packets do not have",
    };

    /// <summary>What a rule does when it matches; empty for one that only counts.</summary>
    public static string Of(ImmutableArray<Step> steps) => string.Join(", ", steps.OfType<Statement>().Select(Of));

    private static string Of(Statement statement) => statement switch
    {
        Decide { Verdict: { Chain: { } chain } verdict } => $"{verdict.Kind.ToString().ToLowerInvariant()} {chain}",
        Decide { Verdict.IsReset: true } => "reject with tcp reset",
        Decide decide => decide.Verdict.Kind.ToString().ToLowerInvariant(),
        DecideByMap map => $"verdict by {string.Join(" . ", map.Key.Select(Name))}",
        SetMark { Target: MarkKind.Packet } => "set mark",
        SetMark => "set connection mark",
        NoTrack => "notrack",
        DestinationNat { ToLocal: true } => "redirect",
        DestinationNat => "dnat",
        SourceNat => "snat",
        UnknownStatement unknown => unknown.Text,
        _ => "go on",
    };

    private static string Not(bool isNegated) => isNegated ? "not " : "";

    private static string Bits(BitsCondition condition) => condition.Field == Field.CtState
        ? string.Join(",", Enum.GetValues<CtStateBits>().Where(bit => bit != CtStateBits.None && (condition.Bits & (UInt128)(int)bit) != 0).Select(bit => bit.ToString().ToLowerInvariant()))
        : $"0x{condition.Bits:x}";

    private static string Of(Field field, Values values) => values switch
    {
        NameSet names => string.Join(", ", names.Names),
        NumberSet { IsEmpty: true } => "in an empty set",
        NumberSet numbers when numbers.Ranges.Length > MaxValues => $"one of {numbers.Ranges.Length.ToString(CultureInfo.InvariantCulture)} ranges",
        NumberSet numbers => string.Join(", ", numbers.Ranges.SelectMany(range => Of(field, range))),
        _ => "",
    };

    private static IEnumerable<string> Of(Field field, NumberRange range) => field switch
    {
        Field.IPv4Source or Field.IPv4Destination when range.Last <= uint.MaxValue => new IpRange(IpFamily.IPv4, range.First, range.Last).ToPrefixes().Take(MaxValues).Select(prefix => prefix.ToString()),
        Field.IPv6Source or Field.IPv6Destination => new IpRange(IpFamily.IPv6, range.First, range.Last).ToPrefixes().Take(MaxValues).Select(prefix => prefix.ToString()),
        _ => [range.First == range.Last ? range.First.ToString(CultureInfo.InvariantCulture) : string.Create(CultureInfo.InvariantCulture, $"{range.First}-{range.Last}")],
    };

    private static string Name(Field field) => field switch
    {
        Field.IPv4Source or Field.IPv6Source => "source",
        Field.IPv4Destination or Field.IPv6Destination => "destination",
        Field.Protocol or Field.IPv4Protocol or Field.IPv6NextHeader => "protocol",
        Field.NetworkFamily or Field.EtherType => "family",
        Field.SourcePort or Field.TcpSourcePort or Field.UdpSourcePort => "source port",
        Field.DestinationPort or Field.TcpDestinationPort => "destination port",
        Field.UdpDestinationPort => "udp destination port",
        Field.InputInterface => "input interface",
        Field.OutputInterface => "output interface",
        Field.TcpFlags => "tcp flags",
        Field.CtState => "ct state",
        Field.CtStatus => "ct status",
        Field.Mark => "mark",
        Field.ConnectionMark => "connection mark",
        Field.DestinationType or Field.IPv6DestinationTypeBits => "kind of destination",
        Field.SourceType or Field.IPv6SourceTypeBits => "kind of source",
        Field.ReversePathOk => "reverse path",
        _ => field.ToString(),
    };
}
