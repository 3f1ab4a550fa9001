using System.Collections.Frozen;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Reachability.Reading.Iptables;

/// <summary>Protocol and service names that iptables takes and prints. The numbers are those of iana.org; a file of one host must mean the same on another.</summary>
internal static class ProtocolNames
{
    private static readonly FrozenDictionary<string, byte> Protocols = new Dictionary<string, byte>
    {
        ["all"] = 0, ["ip"] = 0, ["hopopt"] = 0, ["icmp"] = 1, ["igmp"] = 2, ["ggp"] = 3, ["ipencap"] = 4, ["ipip"] = 4, ["st"] = 5, ["tcp"] = 6,
        ["egp"] = 8, ["igp"] = 9, ["pup"] = 12, ["udp"] = 17, ["hmp"] = 20, ["xns-idp"] = 22, ["rdp"] = 27, ["iso-tp4"] = 29, ["dccp"] = 33,
        ["xtp"] = 36, ["ddp"] = 37, ["idpr-cmtp"] = 38, ["ipv6"] = 41, ["ipv6-route"] = 43, ["ipv6-frag"] = 44, ["idrp"] = 45, ["rsvp"] = 46,
        ["gre"] = 47, ["esp"] = 50, ["ipv6-crypt"] = 50, ["ah"] = 51, ["ipv6-auth"] = 51, ["skip"] = 57, ["ipv6-icmp"] = 58, ["icmpv6"] = 58,
        ["icmp6"] = 58, ["ipv6-nonxt"] = 59, ["ipv6-opts"] = 60, ["rspf"] = 73, ["vmtp"] = 81, ["eigrp"] = 88, ["ospf"] = 89, ["ospfigp"] = 89,
        ["ax.25"] = 93, ["etherip"] = 97, ["encap"] = 98, ["pim"] = 103, ["ipcomp"] = 108, ["vrrp"] = 112, ["l2tp"] = 115, ["isis"] = 124,
        ["sctp"] = 132, ["fc"] = 133, ["mobility-header"] = 135, ["ipv6-mh"] = 135, ["mh"] = 135, ["udplite"] = 136, ["mpls-in-ip"] = 137, ["manet"] = 138,
        ["hip"] = 139, ["shim6"] = 140, ["wesp"] = 141, ["rohc"] = 142,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    private static readonly FrozenDictionary<string, ushort> Services = new Dictionary<string, ushort>
    {
        ["tcpmux"] = 1, ["echo"] = 7, ["discard"] = 9, ["systat"] = 11, ["daytime"] = 13, ["netstat"] = 15, ["qotd"] = 17, ["chargen"] = 19, ["ftp-data"] = 20,
        ["ftp"] = 21, ["ssh"] = 22, ["telnet"] = 23, ["smtp"] = 25, ["mail"] = 25, ["time"] = 37, ["whois"] = 43, ["tacacs"] = 49, ["domain"] = 53,
        ["bootps"] = 67, ["bootpc"] = 68, ["tftp"] = 69, ["gopher"] = 70, ["finger"] = 79, ["http"] = 80, ["www"] = 80, ["kerberos"] = 88, ["pop2"] = 109,
        ["pop3"] = 110, ["pop-3"] = 110, ["sunrpc"] = 111, ["portmapper"] = 111, ["auth"] = 113, ["ident"] = 113, ["nntp"] = 119, ["ntp"] = 123,
        ["epmap"] = 135, ["netbios-ns"] = 137, ["netbios-dgm"] = 138, ["netbios-ssn"] = 139, ["imap2"] = 143, ["imap"] = 143, ["snmp"] = 161,
        ["snmp-trap"] = 162, ["snmptrap"] = 162, ["xdmcp"] = 177, ["bgp"] = 179, ["irc"] = 194, ["imap3"] = 220, ["ldap"] = 389, ["https"] = 443,
        ["microsoft-ds"] = 445, ["kpasswd"] = 464, ["submissions"] = 465, ["ssmtp"] = 465, ["smtps"] = 465, ["urd"] = 465, ["isakmp"] = 500, ["exec"] = 512, ["biff"] = 512,
        ["login"] = 513, ["who"] = 513, ["shell"] = 514, ["syslog"] = 514, ["printer"] = 515, ["route"] = 520, ["ripng"] = 521, ["uucp"] = 540,
        ["dhcpv6-client"] = 546, ["dhcpv6-server"] = 547, ["rtsp"] = 554, ["nntps"] = 563, ["submission"] = 587, ["ipp"] = 631, ["ldaps"] = 636,
        ["domain-s"] = 853, ["rsync"] = 873, ["ftps-data"] = 989, ["ftps"] = 990, ["telnets"] = 992, ["imaps"] = 993, ["pop3s"] = 995, ["socks"] = 1080,
        ["openvpn"] = 1194, ["ms-sql-s"] = 1433, ["ms-sql-m"] = 1434, ["l2f"] = 1701, ["l2tp"] = 1701, ["radius"] = 1812, ["radius-acct"] = 1813,
        ["nfs"] = 2049, ["mysql"] = 3306, ["svn"] = 3690, ["sip"] = 5060, ["sip-tls"] = 5061, ["xmpp-client"] = 5222, ["xmpp-server"] = 5269,
        ["mdns"] = 5353, ["postgresql"] = 5432, ["amqp"] = 5672, ["x11"] = 6000, ["ircd"] = 6667, ["ircs-u"] = 6697, ["http-alt"] = 8080, ["webcache"] = 8080,
        ["git"] = 9418, ["zabbix-agent"] = 10050, ["zabbix-trapper"] = 10051, ["webmin"] = 10000, ["ipsec-nat-t"] = 4500,
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Reads a protocol by name or number; 0 stands for all.</summary>
    internal static bool TryProtocol(string text, out byte protocol) => byte.TryParse(text, out protocol) || Protocols.TryGetValue(text, out protocol);

    /// <summary>Reads a port by number (decimal, or hexadecimal with 0x) or service name.</summary>
    internal static bool TryPort(string text, out ushort port) =>
        (Numbers.TryParse(text, out var number) && (port = (ushort)number) == number) || Services.TryGetValue(text, out port);

    /// <summary>The number of the family in <c>-p</c> for ICMP.</summary>
    internal static byte IcmpOf(IpFamily family) => family == IpFamily.IPv4 ? (byte)1 : (byte)58;
}
