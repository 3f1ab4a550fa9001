using System.Text;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Providers.Host.Fail2Ban;
using Shouldly;

namespace AllowlistSync.Conformance.Faults;

/// <summary>The operator of a fail2ban 1.1.1 uses a list of his own, beside which that version refuses addresses (FileIPAddrSet.__eq__ in its ipdns.py).</summary>
public sealed class Fail2BanListFaults
{
    private const string Mine = "file://etc/fail2ban/mine.list";
    private const string Ours = "file://etc/fail2ban/allowlist-sync.als-test.web.list";

    private static readonly string[] List = ["104.16.0.0/13", "2400:cb00::/32"];

    [Fact]
    public async Task A_list_of_the_operator_is_no_obstacle_and_stays()
    {
        await using var lab = await StartAsync();
        (await lab.ShellAsync("fail2ban-client set two addignoreip 192.0.2.9 2>&1 || true")).ShouldContain("expected string");

        (await lab.ApplyAsync([.. List])).Status.ShouldBe(TargetStatus.Applied);
        (await lab.IgnoredAsync("two")).ShouldContain(Mine);
        (await lab.IgnoredAsync("two")).ShouldContain(Ours);
        (await lab.ApplyAsync(["172.64.0.0/13"])).Status.ShouldBe(TargetStatus.Applied);
        await lab.ShellAsync("fail2ban-client reload");
        (await lab.LookAsync(["172.64.0.0/13"])).Status.ShouldBe(TargetStatus.InSync);

        (await lab.Program.RunAsync(lab.Provider, lab.Target, Lists.Small, CrashHost.Installation.Remove(), Fail2BanLab.Ct)).Status.ShouldBe(TargetStatus.Applied);
        (await lab.IgnoredAsync("two")).ShouldContain(Mine);
        (await lab.IgnoredAsync("two")).ShouldNotContain("allowlist-sync");
    }

    [Fact]
    public async Task What_we_wrote_for_an_older_version_does_not_keep_a_jail_with_a_list_from_starting()
    {
        await using var lab = await StartAsync();
        await WriteForOlderAsync(lab);

        await lab.ShellAsync("fail2ban-client reload");

        (await lab.ShellAsync("fail2ban-client get two logpath")).ShouldContain("/var/log/two.log");
        (await lab.IgnoredAsync("two")).ShouldContain("104.16.0.0/13");
        (await lab.IgnoredAsync("two")).ShouldContain(Mine);
        (await lab.LookAsync([.. List])).Plan!.Changes.Repairs.Select(repair => repair.Id).ShouldBe(["other-version", "not-in-force"]);
        (await lab.ApplyAsync([.. List])).Status.ShouldBe(TargetStatus.Applied);
        (await lab.IgnoredAsync("two")).ShouldContain(Ours);
        (await lab.IgnoredAsync("two")).ShouldNotContain("104.16.0.0/13");
    }

    [Fact]
    public async Task What_is_refused_is_taken_back_beside_a_list_of_the_operator()
    {
        await using var lab = await StartAsync();
        await WriteForOlderAsync(lab);
        await lab.ShellAsync("fail2ban-client reload");
        var before = await lab.ShellAsync($"cat {Fail2BanLab.DropIn}; fail2ban-client get two ignoreip | sort");
        lab.Tap.After = (_, command, result) => Encoding.UTF8.GetString(command.Input.Span).Contains("addignoreip file:/etc/fail2ban/allowlist-sync", StringComparison.Ordinal)
            ? result with { Output = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(result.Output.Span).Replace("These IP addresses", "Cannot do that to these IP addresses", StringComparison.Ordinal)) }
            : result;

        var error = (await lab.ApplyAsync([.. List])).Error.ShouldNotBeNull();

        error.Aftermath.ShouldBe(Aftermath.RolledBack, error.Message);
        (await lab.ShellAsync($"cat {Fail2BanLab.DropIn}; fail2ban-client get two ignoreip | sort")).ShouldBe(before);
    }

    private static async Task<Fail2BanLab> StartAsync()
    {
        var lab = await Fail2BanLab.StartAsync(readsLists: true);
        await lab.ShellAsync("echo 198.51.100.0/24 > /etc/fail2ban/mine.list; sed -i 's|^ignoreip = 192.0.2.1$|& file:///etc/fail2ban/mine.list|' /etc/fail2ban/jail.local; fail2ban-client reload");
        return lab;
    }

    // As a run with 1.0.2 would have left it.
    private static async Task WriteForOlderAsync(Fail2BanLab lab)
    {
        (await lab.ApplyAsync([.. List])).Status.ShouldBe(TargetStatus.Applied);
        var found = DropIn.Read(await lab.ShellAsync($"cat {Fail2BanLab.DropIn}"));
        var older = found.With(lab.Target, found.Of(lab.Target)! with { List = null, Entries = Lists.Of(List) }).Write();
        await lab.Subject.Sandbox.WriteFileAsync(Fail2BanLab.DropIn, older!, ct: Fail2BanLab.Ct);
        await lab.ShellAsync("rm /etc/fail2ban/allowlist-sync.*.list");
    }
}
