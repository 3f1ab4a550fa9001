using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Conformance.Faults;

/// <summary>ufw is locked, half started, without IPv6, not loaded, or not there.</summary>
public sealed class UfwStateFaults
{
    private static readonly string[] List = ["104.16.0.0/13", "2400:cb00::/32"];

    [Fact]
    public async Task A_lock_that_is_held_for_a_while_is_waited_for()
    {
        await using var lab = await UfwLab.StartAsync();
        await using var holder = await HoldAsync(lab, seconds: 1);

        (await lab.ApplyAsync(List)).Status.ShouldBe(TargetStatus.Applied);

        (await lab.Subject.Sandbox.ExistsAsync("/run/let-go", UfwLab.Ct)).ShouldBeTrue("nothing is written while another holds the lock");
        await lab.DemandSafeAsync();
    }

    [Fact]
    public async Task A_lock_that_is_held_for_too_long_is_told_and_nothing_is_changed()
    {
        await using var lab = await UfwLab.StartAsync(new HastyTime());
        await using var holder = await HoldAsync(lab, seconds: 30);

        var report = await lab.ApplyAsync(List);

        report.Error.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Transient);
        report.Error.Aftermath.ShouldBe(Aftermath.Untouched);
        report.Error.Message.ShouldContain("another ufw is running");
        (await lab.RulesAsync()).ShouldNotContain("104.16");
        await lab.DemandSafeAsync();
    }

    [Fact]
    public async Task A_half_started_ufw_is_told_and_left_alone_until_it_is_mended()
    {
        await using var lab = await UfwLab.StartAsync();
        await lab.ApplyAsync(List);
        var rules = await lab.RulesAsync();
        await lab.ShellAsync("cp -a /etc/ufw/before.rules /run/before; sed -i 's/^COMMIT/-A ufw-before-input -m set --match-set nope src -j ACCEPT\\nCOMMIT/' /etc/ufw/before.rules; ufw reload || true");
        (await lab.ShellAsync("grep ENABLED= /etc/ufw/ufw.conf")).ShouldContain("no", customMessage: "this is what a failed reload leaves");

        var look = await lab.LookAsync(List);
        look.Plan!.Findings.ShouldContain(finding => finding.Id == "ufw-half-started" && finding.Severity == Severity.Problem && finding.Remedy.Contains("ufw disable", StringComparison.Ordinal));
        var report = await lab.ApplyAsync([.. List, "131.0.72.0/22"]);
        report.Error.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Conflict);
        report.Error.Aftermath.ShouldBe(Aftermath.Untouched);
        (await lab.RulesAsync()).ShouldBe(rules);
        await lab.ExpectAsync(["9.9.9.9", "2620:fe::fe"], [22, 80, 443], isBlocked: true);

        await lab.ShellAsync("cp -a /run/before /etc/ufw/before.rules; ufw --force disable; ufw --force enable");
        (await lab.LookAsync(List)).Status.ShouldBe(TargetStatus.InSync);
        await lab.DemandSafeAsync();
    }

    [Fact]
    public async Task With_IPV6_no_only_IPv4_is_held_and_that_is_said()
    {
        await using var lab = await UfwLab.StartAsync();
        await lab.ApplyAsync(List);
        await lab.ChangeAsync("sed -i s/IPV6=yes/IPV6=no/ /etc/default/ufw; ufw reload");

        var report = await lab.ApplyAsync(List);
        report.Error.ShouldBeNull();
        report.Plan!.Findings.ShouldContain(finding => finding.Id == "family-not-held" && finding.Message.Contains("IPV6=no", StringComparison.Ordinal));
        (await lab.LookAsync(List)).Status.ShouldBe(TargetStatus.InSync);
        (await lab.Provider.ReadAsync(lab.Target, UfwLab.Ct)).Allowed.Sources.ShouldBe(PrefixSet.Of(Lists.Of("104.16.0.0/13")));
        (await lab.ShellAsync("cat /etc/ufw/user6.rules")).ShouldNotContain("2400:cb00", customMessage: "what is not held is not left behind for the day on which IPv6 is switched on");
        await lab.ExpectAsync(["104.16.0.1"], [80, 443], isBlocked: false);

        // ufw blocks all of IPv6 then, its office as well.
        await lab.ExpectAsync(["2400:cb00::1", "2620:fe::fe"], [22, 80, 443], isBlocked: true);
        await lab.ExpectAsync(["198.51.100.7"], [22], isBlocked: false);

        // With IPV6=no ufw writes a user6.rules without any rule (0.36.2), so the office has to be let in anew.
        await lab.ChangeAsync("sed -i s/IPV6=no/IPV6=yes/ /etc/default/ufw; ufw reload; ufw prepend allow proto tcp from 2001:db8:1::/48 to any port 22; ip6tables-restore -n < /etc/ufw/user6.rules");
        (await lab.ApplyAsync(List)).Status.ShouldBe(TargetStatus.Applied);
        await lab.DemandSafeAsync();
    }

    [Fact]
    public async Task Chains_that_somebody_flushed_are_a_problem_that_is_told_and_rules_are_kept_in_the_files()
    {
        await using var lab = await UfwLab.StartAsync();
        await lab.ApplyAsync(List);

        // Only the user's chains are empty: the files are loaded again.
        await lab.ShellAsync("iptables -F ufw-user-input");
        var look = await lab.LookAsync(List);
        look.Plan!.Changes.Repairs.ShouldContain(defect => defect.Id == "not-loaded");
        (await lab.ApplyAsync(List)).Status.ShouldBe(TargetStatus.Applied);
        await lab.DemandSafeAsync();

        // Everything is gone: that is not ours to build up.
        await lab.ShellAsync("nft flush ruleset");
        var report = await lab.ApplyAsync([.. List, "131.0.72.0/22"]);
        report.Error.ShouldBeNull();
        report.Plan!.Findings.ShouldContain(finding => finding.Id == "ufw-not-loaded" && finding.Severity == Severity.Problem);
        (await lab.ShellAsync("iptables-save")).ShouldBeEmpty();
        (await lab.RulesAsync()).ShouldContain("131.0.72.0/22");
        await lab.ShellAsync("ufw --force disable; ufw --force enable");
        await lab.DemandSafeAsync();
    }

    [Fact]
    public async Task Rules_that_somebody_put_into_the_chain_by_hand_are_not_taken_out()
    {
        await using var lab = await UfwLab.StartAsync();
        await lab.ChangeAsync("iptables -I ufw-user-input -s 192.0.2.128/25 -j DROP");

        var report = await lab.ApplyAsync(List);

        report.Error.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Conflict);
        report.Error.Aftermath.ShouldBe(Aftermath.Untouched);
        report.Error.Message.ShouldContain("ufw-user-input holds 1 rules that are not in /etc/ufw/user.rules");
        await lab.DemandSafeAsync();
        await lab.ChangeAsync("iptables -D ufw-user-input 1");
        (await lab.ApplyAsync(List)).Status.ShouldBe(TargetStatus.Applied);
        await lab.DemandSafeAsync();
    }

    [Fact]
    public async Task A_missing_ufw_or_iptables_is_named_with_the_package_to_install()
    {
        await using var lab = await UfwLab.StartAsync();
        await lab.ChangeAsync("mv /usr/sbin/ufw /usr/sbin/ufw.away");
        var report = await lab.ApplyAsync(List);
        report.Error.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Unavailable);
        report.Error.Remedy.ShouldContain("apt install ufw");
        await lab.DemandSafeAsync();

        await lab.ShellAsync("mv /usr/sbin/ufw.away /usr/sbin/ufw; mv /usr/sbin/iptables /usr/sbin/iptables.away");
        report = await lab.ApplyAsync(List);
        report.Error.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Unavailable);
        report.Error.Remedy.ShouldContain("apt install iptables");
    }

    private static async Task<SandboxProcess> HoldAsync(UfwLab lab, int seconds)
    {
        // What ufw itself does (create_lock in util.py), in its own language.
        var script = $"import fcntl, time; f = open('/run/ufw.lock', 'w'); fcntl.lockf(f, fcntl.LOCK_EX); open('/run/held', 'w').close(); time.sleep({seconds}); open('/run/let-go', 'w').close()";
        var holder = await lab.Subject.Sandbox.StartProcessAsync(["/usr/bin/python3", "-c", script], UfwLab.Ct);
        await lab.ShellAsync("while [ ! -e /run/held ]; do sleep 0.01; done");
        return holder;
    }

    // Ten seconds of it are half a second.
    private sealed class HastyTime : TimeProvider
    {
        public override long GetTimestamp() => System.GetTimestamp() * 20;

        public override long TimestampFrequency => System.TimestampFrequency;
    }
}
