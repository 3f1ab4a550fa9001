using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Proving;

namespace AllowlistSync.Reachability.Evaluating;

/// <summary>Says for people why something is not known.</summary>
internal static class DoubtText
{
    public static string Of(Condition condition) => condition switch
    {
        UnknownCondition unknown => $"{unknown.Text}: {Of(unknown.Reason)}",
        ListLookup lookup => $"{lookup.Text}: {Of(UnknownReason.History)}",
        FieldCondition field => Of(field.Field),
        BitsCondition bits => Of(bits.Field),
        LookupCondition lookup => Of(lookup.Key[0]),
        AnyOfCondition { Conditions: [var first, ..] } => Of(first),
        AllOfCondition { Conditions: [var first, ..] } => Of(first),
        _ => "not known",
    };

    public static string Of(UnknownStatement statement) => $"{statement.Text}: {Of(statement.Reason)}";

    private static string Of(UnknownReason reason) => reason switch
    {
        UnknownReason.Rate => "depends on the rate or number of packets",
        UnknownReason.History => "depends on the time or on earlier packets",
        UnknownReason.Packet => "depends on parts of the packet that differ from visitor to visitor",
        UnknownReason.Host => "depends on the host beyond its rules",
        UnknownReason.NotRead => "what it refers to was not read",
        _ => "not understood by this version",
    };

    private static string Of(Field field) => field switch
    {
        Field.InputInterface or Field.OutputInterface => DoubtReasons.Interface,
        Field.IPv4Destination or Field.IPv6Destination or Field.DestinationType or Field.IPv6DestinationTypeBits => DoubtReasons.OwnAddress,
        Field.IPv4Source or Field.IPv6Source => "the address is compared in a way that is not followed",
        Field.SourcePort or Field.TcpSourcePort or Field.UdpSourcePort => "depends on the visitor's port",
        Field.EtherSource => "the gateway's hardware address is not known",
        Field.Mark or Field.ConnectionMark => "the mark is not known",
        Field.ReversePathOk => "depends on the routes",
        _ => $"{field} is not known",
    };
}
