using AllowlistSync.TestKit;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd.Verify;

/// <summary>What happens to a connection besides its first packet on its way into the host.</summary>
public sealed class HandshakePathTests
{
    private static readonly string[] Https = ["--from", "104.16.0.0/13", "--port", "443"];

    [Theory]
    [InlineData(8443, 0, "accepted")]
    [InlineData(443, 1, "blocked")]
    public async Task The_port_behind_a_redirect_is_the_one_that_must_be_open(int open, int exitCode, string verdict)
    {
        await using var scene = await Scene.LoadedAsync($"""
            *nat
            :PREROUTING ACCEPT [0:0]
            :INPUT ACCEPT [0:0]
            :OUTPUT ACCEPT [0:0]
            :POSTROUTING ACCEPT [0:0]
            -A PREROUTING -p tcp -m tcp --dport 443 -j REDIRECT --to-ports 8443
            COMMIT
            *filter
            :INPUT DROP [0:0]
            :FORWARD DROP [0:0]
            :OUTPUT ACCEPT [0:0]
            -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
            -A INPUT -p tcp -m tcp --dport {open} -j ACCEPT
            COMMIT
            """, "iptables-nft-restore");

        (await scene.VerifyAsync(Https)).Ended(exitCode).Saying("8443", exitCode == 0 ? "all 1 accepted" : "after: -A PREROUTING -p tcp -m tcp --dport 443 -j REDIRECT --to-ports 8443");
        (await scene.ConfirmAsync(Https)).ShouldHaveSingleItem().Verdict.ShouldBe(verdict);
    }

    [Fact]
    public async Task A_lock_on_the_way_out_that_drops_the_answers_is_named()
    {
        await using var scene = await Scene.NftAsync("""
            table inet filter {
              chain input {
                type filter hook input priority filter; policy drop;
                ct state established,related accept
                tcp dport { 80, 443 } accept
              }
              chain output {
                type filter hook output priority filter; policy accept;
                oifname "lo" accept
                meta skuid 0 udp dport 53 accept
                ip daddr 104.16.0.0/14 drop comment "egress"
              }
            }
            """);

        (await scene.VerifyAsync(Https)).Ended(1).Saying("BLOCKED, visitors see 522: let in, but the answer is dropped on its way out", "port 443: 104.16.0.0/14", "rule: ip daddr 104.16.0.0/14 drop comment \"egress\" in: table inet filter, chain output, rule 3", "let answers out before that");
        (await scene.ConfirmAsync(Https)).Select(piece => piece.How).Distinct().ShouldBe(["answerDropped", null], ignoreOrder: true);
    }

    [Fact]
    public async Task A_host_without_a_rule_for_open_connections_is_told_so()
    {
        await using var scene = await Scene.LoadedAsync("""
            *filter
            :INPUT DROP [0:0]
            :FORWARD DROP [0:0]
            :OUTPUT ACCEPT [0:0]
            -A INPUT -p tcp -m tcp --dport 443 -m conntrack --ctstate NEW -j ACCEPT
            COMMIT
            """, "iptables-legacy-restore");

        (await scene.VerifyAsync(Https)).Ended(1).Saying("BLOCKED, visitors see 522: let in and answered, but the packets that follow are dropped", "rule: policy drop in: iptables-legacy table filter, chain INPUT", "-m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT");
        (await scene.ConfirmAsync(Https)).ShouldHaveSingleItem().How.ShouldBe("establishedDropped");
    }

    [Theory]
    [InlineData("iptables-nft-restore", "rule: iifname \"eth0\" ip saddr 104.16.0.0/16 counter drop in: table ip filter, chain DOCKER-USER, rule 1")]
    [InlineData("iptables-legacy-restore", "rule: -A DOCKER-USER -s 104.16.0.0/16 -i eth0 -j DROP in: iptables-legacy table filter, chain DOCKER-USER, rule 1")]
    public async Task A_container_is_reached_past_the_input_chain_and_DOCKER_USER_decides(string loader, string rule)
    {
        await using var scene = await Scene.StartAsync(HandshakeContainer.Docker, loader);
        await scene.LoadAsync(Dumps.Docker("""
            -A DOCKER-USER -s 104.16.0.0/16 -i eth0 -j DROP
            -A DOCKER-USER -j RETURN
            """), loader);

        (await scene.VerifyAsync(Https)).Ended(1).Saying("BLOCKED, visitors see 522", "port 443: 104.16.0.0/16", rule, "DOCKER-USER (chain FORWARD, rule 1)", "this chain is yours", "which reaches 172.17.0.2:8443", "chain DOCKER, rule 1");
        (await scene.ConfirmAsync(Https)).Select(piece => piece.Verdict).Distinct().ShouldBe(["accepted", "blocked"], ignoreOrder: true);
    }
}
