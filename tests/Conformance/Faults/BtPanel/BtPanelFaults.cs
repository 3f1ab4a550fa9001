using System.Net;
using AllowlistSync.Conformance.Cases;
using AllowlistSync.Conformance.Harnesses;
using AllowlistSync.Conformance.Harnesses.BtPanel;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Planning;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Conformance.Faults.BtPanel;

/// <summary>What only the firewall of a panel can suffer: its drop list, its program that saves, a boot.</summary>
public sealed class BtPanelFaults
{
    private static readonly IPAddress[] Visitors = [IPAddress.Parse("104.16.0.1"), IPAddress.Parse("131.0.75.255")];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Packets_of_wanted_sources_get_to_wanted_ports_and_no_others_until_we_are_taken_out()
    {
        await using var context = await StartAsync();
        await ExpectAsync(context, Visitors, [80, 443], isBlocked: true);

        await context.ReachAsync(Lists.Small, Ct);
        await ExpectAsync(context, Visitors, [80, 443], isBlocked: false);
        await ExpectAsync(context, Visitors, [22, 8443], isBlocked: true);
        await ExpectAsync(context, [IPAddress.Parse("104.24.0.0"), IPAddress.Parse("9.9.9.9")], [22, 80, 443, 8443], isBlocked: true);
        await ExpectAsync(context, [IPAddress.Parse("198.51.100.20")], [22, 80, 443, 8443], isBlocked: false);

        foreach (var ports in new[] { PortSet.Of(PortRange.Tcp(8443), PortRange.Udp(443)), PortSet.Of(new PortRange(TransportProtocol.Tcp, 1, 65535)), PortSet.Of(PortRange.Tcp(80)) })
        {
            context.Target = context.Target with { Ports = ports };
            (await context.ReachAsync(Lists.Small, Ct)).Status.ShouldBe(TargetStatus.Applied);
        }

        await ExpectAsync(context, Visitors, [80], isBlocked: false);
        await ExpectAsync(context, Visitors, [22, 443, 8443], isBlocked: true);
        await context.RemoveAsync(Ct);
        await ExpectAsync(context, Visitors, [80, 443], isBlocked: true);
    }

    [Fact]
    public async Task Lists_are_walked_through_and_back()
    {
        await using var context = await StartAsync();
        foreach (var list in new[] { Lists.Of("104.16.0.0/13"), Lists.Cloudflare, Lists.Small, Lists.Other, Lists.Of("1.0.0.0/32", "64.0.0.0/3") })
        {
            await context.ReachAsync(list, Ct);
        }

        await context.RemoveAsync(Ct);
        await context.ReachAsync(Lists.Small, Ct);
    }

    [Fact]
    public async Task Five_thousand_entries_of_the_drop_list_are_lifted_at_once_and_those_of_others_stay()
    {
        await using var context = await StartAsync();
        await context.ReachAsync(Lists.Small, Ct);
        context.Tap.Reset();
        await context.ApplyAsync(Lists.Other, Ct);
        var usual = context.Tap.Programs;
        await context.ReachAsync(Lists.Small, Ct);
        await ShellAsync(context, $"i=0; while [ $i -lt 5000 ]; do echo add in_bt_user_drop_ipset 104.18.$((i/250)).$((i%250)); i=$((i+1)); done | ipset restore; ipset add in_bt_user_drop_ipset 104.16.0.1 timeout 9000; ipset add in_bt_user_drop_ipset 131.0.0.0/16; {BtPanelTarget.Service} save");
        await ExpectAsync(context, Visitors, [80, 443], isBlocked: true);
        context.Tap.Reset();

        var report = await context.ApplyAsync(Lists.Small, Ct);

        report.Error.ShouldBeNull();
        report.Plan!.Changes.Lift.Length.ShouldBe(5001);
        report.Plan.Findings.Single(finding => finding.Id == Bans.Wider).Message.ShouldContain("131.0.0.0/16 by the panel's drop list");
        context.Tap.Programs.ShouldBeLessThanOrEqualTo(usual);
        (await context.Provider.ReadAsync(context.Target, Ct)).Bans.Select(ban => ban.Prefix.ToString()).ShouldBe(["131.0.0.0/16", "203.0.113.0/28"], ignoreOrder: true);
        await ExpectAsync(context, [Visitors[0]], [80, 443], isBlocked: false);
        (await ShellAsync(context, $"cat {BtPanelTarget.Panel}/data/ipsetdata")).ShouldNotContain("104.18.");
    }

