using System.Diagnostics;
using System.Text;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using Shouldly;

namespace AllowlistSync.Conformance.Faults;

/// <summary>fail2ban is down, broken, edited, of another version, or bans faster than we lift.</summary>
public sealed class Fail2BanFaults
{
    private static readonly string[] List = ["104.16.0.0/13", "2400:cb00::/32"];

    [Fact]
    public async Task A_server_that_is_down_is_told_the_files_are_kept_and_hold_when_it_starts()
    {
        await using var lab = await Fail2BanLab.StartAsync();
        await lab.ShellAsync("fail2ban-client stop");

        var report = await lab.ApplyAsync([.. List]);

        report.Status.ShouldBe(TargetStatus.Applied);
        report.Plan!.Findings.ShouldContain(finding => finding.Id == "fail2ban-not-running");
        await lab.Subject.StartServerAsync(Fail2BanLab.Ct);
        (await lab.IgnoredAsync()).ShouldContain("104.16.0.0/13");
        (await lab.LookAsync([.. List])).Status.ShouldBe(TargetStatus.InSync);
    }

    [Fact]
    public async Task A_configuration_that_was_broken_before_us_is_told_and_made_no_worse()
    {
        await using var lab = await Fail2BanLab.StartAsync();
        await lab.ShellAsync("printf '[broken]\\nenabled = true\\nfilter = nosuchfilter\\nlogpath = /var/log/web.log\\n' > /etc/fail2ban/jail.d/broken.local; fail2ban-client set webtest banip 104.16.0.1");

        var report = await lab.ApplyAsync([.. List]);

        report.Status.ShouldBe(TargetStatus.Applied);
        report.Plan!.Findings.ShouldContain(finding => finding.Id == "configuration-broken" && finding.Message.Contains("nosuchfilter", StringComparison.Ordinal));
        (await lab.BannedAsync()).ShouldNotContain("104.16.0.1");
        await lab.ShellAsync("rm /etc/fail2ban/jail.d/broken.local; fail2ban-client -t");
    }

    [Fact]
    public async Task A_file_that_fail2ban_cannot_read_at_all_stops_us_and_nothing_is_changed()
    {
        await using var lab = await Fail2BanLab.StartAsync();
        await lab.ShellAsync("printf '[bad\\n' > /etc/fail2ban/jail.d/bad.local");

        var error = (await lab.ApplyAsync([.. List])).Error.ShouldNotBeNull();

        error.Kind.ShouldBe(FailureKind.Conflict);
        error.Aftermath.ShouldBe(Aftermath.Untouched);
        error.Message.ShouldContain("bad.local");
        (await lab.ShellAsync($"ls {Fail2BanLab.DropIn} 2>&1 || true")).ShouldContain("No such file");
    }

    [Fact]
    public async Task An_edited_drop_in_and_a_jail_that_was_defined_since_are_told_and_mended()
    {
        await using var lab = await Fail2BanLab.StartAsync();
        await lab.ApplyAsync([.. List]);
        await lab.ShellAsync($"sed -i 's/ 2400:cb00::.32//' {Fail2BanLab.DropIn}; printf 'bantime = 1\\n' >> {Fail2BanLab.DropIn}");

        var look = await lab.LookAsync([.. List]);
        look.Plan!.Changes.Add.Sources.ShouldBe(PrefixSet.Of(IpPrefix.Parse("2400:cb00::/32")));
        look.Plan.Changes.Repairs.ShouldHaveSingleItem().Id.ShouldBe("edited");
        (await lab.ApplyAsync([.. List])).Status.ShouldBe(TargetStatus.Applied);
        (await lab.ShellAsync($"cat {Fail2BanLab.DropIn}")).ShouldNotContain("bantime");

        await lab.ShellAsync("printf '[another]\\nenabled = true\\nfilter = webtest\\nlogpath = /var/log/two.log\\n' > /etc/fail2ban/jail.d/another.local; fail2ban-client reload");
        (await lab.LookAsync([.. List])).Plan!.Changes.Repairs.Select(repair => repair.Id).ShouldBe(["jail-not-covered", "not-in-force"]);
        (await lab.ApplyAsync([.. List])).Status.ShouldBe(TargetStatus.Applied);
        (await lab.IgnoredAsync("another")).ShouldContain("104.16.0.0/13");
    }

    [Fact]
    public async Task A_jail_whose_list_cannot_be_nested_is_covered_at_run_time_and_told()
    {
        await using var lab = await Fail2BanLab.StartAsync();
        await lab.ShellAsync("sed -i 's/^ignoreip = 192.0.2.1/ignoreip = %(known\\/ignoreip)s 192.0.2.1/' /etc/fail2ban/jail.local; fail2ban-client reload");

        var report = await lab.ApplyAsync([.. List]);

        report.Status.ShouldBe(TargetStatus.Applied);
        report.Plan!.Findings.ShouldContain(finding => finding.Id == "known-in-use" && finding.Message.Contains("two", StringComparison.Ordinal));
        (await lab.IgnoredAsync("two")).ShouldContain("104.16.0.0/13");
        await lab.ShellAsync("fail2ban-client reload");
        (await lab.LookAsync([.. List])).Plan!.Changes.Repairs.ShouldHaveSingleItem().Message.ShouldContain("two runs and does not ignore");
        (await lab.ApplyAsync([.. List])).Status.ShouldBe(TargetStatus.Applied);
    }

