using System.Net;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Conformance.Faults;

/// <summary>ufw's files are odd, damaged, or cannot be written, and what is loaded fails.</summary>
public sealed class UfwFileFaults
{
    private static readonly string[] List = ["104.16.0.0/13", "2400:cb00::/32"];

    private static CancellationToken Ct => UfwLab.Ct;

    [Fact]
    public async Task Damaged_files_are_refused_with_place_and_remedy_and_stay_as_they_are()
    {
        await using var lab = await UfwLab.StartAsync();
        await lab.ShellAsync("cp -a /etc/ufw /run/good");
        foreach (var (edit, said) in new[]
        {
            ("/^### RULES ###/d", "user.rules has no line `### RULES ###`"),
            ("/^### END RULES ###/d", "user.rules has no line `### END RULES ###`"),
            ("/^COMMIT/d", "user.rules has no line `COMMIT`"),
            ("/^:ufw-user-input/d", "user.rules does not begin with `*filter` and `:ufw-user-input"),
            ("s/$/\\r/", "line 1 of /etc/ufw/user.rules"),
            ("s/--dport 22 -s 198.51.100.0/--dport 99999 -s 198.51.100.0/", "-p tcp --dport 99999 -s 198.51.100.0/24"),
        })
        {
            await lab.ChangeAsync($"sed -i '{edit}' /etc/ufw/user.rules");

            var report = await lab.ApplyAsync(List);

            report.Error.ShouldNotBeNull(edit).Kind.ShouldBe(FailureKind.Conflict, $"{edit}: {report.Error.Message}");
            report.Error.Aftermath.ShouldBe(Aftermath.Untouched);
            report.Error.Message.ShouldContain(said, customMessage: edit);
            report.Error.Remedy.Length.ShouldBeGreaterThan(20);
            await lab.DemandSafeAsync();
            await lab.ChangeAsync("cp -a /run/good/user.rules /etc/ufw/user.rules");
        }

        (await lab.ApplyAsync(List)).Status.ShouldBe(TargetStatus.Applied);
        await lab.DemandSafeAsync();
    }

    [Fact]
    public async Task Odd_spacing_bytes_and_comments_of_others_are_kept_byte_for_byte_and_told()
    {
        await using var lab = await UfwLab.StartAsync();
        var odd = $"""
            # pflegt: M\0374ller

            ### tuple ###   allow   tcp 8080  0.0.0.0/0 any   192.0.2.200   in
            -A   ufw-user-input -p  tcp --dport 8080   -s 192.0.2.200 -j ACCEPT

            ### tuple ### allow tcp
            -A ufw-user-input -s 192.0.2.201 -j ACCEPT

            ### tuple ### deny udp 53 0.0.0.0/0 any 203.0.113.77 in comment={Harnesses.UfwOperator.Mark}
            -A ufw-user-input -p udp --dport 53 -s 203.0.113.77 -j DROP

            ### tuple ### allow tcp 25 0.0.0.0/0 any 203.0.113.78 out comment={Harnesses.UfwOperator.Mark}
            -A ufw-user-output -p tcp --dport 25 -s 203.0.113.78 -j ACCEPT

            ### END RULES ###
            """;
        await lab.ChangeAsync($"printf '{odd.Replace("\n", "\\n", StringComparison.Ordinal)}' > /run/odd; sed -i -e '/^### END RULES ###/{{r /run/odd' -e 'd}}' /etc/ufw/user.rules; iptables-restore -n < /etc/ufw/user.rules");

        var report = await lab.ApplyAsync(List);

        report.Status.ShouldBe(TargetStatus.Applied, $"{report.Error}");
        report.Plan!.Findings.Count(finding => finding.Id == "foreign-comment").ShouldBe(2);
        report.Plan.Findings.ShouldContain(finding => finding.Id == "unrecognised-rule");
        await lab.DemandSafeAsync();
        (await lab.RemoveAsync()).Status.ShouldBe(TargetStatus.Applied);
        await lab.DemandSafeAsync();
    }

