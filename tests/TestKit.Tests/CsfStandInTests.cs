using Shouldly;

namespace AllowlistSync.TestKit.Tests;

/// <summary>The stand-in of csf does what is known of the real one; where the real one is installed, it is asked the same.</summary>
public sealed class CsfStandInTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task What_is_allowed_gets_in_but_a_deny_holds_back_the_replies_to_what_is_allowed_by_port()
    {
        await using var lab = await StartAsync("tcp|in|d=80,443|s=104.16.0.0/13 # ours\n2606:4700::/32\n", "104.16.0.1 # in both\n131.0.72.0/22\n");

        (await IsOpenAsync(lab, "104.16.0.1")).ShouldBe([false, false], "replies to what is denied are dropped on their way out: DENYOUT");
        (await IsOpenAsync(lab, "104.17.0.1")).ShouldBe([true, true]);
        (await IsOpenAsync(lab, "2606:4700::1")).ShouldBe([true, true]);
        (await IsOpenAsync(lab, "131.0.72.1")).ShouldBe([false, false]);
        (await IsOpenAsync(lab, "8.8.8.8")).ShouldBe([false, false]);
        (await SaveAsync(lab, "iptables-save")).ShouldContain("-A ALLOWIN -s 104.16.0.0/13 ! -i lo -p tcp -m multiport --dports 80,443 -j ACCEPT");
    }

    [Theory]
    [InlineData("tcp|in|d=80,70000|s=104.16.0.0/13")]
    [InlineData("tcp|in|d=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16|s=104.16.0.0/13")]
    public async Task A_line_that_iptables_refuses_leaves_the_host_open(string line)
    {
        await using var lab = await StartAsync("", "");
        await lab.Origin.WriteFileAsync("/etc/csf/bad.allow", line + "\n", ct: Ct);
        await AppendAsync(lab, "/etc/csf/csf.allow", "Include /etc/csf/bad.allow\n");

        var result = await CsfAsync(lab, "-r");

        result.ExitCode.ShouldBe(1);
        result.StdOut.ShouldContain("Error: FASTSTART: (csf.allow IPv4)");
        (await IsOpenAsync(lab, "8.8.8.8")).ShouldBe([true, true], "everything is flushed and the policies accept");
        (await lab.Origin.ReadFileAsync("/etc/csf/csf.error", Ct)).ShouldContain("FASTSTART");
        (await CsfAsync(lab, "-a", "104.16.0.0/13")).ExitCode.ShouldBe(1);

        await lab.Origin.WriteFileAsync("/etc/csf/bad.allow", "", ct: Ct);
        (await CsfAsync(lab, "-r")).ExitCode.ShouldBe(0);
        (await IsOpenAsync(lab, "8.8.8.8")).ShouldBe([false, false]);
        (await lab.Origin.ExistsAsync("/etc/csf/csf.error", Ct)).ShouldBeFalse();
    }

    [Fact]
    public async Task Without_faststart_a_bad_line_is_said_and_left_out()
    {
        await using var lab = await StartAsync("tcp|in|d=80|s=104.16.0.0/13\ntcp|in|d=70000|s=131.0.72.0/22\n", "", ("FASTSTART", "0"));

        (await IsOpenAsync(lab, "104.16.0.1")).ShouldBe([true, false]);
        (await lab.Origin.ExistsAsync("/etc/csf/csf.error", Ct)).ShouldBeFalse();
    }

    [Fact]
    public async Task Includes_are_nested_a_missing_one_is_a_warning_and_a_line_with_that_word_is_skipped()
    {
        await using var lab = await StartAsync("Include /etc/csf/one.allow\nInclude /etc/csf/missing.allow\ntcp|in|d=80|s=131.0.72.0/22 # Include me not\n", "");
        await lab.Origin.WriteFileAsync("/etc/csf/one.allow", "Include /etc/csf/two.allow\n", ct: Ct);
        await lab.Origin.WriteFileAsync("/etc/csf/two.allow", "104.16.0.0/13\n104.24.0.0/99\n", ct: Ct);

        var result = await CsfAsync(lab, "-r");

        result.ExitCode.ShouldBe(0);
        result.StdErr.ShouldContain("*Error* File does not exist: [/etc/csf/missing.allow]");
        (await IsOpenAsync(lab, "104.16.0.1")).ShouldBe([true, true]);
        (await IsOpenAsync(lab, "131.0.72.1")).ShouldBe([false, false]);
    }

    [Fact]
    public async Task Most_refusals_end_with_success()
    {
        await using var lab = await StartAsync("104.16.0.0/13\n", "");

        foreach (var (arguments, said) in ((string[], string)[])
        [
            (["-a", "104.16.0.0/13"], "add failed: 104.16.0.0/13 is in already in the allow file /etc/csf/csf.allow"),
            (["-a", "bogus"], "add failed: [bogus] is not a valid PUBLIC IP/CIDR"),
            (["-d", "104.16.0.1"], "deny failed: 104.16.0.1 is in the allow file /etc/csf/csf.allow"),
            (["-d", "198.51.100.10"], "deny failed: 198.51.100.10 is in the allow file /etc/csf/csf.allow"),
            (["-dr", "8.8.8.8"], "csf: 8.8.8.8 not found in csf.deny"),
            (["-dr", "9.9.9.9"], "csf: 9.9.9.9 set as \"do not delete\" - not removed"),
            (["-ar", "8.8.8.8"], "csf: 8.8.8.8 not found in csf.allow"),
            (["-trd", "8.8.8.8"], "csf: There are no temporary IP bans"),
        ])
        {
            var result = await CsfAsync(lab, arguments);
            result.StdOut.ShouldContain(said);
            result.ExitCode.ShouldBe(0);
        }

        (await CsfAsync(lab, "-x")).StdOut.ShouldContain("csf and lfd have been disabled");
        var refused = await CsfAsync(lab, "-r");
        refused.ExitCode.ShouldBe(1);
        refused.StdOut.ShouldContain("csf and lfd have been disabled, use 'csf -e' to enable");
    }

    [Fact]
    public async Task Bans_come_and_go_in_file_and_kernel()
    {
        await using var lab = await StartAsync("104.16.0.0/13\n", "", ("LF_IPSET", "1"));

        (await CsfAsync(lab, "-td", "104.16.0.1", "10m", "-p", "80", "-d", "in", "from", "lfd")).StdOut.ShouldContain("csf: 104.16.0.1 blocked on port 80 for 600 seconds inbound");
        (await lab.Origin.ReadFileAsync("/var/lib/csf/csf.tempban", Ct)).ShouldMatch(@"^\d+\|104\.16\.0\.1\|80\|in\|600\|from lfd\n$");
        (await SaveAsync(lab, "iptables-save")).ShouldContain("-A DENYIN -s 104.16.0.1/32 ! -i lo -p tcp -m tcp --dport 80 -j DROP");
        (await CsfAsync(lab, "-r")).EnsureSuccess();
        (await SaveAsync(lab, "iptables-save")).ShouldContain("-A DENYIN -s 104.16.0.1/32");
        (await CsfAsync(lab, "-trd", "104.16.0.1")).StdOut.ShouldContain("csf: 104.16.0.1 temporary block removed");
        (await SaveAsync(lab, "iptables-save")).ShouldNotContain("104.16.0.1/32");

        (await CsfAsync(lab, "-d", "8.8.8.8")).StdOut.ShouldContain("Adding 8.8.8.8 to csf.deny and iptables DROP...");
        (await lab.Origin.RunAsync(["ipset", "test", "chain_DENY", "8.8.8.8"], ct: Ct)).ExitCode.ShouldBe(0);
        (await CsfAsync(lab, "-dr", "8.8.8.8")).StdOut.ShouldContain("Removing rule...");
        (await lab.Origin.RunAsync(["ipset", "test", "chain_DENY", "8.8.8.8"], ct: Ct)).ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task The_login_daemon_bans_who_is_not_ignored_as_it_read_it_at_its_start()
    {
        Assert.SkipWhen(CsfInstallation.IsReal, "one pass of lfd at a time is a thing of the stand-in");
        await using var lab = await StartAsync("tcp|in|d=80,443|s=104.16.0.0/13\n", "");
        (await CsfAsync(lab, "--lfd", "restart")).EnsureSuccess();
        await AppendAsync(lab, "/etc/csf/csf.ignore", "104.16.0.0/13\n");

        await CsfInstallation.FailedLoginsAsync(lab.Origin, Ct, ("104.16.0.1", 6), ("8.8.8.8", 6), ("198.51.100.10", 9), ("1.1.1.1", 2));

        var bans = await lab.Origin.ReadFileAsync("/var/lib/csf/csf.tempban", Ct);
        bans.ShouldContain("|104.16.0.1||inout|3600|lfd - (sshd) Failed SSH login from 104.16.0.1 (-): 6 in the last 3600 secs");
        bans.ShouldContain("|8.8.8.8|");
        bans.ShouldNotContain("198.51.100.10");
        bans.ShouldNotContain("1.1.1.1|");

        (await CsfAsync(lab, "-tf")).EnsureSuccess();
        (await CsfAsync(lab, "-ra")).EnsureSuccess();
        await CsfInstallation.FailedLoginsAsync(lab.Origin, Ct, ("104.16.0.1", 10), ("8.8.8.8", 6));
        (await lab.Origin.ReadFileAsync("/var/lib/csf/csf.tempban", Ct)).ShouldNotContain("104.16.0.1");
    }

    private static async Task<Lab> StartAsync(string allow, string deny, params (string, string)[] settings)
    {
        Needs.Sandbox(CsfInstallation.Programs);
        var lab = await Lab.StartAsync(Ct);
        await CsfInstallation.InstallAsync(lab.Origin, Ct);
        await CsfInstallation.SetAsync(lab.Origin, Ct, settings);
        await AppendAsync(lab, "/etc/csf/csf.allow", allow);
        await AppendAsync(lab, "/etc/csf/csf.deny", deny);
        (await CsfAsync(lab, "-r")).EnsureSuccess();
        return lab;
    }

    private static Task<SandboxResult> CsfAsync(Lab lab, params string[] arguments) => CsfInstallation.CsfAsync(lab.Origin, Ct, arguments);

    private static async Task AppendAsync(Lab lab, string path, string text) =>
        await lab.Origin.WriteFileAsync(path, await lab.Origin.ReadFileAsync(path, Ct) + text, ct: Ct);

    private static async Task<string> SaveAsync(Lab lab, string program) => (await lab.Origin.RunAsync([program], ct: Ct)).EnsureSuccess().StdOut;

    // Ports 80 and 443.
    private static async Task<bool[]> IsOpenAsync(Lab lab, string from) =>
        [.. (await lab.Client.ProbeAsync(ProbePlan.Probes([System.Net.IPAddress.Parse(from)], 80, 443), Lab.Budget, Ct)).Select(result => result.Verdict == Verdict.Accepted)];
}
