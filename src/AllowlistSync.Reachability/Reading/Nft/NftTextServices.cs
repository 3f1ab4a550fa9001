using System.Collections.Frozen;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>
/// Puts numbers in the place of the names of services, which people write and nft prints only when asked to. The common names of
/// /etc/services (iana.org, "Service Name and Transport Protocol Port Number Registry"); a name that is not here stays, and no condition understands it.
/// </summary>
internal static class NftTextServices
{
    private static readonly FrozenDictionary<string, ulong> Ports = Table(
        "tcpmux 1 echo 7 discard 9 systat 11 daytime 13 netstat 15 qotd 17 chargen 19 ftp-data 20 ftp 21 ssh 22 telnet 23 smtp 25 mail 25 time 37 whois 43 tacacs 49 domain 53 "
        + "bootps 67 bootpc 68 tftp 69 gopher 70 finger 79 http 80 www 80 kerberos 88 iso-tsap 102 acr-nema 104 pop3 110 sunrpc 111 portmapper 111 auth 113 ident 113 nntp 119 ntp 123 "
        + "epmap 135 loc-srv 135 netbios-ns 137 netbios-dgm 138 netbios-ssn 139 imap2 143 imap 143 snmp 161 snmp-trap 162 snmptrap 162 xdmcp 177 bgp 179 irc 194 ldap 389 "
        + "svrloc 427 https 443 snpp 444 microsoft-ds 445 kpasswd 464 submissions 465 smtps 465 urd 465 saft 487 isakmp 500 rtsp 554 nqs 607 syslog 514 printer 515 talk 517 ntalk 518 route 520 "
        + "dhcpv6-client 546 dhcpv6-server 547 nntps 563 submission 587 ldaps 636 tinc 655 silc 706 kerberos-adm 749 domain-s 853 rsync 873 ftps-data 989 ftps 990 telnets 992 imaps 993 "
        + "ircs 994 pop3s 995 socks 1080 proofd 1093 rootd 1094 openvpn 1194 rmiregistry 1099 lotusnote 1352 ms-sql-s 1433 ms-sql-m 1434 ingreslock 1524 l2f 1701 l2tp 1701 "
        + "radius 1812 radius-acct 1813 cisco-sccp 2000 nfs 2049 gnunet 2086 rtcm-sc104 2101 gsigatekeeper 2119 gris 2135 cvspserver 2401 venus 2430 mon 2583 dict 2628 f5-globalsite 2792 "
        + "gpsd 2947 gds-db 3050 gds_db 3050 icpv2 3130 isns 3205 iscsi-target 3260 mysql 3306 ms-wbt-server 3389 nut 3493 stun 3478 turn 3478 distcc 3632 daap 3689 svn 3690 suucp 4031 sysrqd 4094 "
        + "sieve 4190 epmd 4369 remctl 4373 ipsec-nat-t 4500 iax 4569 mtn 4691 radmin-port 4899 rfe 5002 mmcc 5050 sip 5060 sip-tls 5061 sips 5061 xmpp-client 5222 xmpp-server 5269 "
        + "cfengine 5308 mdns 5353 postgresql 5432 freeciv 5556 amqps 5671 amqp 5672 rfb 5900 x11 6000 gnutella-svc 6346 redis 6379 sge-qmaster 6444 ircd 6667 ircs-u 6697 "
        + "afs3-fileserver 7000 font-service 7100 http-alt 8080 webcache 8080 puppet 8140 mqtt 1883 secure-mqtt 8883 bacula-dir 9101 bacula-fd 9102 bacula-sd 9103 git 9418 xmms2 9667 "
        + "zabbix-agent 10050 zabbix-trapper 10051 amanda 10080 nbd 10809 dicom 11112 hkp 11371 sgi-cmsd 17001 db-lsp 17500 dcap 22125 wireguard 51820");

    /// <summary>The same values with ports as numbers.</summary>
    /// <param name="values">A value, a range, a set, an element or a pair of a map.</param>
    /// <param name="left">What they are compared with.</param>
    public static NftTextTree Resolve(NftTextTree values, NftTextTree left)
    {
        var parts = (left["concat"]?.AsList ?? [left]).Select(IsPort).ToArray();
        return parts.Contains(true) ? Resolve(values, parts) : values;
    }

    /// <summary>The same, of which it is known what part of an element is a port.</summary>
    public static NftTextTree Resolve(NftTextTree values, IReadOnlyList<bool> isPort)
    {
        if (values.AsWord is { } name)
        {
            return isPort is [true] && (Ports.TryGetValue(name, out var port) || NftTextNumbers.TryRead(name, out port)) ? NftTextTree.Number(port) : values;
        }

        if (values.AsList is [var key, var value])
        {
            return NftTextTree.List([Resolve(key, isPort), value]);
        }

        if (values.AsObject is not [var (kind, inner)])
        {
            return values;
        }

        return kind switch
        {
            "set" when inner.AsList is { } items => NftTextTree.Of(kind, NftTextTree.List([.. items.Select(item => Resolve(item, isPort))])),
            "range" when inner.AsList is { } bounds => NftTextTree.Of(kind, NftTextTree.List([.. bounds.Select(bound => Resolve(bound, isPort))])),
            "concat" when inner.AsList is { } parts && parts.Count == isPort.Count => NftTextTree.Of(kind, NftTextTree.List([.. parts.Select((part, i) => Resolve(part, [isPort[i]]))])),
            "elem" when inner.AsObject is { } members => NftTextTree.Of(kind, NftTextTree.Object([.. members.Select(member => member.Key == "val" ? ("val", Resolve(member.Value, isPort)) : member)])),
            _ => values,
        };
    }

    private static bool IsPort(NftTextTree left) =>
        left["payload"]?["field"]?.AsWord is "sport" or "dport" || left["ct"]?["key"]?.AsWord is "proto-src" or "proto-dst";

    private static FrozenDictionary<string, ulong> Table(string text)
    {
        var (words, ports) = (text.Split(' '), new Dictionary<string, ulong>(StringComparer.Ordinal));
        for (var i = 0; i < words.Length; i += 2)
        {
            ports[words[i]] = ulong.Parse(words[i + 1]);
        }

        return ports.ToFrozenDictionary(StringComparer.Ordinal);
    }
}
