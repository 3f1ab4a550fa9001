using AllowlistSync.Core.Addresses;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading.Ipset;

namespace AllowlistSync.Reachability.Reading.Iptables;

/// <summary>What the reading of a rule depends on beside its text.</summary>
/// <param name="Family">Whether iptables or ip6tables wrote it.</param>
/// <param name="Sets">The ipsets of the host.</param>
internal sealed record IptablesContext(IpFamily Family, IpsetCatalog Sets)
{
    internal bool IsIPv4 => Family == IpFamily.IPv4;

    /// <summary>The field of the source address.</summary>
    internal Field Source => IsIPv4 ? Field.IPv4Source : Field.IPv6Source;

    /// <summary>The field of the destination address.</summary>
    internal Field Destination => IsIPv4 ? Field.IPv4Destination : Field.IPv6Destination;
}