    [Fact]
    public async Task Only_the_jails_that_are_named_are_kept_and_a_name_that_is_none_is_told()
    {
        var settings = new ProviderSettings { Lists = ProviderSettings.None.Lists.Add("jails", ["webtest", "nosuch"]) };
        await using var lab = await Fail2BanLab.StartAsync(settings: settings);
        await lab.ShellAsync("fail2ban-client set two banip 104.16.0.1");

        var report = await lab.ApplyAsync([.. List]);

        report.Status.ShouldBe(TargetStatus.Applied);
        report.Plan!.Findings.ShouldContain(finding => finding.Id == "jail-not-found" && finding.Message.Contains("nosuch", StringComparison.Ordinal));
        (await lab.IgnoredAsync()).ShouldContain("104.16.0.0/13");
        (await lab.IgnoredAsync("two")).ShouldNotContain("104.16.0.0/13");
        (await lab.BannedAsync("two")).ShouldContain("104.16.0.1");
    }

    [Fact]
    public async Task What_was_written_for_a_version_that_reads_no_lists_is_written_anew_for_one_that_does()
    {
        await using var lab = await Fail2BanLab.StartAsync(readsLists: true);
        await lab.ApplyAsync([.. List]);
        await lab.ShellAsync($"sed -i 's|^\\(allowlist_sync.*\\) = file:.*|\\1 =\\n    104.16.0.0/13 2400:cb00::/32|' {Fail2BanLab.DropIn}; rm /etc/fail2ban/allowlist-sync.*.list; fail2ban-client reload");

        (await lab.LookAsync([.. List])).Plan!.Changes.Repairs.Select(repair => repair.Id).ShouldBe(["other-version", "not-in-force"]);
        (await lab.ApplyAsync([.. List])).Status.ShouldBe(TargetStatus.Applied);
        (await lab.IgnoredAsync()).ShouldContain("file://etc/fail2ban/allowlist-sync.als-test.web.list");
        (await lab.IgnoredAsync()).ShouldNotContain("104.16.0.0/13");
    }

    [Fact]
    public async Task Five_thousand_bans_are_lifted_by_one_program_and_strangers_stay_banned()
    {
        await using var lab = await Fail2BanLab.StartAsync();
        await lab.ShellAsync("""
            printf '[many]\nenabled = true\nfilter = webtest\nlogpath = /var/log/many.log\naction =\n' > /etc/fail2ban/jail.d/many.local; touch /var/log/many.log; fail2ban-client reload
            (printf 'set many banip 198.18.7.7'; i=0; while [ $i -lt 5000 ]; do printf ' 104.16.%d.%d' $((i / 250)) $((i % 250)); i=$((i + 1)); done; printf '\nexit\n') | fail2ban-client -i > /dev/null
            """);
        lab.Tap.Reset();
        var start = Stopwatch.GetTimestamp();

        var report = await lab.ApplyAsync([.. List]);

        TestContext.Current.TestOutputHelper?.WriteLine($"5,000 bans: {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s, {lab.Tap.Programs} programs");
        report.Status.ShouldBe(TargetStatus.Applied);
        report.Plan!.Changes.Lift.Length.ShouldBe(5000);
        lab.Tap.Programs.ShouldBeLessThan(12);
        (await lab.BannedAsync("many")).Trim().ShouldBe("198.18.7.7");
    }

    [Fact]
    public async Task A_ban_that_comes_back_within_the_run_is_a_failure_that_names_it()
    {
        await using var lab = await Fail2BanLab.StartAsync();
        await lab.ShellAsync("fail2ban-client set webtest banip 104.16.0.1");
        lab.Tap.After = (_, command, result) =>
        {
            if (Encoding.UTF8.GetString(command.Input.Span).Contains("unbanip", StringComparison.Ordinal))
            {
                lab.ShellAsync("fail2ban-client set webtest banip 104.16.0.1").GetAwaiter().GetResult();
            }

            return result;
        };

        var report = await lab.ApplyAsync([.. List]);

        report.Status.ShouldBe(TargetStatus.Failed);
        report.Error!.Message.ShouldContain("banned again as soon as they were lifted: 104.16.0.1/32 by jail webtest");
        lab.Tap.Reset();
        (await lab.ApplyAsync([.. List])).Status.ShouldBe(TargetStatus.Applied);
    }

    [Fact]
    public async Task What_a_jail_refuses_is_taken_back()
    {
        await using var lab = await Fail2BanLab.StartAsync();
        await lab.ApplyAsync([.. List]);
        var before = await lab.ShellAsync($"cat {Fail2BanLab.DropIn}");
        lab.Tap.After = (_, command, result) => Encoding.UTF8.GetString(command.Input.Span).Contains("addignoreip 172", StringComparison.Ordinal)
            ? result with { Output = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(result.Output.Span).Replace("These IP addresses", "Cannot do that to these IP addresses", StringComparison.Ordinal)) }
            : result;

        var error = (await lab.ApplyAsync([.. List, "172.64.0.0/13"])).Error.ShouldNotBeNull();

        error.Aftermath.ShouldBe(Aftermath.RolledBack);
        error.Message.ShouldContain("refused `set two addignoreip");
        (await lab.ShellAsync($"cat {Fail2BanLab.DropIn}")).ShouldBe(before);
        (await lab.IgnoredAsync()).ShouldNotContain("172.64");
        lab.Tap.Reset();
        (await lab.ApplyAsync([.. List, "172.64.0.0/13"])).Status.ShouldBe(TargetStatus.Applied);
    }
}