    [Fact]
    public async Task A_rule_of_ours_that_was_edited_or_doubled_by_hand_is_mended()
    {
        await using var lab = await UfwLab.StartAsync();
        await lab.ApplyAsync(List);
        await lab.ShellAsync("sed -i 's/-s 104.16.0.0\\/13 -j ACCEPT/-s 104.16.0.0\\/13 -j DROP/' /etc/ufw/user.rules; iptables-restore -n < /etc/ufw/user.rules");
        (await lab.LookAsync(List)).Plan!.Changes.Repairs.ShouldContain(defect => defect.Id == "rule-edited");
        (await lab.ApplyAsync(List)).Status.ShouldBe(TargetStatus.Applied);
        await lab.ExpectAsync(["104.16.0.1", "2400:cb00::1"], [80, 443], isBlocked: false);
        await lab.DemandSafeAsync();

        await lab.ShellAsync("sed -i '/2400:cb00/{p}' /etc/ufw/user6.rules; ip6tables-restore -n < /etc/ufw/user6.rules");
        (await lab.LookAsync(List)).Plan!.Changes.Repairs.ShouldNotBeEmpty();
        (await lab.ApplyAsync(List)).Status.ShouldBe(TargetStatus.Applied);
        await lab.DemandSafeAsync();
    }

    [Fact]
    public async Task A_full_or_read_only_disk_leaves_the_files_as_they_were()
    {
        await using var lab = await UfwLab.StartAsync();
        await lab.ApplyAsync(List);
        await lab.ChangeAsync("cp -a /etc/ufw /run/copy; mount -t tmpfs -o size=160k,mode=755 none /etc/ufw; cp -a /run/copy/. /etc/ufw; dd if=/dev/zero of=/etc/ufw/fill.tmp bs=1k 2>/dev/null || true");
        var rules = await lab.RulesAsync();

        await FailsAsync(lab, rules, "No space left");
        await lab.ShellAsync("rm /etc/ufw/fill.tmp; mount -o remount,ro /etc/ufw");
        await FailsAsync(lab, rules, "Read-only file system");

        await lab.ShellAsync("mount -o remount,rw /etc/ufw");
        (await lab.ApplyAsync("172.64.0.0/13", "2400:cb00::/32")).Status.ShouldBe(TargetStatus.Applied);
        await lab.DemandSafeAsync();
    }

    [Fact]
    public async Task A_link_goes_on_leading_to_the_file_and_the_mode_stays()
    {
        await using var lab = await UfwLab.StartAsync();
        await lab.ShellAsync("mkdir /etc/kept; chmod 600 /etc/ufw/user.rules; mv /etc/ufw/user.rules /etc/kept/; ln -s /etc/kept/user.rules /etc/ufw/user.rules");
        await lab.RebaseAsync();

        (await lab.ApplyAsync(List)).Status.ShouldBe(TargetStatus.Applied);

        (await lab.ShellAsync("readlink /etc/ufw/user.rules; stat -c %a /etc/kept/user.rules")).ShouldBe("/etc/kept/user.rules\n600\n");
        await lab.DemandSafeAsync();
    }

    [Fact]
    public async Task A_load_that_fails_is_taken_back_in_files_and_kernel()
    {
        await using var lab = await UfwLab.StartAsync();
        await lab.ApplyAsync(List);
        var before = await lab.RulesAsync();
        lab.Tap.Before = (_, command) => Task.FromResult(IsLoad(command, "ip6tables-restore") ? Refused : null);

        var report = await lab.ApplyAsync("172.64.0.0/13", "2606:4700::/32");
        lab.Tap.Reset();

        report.Error.ShouldNotBeNull().Aftermath.ShouldBe(Aftermath.RolledBack);
        report.Error.Message.ShouldContain("were put back as they were");
        (await lab.RulesAsync()).ShouldBe(before);
        (await lab.LookAsync(List)).Status.ShouldBe(TargetStatus.InSync);
        await lab.ExpectAsync(["104.16.0.1", "2400:cb00::1"], [80, 443], isBlocked: false);
        await lab.ExpectAsync(["172.64.0.1", "2606:4700::1"], [80, 443], isBlocked: true);
        await lab.DemandSafeAsync();
    }

