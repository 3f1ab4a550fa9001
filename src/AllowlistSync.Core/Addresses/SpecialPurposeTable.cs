namespace AllowlistSync.Core.Addresses;

/// <summary>The rows behind <see cref="SpecialPurpose"/>, in the order of the registries.</summary>
internal static class SpecialPurposeTable
{
    internal static SpecialPurposeBlock[] Registry() => [.. IPv4(), .. IPv6()];

    /// <summary>Not in the two registries: multicast, and all of IPv6 that is not global unicast.</summary>
    internal static SpecialPurposeBlock[] Unallocated() =>
    [
        Closed("224.0.0.0/4", "Multicast", "RFC 5771"),
        Closed("ff00::/8", "Multicast", "RFC 4291"),
        Closed("::/3", "Outside of global unicast 2000::/3", "RFC 4291"),
        Closed("4000::/2", "Outside of global unicast 2000::/3", "RFC 4291"),
        Closed("8000::/1", "Outside of global unicast 2000::/3", "RFC 4291"),
    ];

    private static SpecialPurposeBlock[] IPv4() =>
    [
        Closed("0.0.0.0/8", "\"This network\"", "RFC 791"),
        Closed("0.0.0.0/32", "\"This host on this network\"", "RFC 1122"),
        Closed("10.0.0.0/8", "Private-Use", "RFC 1918"),
        Closed("100.64.0.0/10", "Shared Address Space", "RFC 6598"),
        Closed("127.0.0.0/8", "Loopback", "RFC 1122"),
        Closed("169.254.0.0/16", "Link Local", "RFC 3927"),
        Closed("172.16.0.0/12", "Private-Use", "RFC 1918"),
        Closed("192.0.0.0/24", "IETF Protocol Assignments", "RFC 6890"),
        Closed("192.0.0.0/29", "IPv4 Service Continuity Prefix", "RFC 7335"),
        Closed("192.0.0.8/32", "IPv4 dummy address", "RFC 7600"),
        Open("192.0.0.9/32", "Port Control Protocol Anycast", "RFC 7723"),
        Open("192.0.0.10/32", "Traversal Using Relays around NAT Anycast", "RFC 8155"),
        Closed("192.0.0.170/32", "NAT64/DNS64 Discovery", "RFC 8880"),
        Closed("192.0.0.171/32", "NAT64/DNS64 Discovery", "RFC 8880"),
        Closed("192.0.2.0/24", "Documentation (TEST-NET-1)", "RFC 5737"),
        Open("192.31.196.0/24", "AS112-v4", "RFC 7535"),
        Open("192.52.193.0/24", "AMT", "RFC 7450"),
        Unsaid("192.88.99.0/24", "Deprecated (6to4 Relay Anycast)", "RFC 7526"),
        Closed("192.88.99.2/32", "6a44-relay anycast address", "RFC 6751"),
        Closed("192.168.0.0/16", "Private-Use", "RFC 1918"),
        Open("192.175.48.0/24", "Direct Delegation AS112 Service", "RFC 7534"),
        Closed("198.18.0.0/15", "Benchmarking", "RFC 2544"),
        Closed("198.51.100.0/24", "Documentation (TEST-NET-2)", "RFC 5737"),
        Closed("203.0.113.0/24", "Documentation (TEST-NET-3)", "RFC 5737"),
        Closed("240.0.0.0/4", "Reserved", "RFC 1112"),
        Closed("255.255.255.255/32", "Limited Broadcast", "RFC 8190"),
    ];

    private static SpecialPurposeBlock[] IPv6() =>
    [
        Closed("::1/128", "Loopback Address", "RFC 4291"),
        Closed("::/128", "Unspecified Address", "RFC 4291"),

        // The parser refuses IPv4-mapped text, so this one is made from its number.
        new(IpPrefix.Trusted(IpFamily.IPv6, new(0, 0xffff_0000_0000), 96), "IPv4-mapped Address", "RFC 4291", GloballyReachable: false),
        Open("64:ff9b::/96", "IPv4-IPv6 Translat.", "RFC 6052"),
        Closed("64:ff9b:1::/48", "IPv4-IPv6 Translat.", "RFC 8215"),
        Closed("100::/64", "Discard-Only Address Block", "RFC 6666"),
        Closed("100:0:0:1::/64", "Dummy IPv6 Prefix", "RFC 9780"),
        Closed("2001::/23", "IETF Protocol Assignments", "RFC 2928"),
        Unsaid("2001::/32", "TEREDO", "RFC 4380"),
        Open("2001:1::1/128", "Port Control Protocol Anycast", "RFC 7723"),
        Open("2001:1::2/128", "Traversal Using Relays around NAT Anycast", "RFC 8155"),
        Open("2001:1::3/128", "DNS-SD Service Registration Protocol Anycast", "RFC 9665"),
        Closed("2001:2::/48", "Benchmarking", "RFC 5180"),
        Open("2001:3::/32", "AMT", "RFC 7450"),
        Open("2001:4:112::/48", "AS112-v6", "RFC 7535"),
        Unsaid("2001:10::/28", "Deprecated (previously ORCHID)", "RFC 4843"),
        Open("2001:20::/28", "ORCHIDv2", "RFC 7343"),
        Open("2001:30::/28", "Drone Remote ID Protocol Entity Tags (DETs) Prefix", "RFC 9374"),
        Closed("2001:db8::/32", "Documentation", "RFC 3849"),
        Unsaid("2002::/16", "6to4", "RFC 3056"),
        Open("2620:4f:8000::/48", "Direct Delegation AS112 Service", "RFC 7534"),
        Closed("3fff::/20", "Documentation", "RFC 9637"),
        Closed("5f00::/16", "Segment Routing (SRv6) SIDs", "RFC 9602"),
        Closed("fc00::/7", "Unique-Local", "RFC 4193"),
        Closed("fe80::/10", "Link-Local Unicast", "RFC 4291"),
    ];

    private static SpecialPurposeBlock Closed(string prefix, string name, string rfc) => new(IpPrefix.Parse(prefix), name, rfc, GloballyReachable: false);

    private static SpecialPurposeBlock Open(string prefix, string name, string rfc) => new(IpPrefix.Parse(prefix), name, rfc, GloballyReachable: true);

    private static SpecialPurposeBlock Unsaid(string prefix, string name, string rfc) => new(IpPrefix.Parse(prefix), name, rfc, GloballyReachable: null);
}
