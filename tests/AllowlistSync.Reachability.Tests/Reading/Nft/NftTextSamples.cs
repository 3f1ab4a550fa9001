namespace AllowlistSync.Reachability.Tests.Reading.Nft;

/// <summary>Rule sets that the kernel takes and that use nearly all of the language.</summary>
internal static class NftTextSamples
{
    public const string Conditions = """
        table inet t {
          set nets { type ipv4_addr; flags interval; elements = { 1.0.0.0/8, 2.0.0.1-2.0.0.9 }; }
          set pairs { type ipv4_addr . inet_service; flags interval; elements = { 1.1.1.0/24 . 80-90 }; }
          set keys { typeof ip saddr . tcp dport; elements = { 9.9.9.9 . 99 }; }
          set six { type ipv6_addr; flags interval; auto-merge; elements = { 2400:cb00::/32, 2400:cb01::/32 }; }
          set names { type ifname; elements = { "eth0", "eth1" }; }
          set ports { type inet_service; flags interval; counter; elements = { 22, 80-90 }; }
          map ways { type ipv4_addr : verdict; elements = { 1.1.1.1 : drop, 2.2.2.2 : jump b }; }
          map ports2 { typeof tcp dport : verdict; flags interval; elements = { 1-9 : accept, 443 : goto b }; }
          chain b { ip saddr 7.7.7.7 return; }
          chain a {
            type filter hook input priority filter - 1; policy drop;
            ct state new
            ct state established,related accept
            ct state != new
            ct state { new, established }
            ct state != { new, established }
            ct state ! new
            ct state == new
            ct state vmap { established : accept, related : accept, invalid : drop }
            ct status dnat
            ct direction original
            ct original ip saddr 1.2.3.4
            meta l4proto tcp ct original proto-dst 80
            tcp flags syn
            tcp flags syn,ack
            tcp flags == syn
            tcp flags != syn
            tcp flags ! syn
            tcp flags & (syn|ack) == syn
            tcp flags & (fin|syn|rst|ack) == (syn|ack)
            tcp flags & (syn|ack) != 0
            tcp flags syn / syn,ack
            tcp flags != syn / syn,ack
            meta mark & 0xff == 0x1
            meta mark 0x1-0x5
            mark 7
            ip saddr & 255.255.0.0 == 10.1.0.0
            iifname . tcp dport vmap { "lo" . 80 : accept, "eth*" . 1-5 : drop }
            iifname "eth*" accept
            iifname { "eth0", "wg0" } accept
            iifname @names accept
            iif lo accept
            fib daddr type local
            fib daddr type { local, broadcast }
            fib saddr . iif oif missing drop
            fib saddr . iif oif eq 0 drop
            limit rate over 2/second burst 5 packets drop
            limit rate 10 mbytes/second
            meta l4proto { tcp, udp } th dport 53
            @th,16,16 80
            ip protocol icmp icmp type echo-request
            icmpv6 type { nd-router-advert, 134 }
            meta nfproto ipv4 meta protocol ip
            ether saddr 00:11:22:33:44:55
            meta day "Monday" meta hour "10:00"-"12:00"
            numgen inc mod 2 0
            jhash ip saddr mod 4 < 2
            ip saddr != @nets drop
            ip saddr @nets accept
            ip6 saddr @six accept
            ip saddr . tcp dport @pairs accept
            ip saddr . tcp dport @keys accept
            ip saddr vmap @ways
            tcp dport vmap @ports2
            tcp dport @ports accept
            tcp dport != 22 drop
            tcp dport < 1024
            tcp sport >= 1024
            tcp dport 1-5
            tcp dport != 1-5
            tcp dport { 1-5, 7 }
            tcp dport { ssh, http, https } accept
            udp dport domain accept
            ip6 saddr fe80::/10
            ip saddr 10.0.0.0-10.0.0.5
            ip saddr { 1.1.1.1, 2.2.2.0/24, 3.3.3.3-3.3.3.9 } drop
            ip frag-off & 0x1fff != 0
            exthdr frag exists
            meta pkttype != { broadcast, multicast }
            meta skuid 0
          }
        }
        """;

    public const string Statements = """
        table inet t {
          set seen { type ipv4_addr; flags dynamic,timeout; timeout 5m; elements = { 1.2.3.4 timeout 10m comment "a # b" }; }
          counter hits { packets 1 bytes 2 }
          limit slow { rate 1/minute }
          chain a {
            type filter hook prerouting priority raw; policy accept;
            reject with icmpx type admin-prohibited
            tcp dport 22 reject with tcp reset
            reject
            meta mark set meta mark | 0x10
            meta mark set 5
            ct mark set mark
            meta mark set ct mark
            meta mark set tcp dport map { 80 : 0x1, 443 : 0x2 }
            ct count over 5 drop
            update @seen { ip saddr limit rate 5/second } drop
            add @seen { ip saddr timeout 1m }
            ip saddr @seen drop
            meter many { ip saddr timeout 60s limit rate 5/second } drop
            counter log prefix "a; b }" level info drop comment "it # was me"
            counter name "hits"
            limit name "slow" accept
            log group 3
            tcp option maxseg size set 1400
            ip dscp set cs1
            quota over 10 mbytes drop
            tcp dport 80 counter packets 5 bytes 6 accept
            notrack
            jump { ip saddr 1.2.3.4 accept; tcp dport { 1, 2 } drop; }
            tcp dport 9 goto { drop; }
          }
        }
        table ip nat {
          map targets { type inet_service : ipv4_addr; elements = { 80 : 10.0.0.7 }; }
          chain p {
            type nat hook prerouting priority dstnat + 5; policy accept;
            tcp dport 80 redirect to :8443
            redirect
            tcp dport 80 dnat ip to 10.0.0.1:80
            dnat to 10.0.0.1-10.0.0.4
            dnat to ip saddr map { 1.1.1.1 : 2.2.2.2 }
            dnat to tcp dport map @targets
            dnat to tcp dport map { 80 : 10.0.0.1 . 8080 }
            meta l4proto tcp redirect to tcp dport map { 80 : 8080 }
          }
          chain q { type nat hook postrouting priority srcnat; masquerade random; snat to 1.2.3.4; }
        }
        table ip6 six {
          chain o { type route hook output priority mangle; ip6 daddr ::1 accept; ip6 daddr != 2001:db8::/32 drop; }
          chain d { type nat hook prerouting priority -99; tcp dport 80 dnat to [2001:db8::5]:8080; }
        }
        table bridge b { chain f { type filter hook input priority filter; ether type ip accept; }; }
        table netdev n { chain i { type filter hook ingress device "lo" priority -500; ip saddr 6.6.6.6 drop; }; }
        table inet asleep { flags dormant
          chain c { type filter hook input priority security; drop; }; }
        """;
}
