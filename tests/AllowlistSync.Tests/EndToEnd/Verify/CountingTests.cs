using AllowlistSync.TestKit;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd.Verify;

/// <summary>Bans, and rules that count: what they do depends on traffic, so nobody can say it beforehand.</summary>
public sealed class CountingTests
{
    private static readonly string[] Https = ["--from", "104.16.0.0/13", "--port", "443"];

    [Fact]
    public async Task One_banned_address_of_cloudflare_is_found_among_half_a_million()
    {
        await using var scene = await Scene.NftAsync("""
            table inet f2b-table {
              set addr-set-nginx-limit-req {
                type ipv4_addr
                elements = { 104.19.33.7, 203.0.113.9 }
              }
              chain f2b-chain {
                type filter hook input priority filter - 1; policy accept;
                tcp dport { 80, 443 } ip saddr @addr-set-nginx-limit-req reject with icmp port-unreachable
              }
            }
            """);

        (await scene.VerifyAsync(Https)).Ended(1).Saying("BLOCKED, visitors see 521", "port 443: 104.19.33.7/32", "@addr-set-nginx-limit-req reject", "table inet f2b-table, chain f2b-chain, rule 1", "provider: fail2ban", "104.16.0.0/13 without 104.19.33.7/32");
        (await scene.ConfirmAsync(Https)).Single(piece => piece.Verdict == "blocked").From.ShouldBe("104.19.33.7/32");
    }

    [Theory]
    [InlineData("iptables-nft-restore", "table ip filter")]
    [InlineData("iptables-legacy-restore", "iptables-legacy table filter")]
    public async Task A_hashlimit_on_the_port_is_unknown_and_named(string loader, string table)
    {
        await using var scene = await Scene.LoadedAsync("""
            *filter
            :INPUT DROP [0:0]
            :FORWARD ACCEPT [0:0]
            :OUTPUT ACCEPT [0:0]
            -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
            -A INPUT -p tcp -m tcp --dport 443 -m hashlimit --hashlimit-above 20/sec --hashlimit-mode srcip --hashlimit-name web -j DROP
            -A INPUT -p tcp -m multiport --dports 80,443 -j ACCEPT
            COMMIT
            """, loader);
        string[] question = ["--from", "104.16.0.0/13", "--port", "80", "--port", "443"];

        (await scene.VerifyAsync(question)).Ended(0).Saying("104.16.0.0/13 accepted unknown", "UNKNOWN", "-m hashlimit --hashlimit-above 20/sec", $"{table}, chain INPUT, rule 2", "depends on the rate", "--strict");
        (await scene.VerifyAsync([.. question, "--strict"])).Ended(1);
        (await scene.ConfirmAsync(question)).Select(piece => (piece.Port, piece.Verdict)).ShouldBe([(80, "accepted"), (443, "unknown")]);
    }

    [Fact]
    public async Task A_limit_of_connections_per_address_is_unknown_and_named()
    {
        await using var scene = await Scene.LoadedAsync("""
            *filter
            :INPUT ACCEPT [0:0]
            :FORWARD ACCEPT [0:0]
            :OUTPUT ACCEPT [0:0]
            -A INPUT -p tcp -m tcp --dport 443 --tcp-flags FIN,SYN,RST,ACK SYN -m connlimit --connlimit-above 20 --connlimit-mask 32 --connlimit-saddr -j REJECT --reject-with tcp-reset
            COMMIT
            """, "iptables-nft-restore");

        (await scene.VerifyAsync(Https)).Ended(0).Saying("UNKNOWN", "may be refused", "-m connlimit --connlimit-above 20", "table ip filter, chain INPUT, rule 1", "0 of 1 accepted");
        (await scene.ConfirmAsync(Https)).ShouldHaveSingleItem().Verdict.ShouldBe("unknown");
        (await scene.TryAsync("104.16.0.1", 443)).ShouldBe(Handshake.Accepted, "the first one gets in: that is why it is not called blocked");
    }
}
