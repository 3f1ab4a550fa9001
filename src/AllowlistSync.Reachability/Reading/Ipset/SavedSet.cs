using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Ipset;

/// <summary>What one part of an element is about.</summary>
internal enum IpsetPart
{
    /// <summary>One address, or all of a network when the set has a netmask.</summary>
    Address,

    /// <summary>A protocol and a port.</summary>
    ProtocolPort,

    /// <summary>A port of any protocol: bitmap:port.</summary>
    Port,

    /// <summary>An interface.</summary>
    Interface,

    /// <summary>The packet's mark.</summary>
    Mark,

    /// <summary>A hardware address.</summary>
    Mac,
}

/// <summary>One set.</summary>
/// <param name="Type">As ipset writes it, such as <c>hash:ip,port</c>.</param>
/// <param name="Family">Of its addresses; null when it has none.</param>
/// <param name="Parts">The parts of its elements; empty when this version does not understand the set.</param>
internal sealed record SavedSet(string Type, IpFamily? Family, ImmutableArray<IpsetPart> Parts)
{
    /// <summary>The members of a list of sets; null for other sets.</summary>
    internal ImmutableArray<string>? Members { get; init; }

    /// <summary>The elements of a set with one part; null for other sets.</summary>
    internal NumberSet? Numbers { get; init; }

    /// <summary>Bits of an address that count, for a bitmask that is no prefix.</summary>
    internal UInt128? Mask { get; init; }

    /// <summary>The elements of a set with several parts; a part of protocol and port is two.</summary>
    internal ElementTable? Elements { get; init; }

    /// <summary>The condition that a packet is in the set; null when it is not understood.</summary>
    /// <param name="isSource">For each part, whether the packet's source side is meant.</param>
    /// <param name="family">Of the packet.</param>
    internal Condition? Ask(ImmutableArray<bool> isSource, IpFamily family)
    {
        if (Parts.IsEmpty)
        {
            return null;
        }

        if (isSource.Length < Parts.Length || (Family is { } own && own != family))
        {
            return FixedCondition.Never;
        }

        var key = ImmutableArray.CreateBuilder<Field>();
        for (var i = 0; i < Parts.Length; i++)
        {
            if (!AddFields(key, Parts[i], isSource[i], family))
            {
                return null;
            }
        }

        return Numbers is not null ? new FieldCondition(key[0], Numbers) { Mask = Mask } : new LookupCondition(key.DrainToImmutable(), Elements!);
    }

    private static bool AddFields(ImmutableArray<Field>.Builder key, IpsetPart part, bool isSource, IpFamily family)
    {
        if (part == IpsetPart.ProtocolPort)
        {
            key.Add(Field.Protocol);
        }

        Field? field = (part, isSource) switch
        {
            (IpsetPart.Address, true) => family == IpFamily.IPv4 ? Field.IPv4Source : Field.IPv6Source,
            (IpsetPart.Address, false) => family == IpFamily.IPv4 ? Field.IPv4Destination : Field.IPv6Destination,
            (IpsetPart.ProtocolPort or IpsetPart.Port, true) => Field.SourcePort,
            (IpsetPart.ProtocolPort or IpsetPart.Port, false) => Field.DestinationPort,
            (IpsetPart.Interface, true) => Field.InputInterface,
            (IpsetPart.Interface, false) => Field.OutputInterface,
            (IpsetPart.Mark, _) => Field.Mark,
            (IpsetPart.Mac, true) => Field.EtherSource,
            _ => null,
        };
        if (field is { } known)
        {
            key.Add(known);
        }

        return field is not null;
    }
}