    [Fact]
    public async Task A_ban_that_comes_back_within_the_run_is_a_failure()
    {
        await using var context = await StartAsync();
        await ShellAsync(context, "ipset add in_bt_user_drop_ipset 104.16.0.9");
        context.Tap.Before = async (_, command) =>
        {
            await (command.Arguments is [.., "save"] && command.Program != "ipset" ? ShellAsync(context, "ipset -exist add in_bt_user_drop_ipset 104.16.0.9") : Task.CompletedTask);
            return null;
        };

        (await context.ApplyAsync(Lists.Small, Ct)).Error.ShouldNotBeNull().Message.ShouldContain("banned again as soon as they were lifted: 104.16.0.9/32 by the panel's drop list");
    }

    [Fact]
    public async Task After_a_boot_what_was_applied_is_in_force_and_what_was_removed_is_not()
    {
        await using var context = await StartAsync();
        await context.ReachAsync(Lists.Other, Ct);
        await context.ReachAsync(Lists.Small, Ct);
        await context.ChangeAsync(ForeignChange.Reboot, Ct);
        await ExpectAsync(context, Visitors, [80, 443], isBlocked: false);
        (await context.LookAsync(Lists.Small, Ct)).Status.ShouldBe(TargetStatus.InSync);

        await context.RemoveAsync(Ct);
        await context.ChangeAsync(ForeignChange.Reboot, Ct);
        await ExpectAsync(context, Visitors, [80, 443], isBlocked: true);
        await ExpectAsync(context, [IPAddress.Parse("198.51.100.20")], [80], isBlocked: false);
    }

    [Fact]
    public async Task A_save_that_fails_is_told_and_made_up_for_by_the_next_run()
    {
        await using var context = await StartAsync();
        await ShellAsync(context, $"touch {BtPanelTarget.Panel}/data/save-fails");

        var failed = await context.ApplyAsync(Lists.Small, Ct);

        failed.Error.ShouldNotBeNull().Aftermath.ShouldBe(Aftermath.Unknown);
        failed.Error.Message.ShouldContain("no space left on device");
        await ExpectAsync(context, Visitors, [80, 443], isBlocked: false);
        await ShellAsync(context, $"rm {BtPanelTarget.Panel}/data/save-fails");
        (await context.LookAsync(Lists.Small, Ct)).Plan!.Changes.Repairs.ShouldHaveSingleItem().Id.ShouldBe("not-saved");
        await context.ReachAsync(Lists.Small, Ct);
    }

    [Fact]
    public async Task Rules_of_ours_that_were_edited_or_doubled_are_put_right()
    {
        await using var context = await StartAsync();
        await context.ReachAsync(Lists.Small, Ct);
        await ShellAsync(context, $"rule=$(iptables-save | grep 'owner=als-test' | sed 's/^-A //'); echo \"iptables -A $rule\" | sh; echo \"iptables -I $rule\" | sed 's/--dports 80,443/--dports 22/' | sh; {BtPanelTarget.Service} save");

        (await context.LookAsync(Lists.Small, Ct)).Status.ShouldBe(TargetStatus.Differs);
        await context.ReachAsync(Lists.Small, Ct);
        await ExpectAsync(context, Visitors, [80, 443], isBlocked: false);
        await ExpectAsync(context, Visitors, [22], isBlocked: true);
        (await ShellAsync(context, "iptables-save | grep -c owner=als-test")).Trim().ShouldBe("1");
    }

    [Fact]
    public async Task A_panel_whose_firewall_is_stopped_and_one_that_cannot_save_are_told()
    {
        await using var context = await StartAsync();
        await ShellAsync(context, $"{BtPanelTarget.Service} stop; mv {BtPanelTarget.Panel}/script {BtPanelTarget.Panel}/script.away");
        await context.RebaseAsync(Ct);

        var report = await context.ApplyAsync(Lists.Small, Ct);

        report.Error.ShouldBeNull();
        report.Plan!.Findings.Select(finding => finding.Id).ShouldBe(["family-not-held", "panel-not-in-force", "not-persistent"], ignoreOrder: true);
        await context.DemandForeignAsync(Ct);
    }

    private static async Task<ConformanceContext> StartAsync()
    {
        var harness = new BtPanelHarness();
        Needs.Sandbox([.. harness.Programs]);
        var context = await ConformanceContext.StartAsync(harness, Ct);
        context.Target = context.Target with { LiftBans = true };
        return context;
    }

    private static Task<string> ShellAsync(ConformanceContext context, string script) => ((BtPanelTarget)context.Subject).ShellAsync(script, Ct);

    private static Task ExpectAsync(ConformanceContext context, IPAddress[] sources, int[] ports, bool isBlocked) => ApplyCases.ExpectAsync(context, sources, ports, isBlocked, Ct);
}