    [Fact]
    public async Task A_load_that_fails_and_cannot_be_taken_back_is_told_and_the_next_run_mends_it()
    {
        await using var lab = await UfwLab.StartAsync();
        await lab.ApplyAsync(List);
        var loads = 0;
        lab.Tap.Before = (_, command) => Task.FromResult((IsLoad(command, "iptables-restore") && ++loads > 1) || IsLoad(command, "ip6tables-restore") ? Refused : null);

        var report = await lab.ApplyAsync("172.64.0.0/13", "2606:4700::/32");
        lab.Tap.Reset();

        report.Error.ShouldNotBeNull().Aftermath.ShouldBe(Aftermath.Unknown);
        report.Error.Message.ShouldContain("could not be put back");
        await lab.DemandSafeAsync();
        (await lab.ApplyAsync(List)).Status.ShouldBe(TargetStatus.Applied);
        (await lab.LookAsync(List)).Status.ShouldBe(TargetStatus.InSync);
        await lab.DemandSafeAsync();
    }

    // iptables-restore rewrites the chain: it is not promised that no connection is lost, only that there is no gap.
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_rewrite_loses_hardly_a_connection(bool isLegacy)
    {
        const int Rewrites = 40;
        await using var lab = await UfwLab.StartAsync(isLegacy: isLegacy);
        await lab.ApplyAsync(List);
        var there = await ChangesAsync(lab, Lists.Cloudflare);
        await lab.ApplyAsync([.. Lists.Cloudflare.Select(prefix => prefix.ToString())]);
        var back = await ChangesAsync(lab, Lists.Of(List));
        await using var load = await LoadProbe.StartAsync(lab.Subject.Client, IPAddress.Parse("104.16.0.1"), 443, Ct);
        for (var i = 0; i < Rewrites / 2; i++)
        {
            await lab.Provider.ApplyAsync(back, Ct);
            await lab.Provider.ApplyAsync(there, Ct);
        }

        var report = await load.StopAsync();
        TestContext.Current.TestOutputHelper?.WriteLine($"{report} in {Rewrites} rewrites");
        report.Attempts.ShouldBeGreaterThan(1000);
        report.Lost.ShouldBeLessThan(Rewrites, "an opening that closes for a moment would lose some in each");
        await lab.DemandSafeAsync();
    }

    private static readonly CommandResult Refused = new(4, ReadOnlyMemory<byte>.Empty, "ip6tables-restore v1.8.9 (nf_tables): \nline 3: RULE_APPEND failed (Invalid argument): rule in chain ufw6-user-input\n");

    private static bool IsLoad(HostCommand command, string program) => command.Program == program && !command.Arguments.Contains("--test");

    private static async Task<ChangeSet> ChangesAsync(UfwLab lab, IEnumerable<IpPrefix> list)
    {
        var wish = await lab.Program.WishAsync(lab.Target, list, Ct);
        return Core.Planning.Planner.Plan(await lab.Provider.PrepareAsync(wish, Ct), await lab.Provider.ReadAsync(lab.Target, Ct), []).Changes;
    }

    private static async Task FailsAsync(UfwLab lab, string rules, string why)
    {
        var report = await lab.ApplyAsync("172.64.0.0/13", "2606:4700::/32");
        report.Error.ShouldNotBeNull().Aftermath.ShouldBe(Aftermath.Untouched, report.Error.Message);
        report.Error.Message.ShouldContain(why);
        report.Error.Remedy.ShouldContain("make room");
        (await lab.RulesAsync()).ShouldBe(rules);
        (await lab.LookAsync(List)).Status.ShouldBe(TargetStatus.InSync);
        await lab.DemandSafeAsync();
    }
}
