using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd.Verify;

/// <summary>An accept that stands where it does not help, and rules that look dangerous and are not.</summary>
public sealed class OrderTests
{
    private static readonly string[] Https = ["--from", "104.16.0.0/13", "--port", "443"];

    [Fact]
    public async Task A_drop_above_our_accept_is_named()
    {
        await using var scene = await Scene.NftAsync("""
            table inet filter {
              chain input {
                type filter hook input priority filter; policy drop;
                ct state established,related accept
                iifname "lo" accept
                ip saddr 104.16.0.0/16 drop comment "abuse"
                ip saddr 104.16.0.0/13 tcp dport 443 accept comment "cloudflare"
              }
            }
            """);

        (await scene.VerifyAsync(Https)).Ended(1).Saying("BLOCKED, visitors see 522", "port 443: 104.16.0.0/16", "rule: ip saddr 104.16.0.0/16 drop comment \"abuse\" in: table inet filter, chain input, rule 3", "104.16.0.0/13 without 104.16.0.0/16");
        (await scene.ConfirmAsync(Https)).Select(piece => piece.Verdict).Distinct().Order(StringComparer.Ordinal).ShouldBe(["accepted", "blocked"]);
    }

    [Fact]
    public async Task An_accept_in_our_own_table_does_not_help_against_a_drop_in_another_base_chain()
    {
        await using var scene = await Scene.NftAsync("""
            table inet allowlist-sync {
              chain input {
                type filter hook input priority -10; policy accept;
                ip saddr 104.16.0.0/13 tcp dport 443 accept
              }
            }
            table inet filter {
              chain input {
                type filter hook input priority 0; policy accept;
                ct state established,related accept
                tcp dport 22 accept
                meta l4proto tcp drop comment "all else"
              }
            }
            """);

        (await scene.VerifyAsync(Https)).Ended(1).Saying("BLOCKED 522", "rule: meta l4proto tcp drop comment \"all else\" in: table inet filter, chain input, rule 3", "an accept in another table cannot overrule it");
        (await scene.ConfirmAsync(Https)).ShouldHaveSingleItem().Verdict.ShouldBe("blocked");
    }

    [Fact]
    public async Task A_drop_of_invalid_packets_does_not_keep_visitors_out()
    {
        await using var scene = await Scene.NftAsync("""
            table inet filter {
              chain input {
                type filter hook input priority filter; policy drop;
                ct state invalid drop
                ct state established,related accept
                tcp dport { 80, 443 } accept
              }
            }
            """);

        (await scene.VerifyAsync("--strict")).Ended(0).Saying("22 ranges, ports 80, 443", "all 44 accepted", "tcp dport { 80, 443 } accept");
        (await scene.ConfirmAsync()).ShouldAllBe(piece => piece.Verdict == "accepted");
    }

    [Fact]
    public async Task A_refusal_shows_521_and_a_drop_522()
    {
        await using var scene = await Scene.LoadedAsync("""
            *filter
            :INPUT DROP [0:0]
            :FORWARD DROP [0:0]
            :OUTPUT ACCEPT [0:0]
            -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
            -A INPUT -p tcp -m tcp --dport 80 -j REJECT --reject-with icmp-port-unreachable
            -A INPUT -p tcp -m tcp --dport 8443 -j REJECT --reject-with tcp-reset
            COMMIT
            """, "iptables-nft-restore");
        string[] question = ["--from", "104.16.0.0/13", "--port", "80", "--port", "443", "--port", "8443"];

        (await scene.VerifyAsync(question)).Ended(1).Saying("104.16.0.0/13 BLOCKED 521 BLOCKED 522 BLOCKED 521", "--dport 80 -j REJECT", "rule: policy drop in: table ip filter, chain INPUT");
        (await scene.ConfirmAsync(question)).Select(piece => piece.Sees).ShouldBe([521, 522, 521]);
    }

    [Fact]
    public async Task A_rule_that_is_bound_to_another_interface_lets_nobody_in()
    {
        await using var scene = await Scene.NftAsync("""
            table inet filter {
              chain input {
                type filter hook input priority filter; policy drop;
                ct state established,related accept
                iifname "eth1" tcp dport { 80, 443 } accept
                iifname "wg0" drop
              }
            }
            """);

        (await scene.VerifyAsync(Https)).Ended(1).Saying("rule: policy drop in: table inet filter, chain input");
        (await scene.VerifyAsync([.. Https, "--interface", "eth1"])).Ended(0).Saying("accepted", "iifname \"eth1\" tcp dport { 80, 443 } accept");
        (await scene.ConfirmAsync(Https)).ShouldHaveSingleItem().How.ShouldBe("drop");

        // Visitors come through eth0, so what is true of eth1 is not what they find: packets do tell.
        (await Assert.ThrowsAsync<ShouldAssertException>(() => scene.ConfirmAsync([.. Https, "--interface", "eth1"]))).Message.ShouldContain("packets went another way than the program says");
    }

    [Fact]
    public async Task A_firewall_that_is_closed_for_ipv6_only_is_told_apart()
    {
        await using var scene = await Scene.LoadedAsync("""
            *filter
            :INPUT DROP [0:0]
            :FORWARD DROP [0:0]
            :OUTPUT ACCEPT [0:0]
            -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
            -A INPUT -p ipv6-icmp -j ACCEPT
            COMMIT
            """, "ip6tables-legacy-restore");

        (await scene.VerifyAsync("--port", "443")).Ended(1).Saying("104.16.0.0/13 accepted", "2400:cb00::/32 BLOCKED 522", "rule: policy drop in: ip6tables-legacy table filter, chain INPUT", "15 of 22 accepted, 7 BLOCKED");
        (await scene.ConfirmAsync("--port", "443")).ShouldAllBe(piece => piece.From.Contains(':') == (piece.Verdict == "blocked"));
    }

    [Fact]
    public async Task Rules_of_both_backends_of_iptables_count()
    {
        await using var scene = await Scene.LoadedAsync("""
            *filter
            :INPUT DROP [0:0]
            :FORWARD ACCEPT [0:0]
            :OUTPUT ACCEPT [0:0]
            -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
            -A INPUT -p tcp -m multiport --dports 80,443 -j ACCEPT
            COMMIT
            """, "iptables-nft-restore");
        await scene.LoadAsync("""
            *filter
            :INPUT ACCEPT [0:0]
            :FORWARD ACCEPT [0:0]
            :OUTPUT ACCEPT [0:0]
            -A INPUT -s 104.20.0.0/16 -j DROP
            COMMIT
            """, "iptables-legacy-restore");

        (await scene.VerifyAsync(Https)).Ended(1).Saying("port 443: 104.20.0.0/16", "rule: -A INPUT -s 104.20.0.0/16 -j DROP in: iptables-legacy table filter, chain INPUT, rule 1", "-p tcp -m multiport --dports 80,443 -j ACCEPT (table ip filter, chain INPUT, rule 2");
        (await scene.ConfirmAsync(Https)).Single(piece => piece.Verdict == "blocked").From.ShouldBe("104.20.0.0/16");
    }
}
