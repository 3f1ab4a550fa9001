using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd.Verify;

/// <summary>Rule sets that the real programs make, in a sandbox.</summary>
public sealed class RealFirewallTests
{
    private static readonly string[] Three = ["--from", "104.16.0.0/13", "--from", "131.0.72.0/22", "--from", "2400:cb00::/32", "--port", "443"];

    [Fact]
    public async Task Ufw_with_a_deny_above_its_allows()
    {
        await using var scene = await Scene.StartAsync(null, "ufw", "iptables");
        await scene.ShellAsync("ufw", "allow", "22/tcp");
        await scene.ShellAsync("ufw", "deny", "from", "104.16.0.0/16", "to", "any", "port", "443", "proto", "tcp");
        await scene.ShellAsync("ufw", "allow", "from", "104.16.0.0/13", "to", "any", "port", "80,443", "proto", "tcp");
        await scene.ShellAsync("ufw", "allow", "from", "2400:cb00::/32", "to", "any", "port", "80,443", "proto", "tcp");
        await scene.ShellAsync("ufw", "--force", "enable");

        (await scene.VerifyAsync(Three)).Ended(1).Saying(
            "104.16.0.0/13 partly", "131.0.72.0/22 BLOCKED 522", "2400:cb00::/32 accepted",
            "port 443: 104.16.0.0/16", "chain ufw-user-input, rule 2", "ufw status numbered",
            "port 443: 131.0.72.0/22", "rule: policy drop in: table ip filter, chain INPUT");
        var pieces = await scene.ConfirmAsync(Three);
        pieces.Where(piece => piece.Verdict == "blocked").Select(piece => piece.From).ShouldBe(["104.16.0.0/16", "131.0.72.0/22"]);
        pieces.ShouldNotContain(piece => piece.Verdict == "unknown");
    }

    [Theory]
    [InlineData("nftables")]
    [InlineData("iptables")]
    public async Task Firewalld_with_a_rich_rule_for_a_set_and_another_that_rejects(string backend)
    {
        await using var scene = await Scene.StartAsync(null, "firewalld", "dbus-daemon", "ipset");
        await Firewalld.StartAsync(scene, backend);

        var outcome = (await scene.VerifyAsync(Three)).Ended(1).Saying(
            "104.16.0.0/13 partly", "131.0.72.0/22 BLOCKED 521", "2400:cb00::/32 accepted",
            "port 443: 104.16.0.0/16", "_public_deny, rule 1");
        string[] says = backend == "nftables"
            ? ["rule: reject with icmpx admin-prohibited in: table inet firewalld, chain filter_IN_public, rule 9", "by: ip saddr @cf4 tcp dport 443 accept (table inet firewalld, chain filter_IN_public_allow, rule 2"]
            : ["rule: -A IN_public -j REJECT --reject-with icmp-port-unreachable in: table ip filter, chain IN_public, rule 9", "by: -A IN_public_allow", "--match-set cf4 src", "(table ip filter, chain IN_public_allow, rule 2"];
        outcome.Saying([.. says, "firewall-cmd --list-all-zones"]);
        var pieces = await scene.ConfirmAsync(Three);
        pieces.Where(piece => piece.Verdict == "blocked").Select(piece => (piece.From, piece.How)).ShouldBe([("104.16.0.0/16", "drop"), ("131.0.72.0/22", "reject")]);
        pieces.ShouldNotContain(piece => piece.Verdict == "unknown");
    }

    [Theory]
    [InlineData("nftables-multiport", "@addr-set-webtest")]
    [InlineData("iptables-multiport", "f2b-webtest")]
    [InlineData("iptables-ipset-proto6", "f2b-webtest")]
    public async Task Fail2ban_with_a_live_ban_of_one_address(string action, string names)
    {
        await using var scene = await Scene.StartAsync(null, "fail2ban-server", "ipset", "iptables");
        await Fail2Ban.BanAsync(scene, action, "104.19.33.7");

        (await scene.VerifyAsync(Three)).Ended(1).Saying("104.16.0.0/13 partly", "BLOCKED, visitors see 521", "port 443: 104.19.33.7/32", names, "provider: fail2ban", "131.0.72.0/22 accepted", "2400:cb00::/32 accepted");
        (await scene.ConfirmAsync(Three)).Where(piece => piece.Verdict != "accepted").ShouldHaveSingleItem().From.ShouldBe("104.19.33.7/32");

        await scene.ShellAsync("fail2ban-client", "-s", Fail2Ban.Socket, "set", "webtest", "unbanip", "104.19.33.7");
        (await scene.VerifyAsync([.. Three, "--strict"])).Ended(0).Saying("all 3 accepted");
    }

    [Fact]
    public async Task Csf_asks_its_allow_list_before_its_deny_list()
    {
        await using var scene = await Scene.LoadedAsync(Dumps.Csf(["104.16.0.0/14"], ["104.18.5.5/32", "131.0.72.0/24"]), "iptables-nft-restore");
        string[] question = ["--from", "104.16.0.0/13", "--from", "131.0.72.0/22", "--port", "443"];

        // ALLOWIN and ALLOWOUT are asked first: the deny of 104.18.5.5, which they hold, is without effect.
        (await scene.VerifyAsync(question)).Ended(1).Saying("104.16.0.0/13 accepted", "131.0.72.0/22 partly", "BLOCKED, visitors see 522", "port 443: 131.0.72.0/24", "DENYIN", "csf -dr ADDRESS");
        (await scene.ConfirmAsync(question)).Where(piece => piece.Verdict != "accepted").ShouldHaveSingleItem().From.ShouldBe("131.0.72.0/24");
    }

    [Theory]
    [InlineData("iptables-nft-restore")]
    [InlineData("iptables-legacy-restore")]
    public async Task Csf_that_allows_in_by_port_and_denies_out_refuses_the_answers(string loader)
    {
        // An advanced line of csf.allow (tcp|in|d=443|s=...) goes to ALLOWIN only; csf.deny goes to DENYIN and DENYOUT.
        var rules = Dumps.Csf([], ["104.18.0.0/16"]).Replace("-A DENYIN", "-A ALLOWIN -s 104.16.0.0/13 ! -i lo -p tcp -m tcp --dport 443 -j ACCEPT\n-A DENYIN", StringComparison.Ordinal);
        await using var scene = await Scene.LoadedAsync(rules, loader);
        string[] question = ["--from", "104.16.0.0/13", "--port", "443"];

        (await scene.VerifyAsync(question)).Ended(1).Saying("let in, but the answer is dropped on its way out", "port 443: 104.18.0.0/16", "DENYOUT", "CSF denies it on the way out");
        (await scene.ConfirmAsync(question)).Where(piece => piece.Verdict != "accepted").ShouldHaveSingleItem().How.ShouldBe("answerDropped");
    }
}
