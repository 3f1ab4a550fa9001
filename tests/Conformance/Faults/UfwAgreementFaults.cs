using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using Shouldly;

namespace AllowlistSync.Conformance.Faults;

/// <summary>ufw itself goes on working beside us, and agrees with what we wrote.</summary>
public sealed class UfwAgreementFaults
{
    private static readonly string[] List = ["104.16.0.0/13", "131.0.72.1/32", "2400:cb00::/32", "2606:4700::1/128"];

    private static readonly PortSet ManyPorts = PortSet.Of(
        [PortRange.Tcp(80), PortRange.Tcp(443), new PortRange(TransportProtocol.Tcp, 8000, 8010), PortRange.Udp(443), .. Enumerable.Range(0, 14).Select(i => PortRange.Tcp((ushort)(9000 + (2 * i))))]);

    [Fact]
    public async Task What_we_write_is_what_ufw_writes_byte_for_byte_and_it_shows_it()
    {
        await using var lab = await UfwLab.StartAsync();
        lab.Target = lab.Target with { Ports = ManyPorts };
        (await lab.ApplyAsync(List)).Error.ShouldBeNull();
        var written = await lab.RulesAsync();

        // Each of them reads our tuples and writes both files anew.
        await lab.ShellAsync("ufw allow 12345/tcp; ufw delete allow 12345/tcp; ufw logging low");

        (await lab.RulesAsync()).ShouldBe(written);
        var status = await lab.ShellAsync("ufw status numbered");
        status.ShouldContain("[ 1] 80,443,8000:8010,9000,9002,9004,9006,9008,9010,9012,9014,9016,9018,9020/tcp ALLOW IN    104.16.0.0/13              # als-test/web");
        status.ShouldContain("443/udp                    ALLOW IN    2606:4700::1               # als-test/web");
        (await lab.ShellAsync("ufw show added")).ShouldContain("ufw allow from 131.0.72.1 to any port 9022,9024,9026 proto tcp comment 'als-test/web'");
        await lab.DemandSafeAsync();
    }

    [Fact]
    public async Task Later_commands_a_reload_and_a_restart_of_ufw_keep_ours()
    {
        await using var lab = await UfwLab.StartAsync();
        (await lab.ApplyAsync(List)).Status.ShouldBe(TargetStatus.Applied);

        await lab.ChangeAsync("ufw insert 1 allow 53/udp; ufw delete allow 53/udp; ufw reload");
        (await lab.LookAsync(List)).Status.ShouldBe(TargetStatus.InSync);
        await lab.ChangeAsync("ufw --force disable; ufw --force enable");
        (await lab.LookAsync(List)).Status.ShouldBe(TargetStatus.InSync);
        await lab.ExpectAsync(["104.16.0.1", "131.0.72.1", "2400:cb00::1"], [80, 443], isBlocked: false);
        await lab.ExpectAsync(["131.0.72.2"], [80, 443], isBlocked: true);
        await lab.DemandSafeAsync();
    }

    [Fact]
    public async Task A_rule_of_ours_that_ufw_deletes_or_renames_is_told_and_made_good()
    {
        await using var lab = await UfwLab.StartAsync();
        await lab.ApplyAsync(List);
        await lab.ShellAsync("ufw --force delete 1");

        (await lab.LookAsync(List)).Plan!.Changes.Add.Entries().ShouldHaveSingleItem().Prefix.ToString().ShouldBe("104.16.0.0/13");
        (await lab.ApplyAsync(List)).Status.ShouldBe(TargetStatus.Applied);

        // For ufw a rule with another comment is the same rule: ours becomes the operator's, and nobody adds a second.
        await lab.ChangeAsync("ufw allow proto tcp from 104.16.0.0/13 to any port 80,443 comment mine");
        (await lab.LookAsync(List)).Status.ShouldBe(TargetStatus.InSync);
        (await lab.RemoveAsync()).Status.ShouldBe(TargetStatus.Applied);
        (await lab.ShellAsync("ufw status")).ShouldContain("# mine");
        await lab.ExpectAsync(["104.16.0.1"], [80, 443], isBlocked: false);
        await lab.ExpectAsync(["2400:cb00::1"], [80, 443], isBlocked: true);
        await lab.DemandSafeAsync();
    }

    [Fact]
    public async Task A_reset_between_two_runs_ends_with_rules_for_the_next_start_and_leaves_the_copies()
    {
        await using var lab = await UfwLab.StartAsync();
        await lab.ApplyAsync(List);
        await lab.ShellAsync("ufw --force reset");
        var copies = await lab.ShellAsync("md5sum /etc/ufw/*.rules.*");

        var report = await lab.ApplyAsync(List);

        report.Status.ShouldBe(TargetStatus.Applied);
        report.Plan!.Findings.ShouldContain(finding => finding.Id == "ufw-inactive" && finding.Severity == Severity.Warning);
        report.Actions.ShouldContain(action => action.Contains("not loaded", StringComparison.Ordinal));
        (await lab.LookAsync(List)).Status.ShouldBe(TargetStatus.InSync);
        (await lab.ShellAsync("iptables-save")).ShouldNotContain("104.16");
        (await lab.ShellAsync("md5sum /etc/ufw/*.rules.*")).ShouldBe(copies);

        await lab.ChangeAsync("ufw allow proto tcp from 198.51.100.0/24 to any port 22; ufw allow proto tcp from 2001:db8:1::/48 to any port 22; ufw --force enable");
        (await lab.LookAsync(List)).Status.ShouldBe(TargetStatus.InSync);
        await lab.ExpectAsync(["104.16.0.1", "2400:cb00::1"], [80, 443], isBlocked: false);
        await lab.DemandSafeAsync();
    }

    [Fact]
    public async Task A_ban_that_touches_nothing_of_ours_is_no_reason_to_write_and_one_that_does_is_overtaken()
    {
        await using var lab = await UfwLab.StartAsync();
        await lab.ApplyAsync(List);
        await lab.ChangeAsync("ufw insert 1 deny from 203.0.113.5; ufw insert 1 deny proto udp from 104.16.0.0/13");
        (await lab.LookAsync(List)).Status.ShouldBe(TargetStatus.InSync);

        await lab.ChangeAsync("ufw insert 1 deny from 104.16.7.7");
        (await lab.LookAsync(List)).Plan!.Changes.Repairs.ShouldHaveSingleItem().Id.ShouldBe("rule-too-late");
        (await lab.ApplyAsync(List)).Status.ShouldBe(TargetStatus.Applied);
        await lab.ExpectAsync(["104.16.7.7"], [80, 443], isBlocked: false);
        await lab.DemandSafeAsync();
    }

    [Fact]
    public async Task A_deny_that_ufw_takes_for_the_same_rule_is_a_conflict_that_names_it()
    {
        await using var lab = await UfwLab.StartAsync();
        await lab.ChangeAsync("ufw deny proto tcp from 104.16.0.0/13 to any port 80,443");

        var report = await lab.ApplyAsync(List);

        report.Error.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Conflict);
        report.Error.Aftermath.ShouldBe(Aftermath.Untouched);
        report.Error.Message.ShouldContain("deny tcp 80,443");
        await lab.DemandSafeAsync();
    }
}
