using System.Collections.Immutable;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Tests.Generated;

/// <summary>Random conditions, with values that lie around the asked sources and ports.</summary>
/// <param name="random">The seeded source of chance.</param>
/// <param name="families">Which packets the table sees: an address of the other family never matches.</param>
internal sealed class RandomSteps(Random random, Families families)
{
    private static readonly ImmutableArray<UInt128> Ports = [80, 443, 8443, 22];

    /// <summary>How many conditions of unknown answer may still be made: each doubles the ways of the walk.</summary>
    internal int UnknownLeft { get; set; } = 2;

    internal Condition Condition()
    {
        switch (random.Next(24))
        {
            case < 8:
                return new FieldCondition(Source(), Sources(), Rarely());
            case < 12:
                return new FieldCondition(random.Next(3) == 0 ? Field.DestinationPort : Field.TcpDestinationPort, PortValues(), Rarely());
            case < 15:
                return new BitsCondition(Field.CtState, State(), Rarely());
            case 15:
                return new FieldCondition(random.Next(2) == 0 ? Field.InputInterface : Field.OutputInterface, Names(), Rarely());
            case 16:
                return new FieldCondition(Field.Mark, NumberSet.Of((uint)random.Next(4)), Rarely()) { Mask = random.Next(2) == 0 ? 3 : null };
            case 17:
                return new FieldCondition(Field.TcpFlags, NumberSet.Of(random.Next(2) == 0 ? 2u : 16u), Rarely()) { Mask = random.Next(2) == 0 ? 23u : 18u };
            case 18:
                return Lookup();
            case 19 when random.Next(2) == 0:
                return new AnyOfCondition([Simple(), Simple()], Rarely());
            case 19:
                return new AllOfCondition([Simple(), Simple()], Rarely());
            case 20 when UnknownLeft > 0:
                UnknownLeft--;
                return new UnknownCondition("limit rate 1/minute", UnknownReason.Rate);
            case 21:
                return new FieldCondition(random.Next(2) == 0 ? Field.SourcePort : Field.TcpSourcePort, random.Next(2) == 0 ? NumberSet.Of(1024, 65535) : PortValues());
            case 22:
                return Rare();
            default:
                return Destination();
        }
    }

    /// <summary>Some of the sources and what lies around them, of the table's family.</summary>
    internal NumberSet Sources() => SourcesOf(_field);

    /// <summary>The field that the next <see cref="Sources"/> are for.</summary>
    internal Field Source() => _field = families == Families.IPv4 || (families == Families.Both && random.Next(3) > 0) ? Field.IPv4Source : Field.IPv6Source;

    internal NumberSet SourcesOf(Field field)
    {
        var (start, bits) = field == Field.IPv4Source ? (World.Sources4.First, 32) : (World.Sources6.First, 128);
        switch (random.Next(6))
        {
            case 0:
                var first = start + (uint)random.Next(16);
                return NumberSet.Of(first, first + (uint)random.Next(6));
            case 1:
                return NumberSet.OfRanges(Enumerable.Range(0, random.Next(4)).Select(_ => NumberRange.One(start + (uint)random.Next(18) - 1)));
            case 2:
                return NumberSet.Of(0, bits == 32 ? uint.MaxValue : UInt128.MaxValue);
            default:
                var host = (UInt128.One << random.Next(5)) - 1;
                var network = (start + (uint)random.Next(16)) & ~host;
                return NumberSet.Of(network, network | host);
        }
    }

    internal NumberSet PortValues() => random.Next(4) == 0
        ? NumberSet.Of((uint)random.Next(2) * 1024, (uint)random.Next(400, 9000))
        : NumberSet.OfRanges(Enumerable.Range(0, random.Next(1, 4)).Select(_ => NumberRange.One(Ports[random.Next(Ports.Length)])));

    private Field _field = Field.IPv4Source;

    private bool Rarely() => random.Next(5) == 0;

    private Condition Simple() => random.Next(3) switch
    {
        0 => new FieldCondition(Source(), Sources(), Rarely()),
        1 => new FieldCondition(Field.TcpDestinationPort, PortValues(), Rarely()),
        _ => new BitsCondition(Field.CtState, State(), Rarely()),
    };

    private UInt128 State() => (UInt128)(uint)(random.Next(8) switch
    {
        < 3 => CtStateBits.Established | CtStateBits.Related,
        < 5 => CtStateBits.New,
        5 => CtStateBits.Invalid,
        6 => CtStateBits.Untracked,
        _ => CtStateBits.DestinationNat,
    });

    private NameSet Names() => new([random.Next(5) switch { 0 => "eth*", 1 => World.Bridge, 2 => "lo", _ => World.Device }]);

    private Condition Destination() => families.HasFlag(Families.IPv4)
        ? new FieldCondition(Field.IPv4Destination, NumberSet.Of(random.Next(3) switch { 0 => World.Own4.First, 1 => World.Container.First, _ => World.Sources4.First + (uint)random.Next(16) }), Rarely())
        : new FieldCondition(Field.IPv6Destination, NumberSet.Of(random.Next(2) == 0 ? World.Own6.First : World.Sources6.First + (uint)random.Next(16)), Rarely());

    private Condition Rare() => random.Next(9) switch
    {
        0 => new FieldCondition(Field.UdpDestinationPort, PortValues(), Rarely()),
        1 => new FieldCondition(Field.Protocol, NumberSet.Of(random.Next(2) == 0 ? 6u : 17u), Rarely()),
        2 => new FieldCondition(Field.NetworkFamily, NumberSet.Of(2), Rarely()),
        3 => new FieldCondition(Field.CtDirection, NumberSet.Of(0), Rarely()),
        4 => new FieldCondition(Field.CtOriginalDestinationPort, PortValues(), Rarely()),
        7 or 8 => new FieldCondition(Field.CtState, NumberSet.OfRanges([NumberRange.One(2), NumberRange.One(random.Next(2) == 0 ? 8u : 64u)]), Rarely()),
        5 => new FieldCondition(Field.DestinationType, NumberSet.Of(2), Rarely()),
        _ => new FixedCondition(random.Next(2) == 0),
    };

    private LookupCondition Lookup()
    {
        var field = Source();
        if (random.Next(2) == 0)
        {
            var pairs = Enumerable.Range(0, random.Next(1, 4)).Select(_ => new Element([SourcesOf(field), NumberSet.Of(Ports[random.Next(Ports.Length)])]));
            return new([field, Field.DestinationPort], new([.. pairs]), Rarely());
        }

        // Prefixes of different length, each once: the smallest decides, and which one is the smallest is never in question.
        var start = field == Field.IPv4Source ? World.Sources4.First : World.Sources6.First;
        var nets = new[] { 15u, 7u, 3u, 0u }.Where(_ => random.Next(2) == 0).Select(host =>
        {
            var network = (start + (uint)random.Next(16)) & ~(UInt128)host;
            return new Element([NumberSet.Of(network, network | host)], IsExcluded: random.Next(3) == 0);
        });
        return new([field], new([.. nets]), Rarely());
    }
}
