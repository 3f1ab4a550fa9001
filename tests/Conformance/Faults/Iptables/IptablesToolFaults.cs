using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using Shouldly;

namespace AllowlistSync.Conformance.Faults.Iptables;

/// <summary>The tools are missing, locked, or see what they cannot show.</summary>
public sealed class IptablesToolFaults
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_ipset_there_is_a_rule_for_each_prefix_and_with_it_there_are_sets_again()
    {
        await using var context = await IptablesLab.StartAsync("nft");
        await context.OpenAsync();
        await context.BashAsync("mv /usr/sbin/ipset /usr/sbin/ipset.away");

        // Foreign content is read with ipset too, so it is asked for when ipset is back.
        (await context.ApplyAsync(Lists.Small, Ct)).Status.ShouldBe(TargetStatus.Applied);
        (await context.BashAsync("iptables-nft-save")).ShouldContain("-A als-test/web -s 104.16.0.0/13 -p tcp -m multiport --dports 80,443 ");
        (await context.LookAsync(Lists.Small, Ct)).Status.ShouldBe(TargetStatus.InSync);

        await context.BashAsync("mv /usr/sbin/ipset.away /usr/sbin/ipset");
        await context.DemandSafeAsync(visitorsGetIn: true);
        (await context.DefectsAsync()).ShouldContain("other-form");
        await context.OpenAsync();
        (await context.BashAsync("iptables-nft-save")).ShouldNotContain("-s 104.16.0.0/13");
        await context.RemoveAsync(Ct);
        await context.DemandSafeAsync(visitorsGetIn: false);
    }

    [Fact]
    public async Task Ipset_that_is_asked_for_and_missing_is_named_and_nothing_is_changed()
    {
        await using var context = await IptablesLab.StartAsync("legacy", ("ipset", "always"));
        await context.BashAsync("mv /usr/sbin/ipset /usr/sbin/ipset.away");

        var report = await context.ApplyAsync(Lists.Small, Ct);

        report.Error.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Unavailable);
        report.Error.Remedy.ShouldContain("ipset: auto");
        await context.BashAsync("mv /usr/sbin/ipset.away /usr/sbin/ipset");
        await context.DemandSafeAsync(visitorsGetIn: false);
    }

    [Fact]
    public async Task The_lock_of_x_tables_that_another_holds_is_waited_for_and_then_named()
    {
        await using var context = await IptablesLab.StartAsync("legacy");
        await context.OpenAsync();
        await using (var holder = await context.Subject.Sandbox.StartProcessAsync(["flock", "/run/xtables.lock", "sleep", "300"], Ct))
        {
            await context.BashAsync("while flock -n /run/xtables.lock true; do sleep 0.02; done");
            context.Target = context.Target with { Ports = Core.Desired.PortSet.Of(Core.Desired.PortRange.Tcp(443)) };

            var report = await context.ApplyAsync(Lists.Small, Ct);

            report.Error.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Transient);
            report.Error.Aftermath.ShouldBe(Aftermath.Untouched);
            report.Error.Message.ShouldContain("xtables lock");
            report.Error.Remedy.ShouldContain("/run/xtables.lock");
            await context.DemandSafeAsync(visitorsGetIn: true);
        }

        (await context.ApplyAsync(Lists.Small, Ct)).Status.ShouldBe(TargetStatus.Applied);
    }

    [Fact]
    public async Task Rules_that_only_nft_can_show_are_left_to_the_nftables_provider()
    {
        await using var context = await IptablesLab.StartAsync("nft");
        await context.BashAsync("nft insert rule ip filter INPUT ct state vmap { established : accept, invalid : drop }");
        await context.RebaseAsync(Ct);

        var report = await context.ApplyAsync(Lists.Small, Ct);

        report.Error.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Unsupported);
        report.Error.Aftermath.ShouldBe(Aftermath.Untouched);
        report.Error.Message.ShouldContain("is incompatible, use 'nft' tool");
        report.Error.Remedy.ShouldContain("provider: nftables");
        await context.DemandSafeAsync(visitorsGetIn: false);
    }

    [Fact]
    public async Task Legacy_rules_whose_tool_is_missing_are_not_taken_for_none()
    {
        await using var context = await IptablesLab.StartAsync("legacy");
        await context.BashAsync("mv /usr/sbin/xtables-legacy-multi /usr/sbin/legacy-away");

        var report = await context.ApplyAsync(Lists.Small, Ct);

        report.Error.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Unavailable);
        report.Error.Message.ShouldContain("iptables-legacy");
        await context.BashAsync("mv /usr/sbin/legacy-away /usr/sbin/xtables-legacy-multi");
        await context.DemandSafeAsync(visitorsGetIn: false);
    }

    [Fact]
    public async Task A_named_engine_is_served_and_the_other_that_holds_rules_as_well_is_named()
    {
        await using var context = await IptablesLab.StartAsync("nft", ("backend", "nft"));
        await context.BashAsync("iptables-legacy -P INPUT DROP");
        await context.RebaseAsync(Ct);

        var report = await context.ApplyAsync(Lists.Small, Ct);

        report.Status.ShouldBe(TargetStatus.Applied);
        report.Plan!.Findings.ShouldContain(finding => finding.Id == "other-engine" && finding.Message.Contains("iptables-legacy", StringComparison.Ordinal));
        await context.DemandForeignAsync(Ct);
    }

    [Fact]
    public async Task Where_both_engines_hold_rules_both_are_served_and_cleaned()
    {
        await using var context = await IptablesLab.StartAsync("nft");
        await context.BashAsync("iptables-legacy-restore < /etc/operator.v4; ip6tables-legacy-restore < /etc/operator.v6");
        await context.RebaseAsync(Ct);
        await context.DemandSafeAsync(visitorsGetIn: false);

        var report = await context.OpenAsync();

        report.Plan!.Findings.Count(finding => finding.Id == "both-engines").ShouldBe(2);
        await context.OnEachAsync("legacy", "$t -D INPUT -m comment --comment 'allowlist-sync owner=als-test target=web' -j als-test/web");
        await context.DemandSafeAsync(visitorsGetIn: false);
        (await context.DefectsAsync()).ShouldBe(["jump-missing"]);
        await context.OpenAsync();

        // One engine is given up: what of ours is in it goes.
        await context.BashAsync("for t in iptables-legacy ip6tables-legacy; do $t -P INPUT ACCEPT; $t -P FORWARD ACCEPT; $t-save | grep -E '^(\\*|:|COMMIT|.*als-test)' | $t-restore; done");
        await context.RebaseAsync(Ct);
        (await context.DefectsAsync()).ShouldBe(["ours-elsewhere", "ours-elsewhere"]);
        await context.OpenAsync();
        (await context.BashAsync("iptables-legacy-save; ip6tables-legacy-save")).ShouldNotContain("als-test");
        await context.RemoveAsync(Ct);
        await context.DemandSafeAsync(visitorsGetIn: false);
    }

    [Fact]
    public async Task The_families_may_be_in_different_engines()
    {
        await using var context = await IptablesLab.StartAsync("nft");
        await context.BashAsync("nft delete table ip6 filter; ip6tables-legacy-restore < /etc/operator.v6");
        await context.RebaseAsync(Ct);

        await context.OpenAsync();

        (await context.BashAsync("ip6tables-legacy-save")).ShouldContain("als-test/web");
        (await context.BashAsync("iptables-legacy-save")).ShouldBeEmpty();
        await context.RemoveAsync(Ct);
    }
}
