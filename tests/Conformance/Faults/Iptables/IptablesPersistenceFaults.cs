using AllowlistSync.Core.Reporting;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Conformance.Faults.Iptables;

/// <summary>A reboot, with the real netfilter-persistent of Debian: what is loaded at boot neither leaves the host open nor locks the office out.</summary>
public sealed class IptablesPersistenceFaults
{
    // tests/run.sh unpacks the packages there; ufw, which other tests need, cannot be installed beside them.
    private const string Packages = "/var/cache/allowlist-sync-tests/netfilter-persistent";

    private const string Reboot = """
        for t in iptables-nft ip6tables-nft; do $t -P INPUT ACCEPT; $t -P FORWARD ACCEPT; $t -F; $t -X; done; nft flush ruleset
        for s in $(ipset list -n); do ipset destroy $s; done
        netfilter-persistent start
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task With_the_plugin_for_sets_a_reboot_brings_back_sets_and_rules()
    {
        await using var context = await StartAsync(withSets: true);
        await context.OpenAsync();
        (await context.BashAsync("cat /etc/iptables/rules.v4")).ShouldContain("--match-set als-test/web/v4 src");

        await context.BashAsync(Reboot);
        await context.RebaseAsync(Ct);

        await context.DemandSafeAsync(visitorsGetIn: true);
        (await context.ApplyAsync(Lists.Small, Ct)).Status.ShouldBe(TargetStatus.InSync);
        await context.ReachAsync(Lists.Other, Ct);
        await context.BashAsync("netfilter-persistent reload");
        await context.DemandAsync(Lists.Other, Ct);
        await context.RemoveAsync(Ct);
        (await context.BashAsync("cat /etc/iptables/rules.v4 /etc/iptables/rules.v6 /etc/iptables/ipsets")).ShouldBe(OperatorFiles);
        await context.BashAsync(Reboot);
        await context.RebaseAsync(Ct);
        await context.DemandSafeAsync(visitorsGetIn: false);
    }

    [Fact]
    public async Task Without_the_plugin_no_rule_of_the_file_asks_a_set_and_a_reboot_brings_back_rules()
    {
        await using var context = await StartAsync(withSets: false);
        await context.OpenAsync();
        (await context.BashAsync("cat /etc/iptables/rules.v4")).ShouldContain("-A als-test/web -s 104.16.0.0/13 ");

        await context.BashAsync(Reboot);
        await context.RebaseAsync(Ct);
        await context.DemandSafeAsync(visitorsGetIn: true);
        await context.OpenAsync();

        // What `netfilter-persistent save` wrote would not be loaded at boot: a set is missing then, and the host is open.
        await context.BashAsync("iptables-save > /etc/iptables/rules.v4; ip6tables-save > /etc/iptables/rules.v6");
        (await context.DefectsAsync()).ShouldBe(["not-persistent", "not-persistent"]);
        await context.OpenAsync();
        await context.BashAsync(Reboot);
        await context.RebaseAsync(Ct);
        await context.DemandSafeAsync(visitorsGetIn: true);
    }

    [Fact]
    public async Task Edits_of_the_operator_stay_and_files_that_are_broken_are_left_alone()
    {
        await using var context = await StartAsync(withSets: true);
        await context.OpenAsync();
        await context.BashAsync("sed -i 's/^-A INPUT -i lo.*/[4:320] &\\n# mine\\n-A INPUT -p tcp -m multiport --dports 80,443 -j DROP/' /etc/iptables/rules.v4");
        (await context.DefectsAsync()).ShouldBe(["not-persistent"]);
        await context.OpenAsync();
        var mended = await context.BashAsync("cat /etc/iptables/rules.v4");
        mended.ShouldContain("[4:320] -A INPUT -i lo");
        mended.ShouldContain("# mine\n");
        mended.IndexOf("-j als-test/web", StringComparison.Ordinal).ShouldBeLessThan(mended.IndexOf("--dports 80,443 -j DROP", StringComparison.Ordinal));

        foreach (var (damage, said) in new[] { ("sed -i 's/$/\\r/'", "CR LF"), ("sed -i 's/\\r//; /^COMMIT/d'", "COMMIT") })
        {
            await context.BashAsync($"{damage} /etc/iptables/rules.v4");
            var before = await context.BashAsync("cat /etc/iptables/rules.v4");
            var report = await context.ApplyAsync(damage.Contains("COMMIT", StringComparison.Ordinal) ? Lists.Small : Lists.Other, Ct);
            report.Status.ShouldBe(TargetStatus.Applied, said);
            report.Plan!.Findings.ShouldContain(finding => finding.Id == "persistent-file" && finding.Message.Contains(said, StringComparison.Ordinal));
            (await context.BashAsync("cat /etc/iptables/rules.v4")).ShouldBe(before);
        }

        // A file that iptables-restore refuses for another reason stays as it is, and that is said.
        await context.BashAsync("sed 's/-p icmp/-p nonsense/' /etc/operator.v4 > /etc/iptables/rules.v4");
        var refused = await context.ApplyAsync(Lists.Other, Ct);
        refused.Error.ShouldNotBeNull().Message.ShouldContain("/etc/iptables/rules.v4 was left as it was");
        (await context.BashAsync("cat /etc/iptables/rules.v4")).ShouldNotContain("als-test");

        await context.BashAsync("rm /etc/iptables/rules.v4");
        await context.ReachAsync(Lists.Small, Ct);
        await context.DemandSafeAsync(visitorsGetIn: true);
    }

    private const string Sets = "create bans hash:ip family inet hashsize 1024 maxelem 65536 comment\nadd bans 198.51.100.9 comment \"a scanner\"\n";

    private static string OperatorFiles => Harnesses.OperatorRules.IPv4 + Harnesses.OperatorRules.IPv6 + Sets;

    private static async Task<ConformanceContext> StartAsync(bool withSets)
    {
        if (!Directory.Exists(Packages))
        {
            throw new SkipException($"the packages netfilter-persistent, iptables-persistent and ipset-persistent are not unpacked in {Packages} (tests/run.sh does it)");
        }

        var context = await IptablesLab.StartAsync("nft");
        await context.BashAsync($"cp -r {Packages}/usr {Packages}/etc /; cp /etc/operator.v4 /etc/iptables/rules.v4; cp /etc/operator.v6 /etc/iptables/rules.v6");
        if (withSets)
        {
            await context.Subject.Sandbox.WriteFileAsync("/etc/iptables/ipsets", Sets, ct: Ct);
        }
        else
        {
            await context.BashAsync("rm /usr/share/netfilter-persistent/plugins.d/*ipset; sed -i '/match-set/d' /etc/iptables/rules.v4; iptables-nft -D INPUT -m set --match-set bans src -j DROP");
            await context.RebaseAsync(Ct);
        }

        return context;
    }
}
