using AllowlistSync.Conformance.Faults;
using AllowlistSync.Core.Reporting;
using Shouldly;

namespace AllowlistSync.Conformance.Stories;

/// <summary>What an operator sees when fail2ban bans Cloudflare.</summary>
public sealed class Fail2BanStories
{
    private const string Edge = "104.16.0.9";
    private const string Edge6 = "2400:cb00::9";
    private const string Stranger = "203.0.113.9";

    private static readonly string[] Published = [.. Lists.Cloudflare.Select(prefix => prefix.ToString())];

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Cloudflare_is_banned_by_log_lines_and_one_apply_later_it_gets_in_and_is_not_banned_again(bool readsLists)
    {
        await using var lab = await Fail2BanLab.StartAsync(readsLists);
        await lab.BanAsync(Edge);
        await lab.BanAsync(Edge6);
        await lab.BanAsync(Stranger);
        await lab.ExpectAsync(Edge, isBlocked: true);
        await lab.ExpectAsync(Edge6, isBlocked: true);

        var look = await lab.LookAsync(Published);
        look.Status.ShouldBe(TargetStatus.Differs);
        look.Plan!.Findings.ShouldContain(finding => finding.Id == "banned" && finding.Message.Contains($"{Edge}/32 by jail webtest (since 20", StringComparison.Ordinal) && finding.Message.Contains("for good", StringComparison.Ordinal));

        var report = await lab.ApplyAsync(Published);
        report.Error.ShouldBeNull();
        report.Status.ShouldBe(TargetStatus.Applied);
        report.Actions.ShouldContain(action => action.StartsWith("bans lifted: ", StringComparison.Ordinal) && action.Contains(Edge, StringComparison.Ordinal));
        (await lab.Program.State.Target("web").LoadReceiptAsync(Fail2BanLab.Ct))!.Lifted.Select(ban => ban.Prefix.ToString()).ShouldBe([$"{Edge}/32", $"{Edge6}/128"]);
        await lab.ExpectAsync(Edge, isBlocked: false);
        await lab.ExpectAsync(Edge6, isBlocked: false);

        await NotBannedAgainAsync(lab);
        await lab.ExpectAsync(Stranger, isBlocked: true);
        (await lab.ApplyAsync(Published)).Status.ShouldBe(TargetStatus.InSync);
    }

    [Fact]
    public async Task It_stays_so_after_a_reload_a_start_and_for_a_jail_that_is_enabled_later()
    {
        await using var lab = await Fail2BanLab.StartAsync();
        await lab.ApplyAsync(Published);
        await lab.ShellAsync("fail2ban-client reload");
        await NotBannedAgainAsync(lab);
        await lab.ShellAsync("fail2ban-client stop");
        await lab.Subject.StartServerAsync(Fail2BanLab.Ct);
        await NotBannedAgainAsync(lab);

        await lab.ShellAsync("sed -i '/^\\[later\\]/,$s/enabled = false/enabled = true/' /etc/fail2ban/jail.local; fail2ban-client reload");
        (await lab.IgnoredAsync("later")).ShouldContain("172.64.0.0/13");
        (await lab.LookAsync(Published)).Status.ShouldBe(TargetStatus.InSync);
    }

    // The log names another address last: when that one is banned, the lines before it were read.
    private static async Task NotBannedAgainAsync(Fail2BanLab lab)
    {
        await lab.Subject.FailAsync(Edge, 10, Fail2BanLab.Ct);
        var witness = $"198.18.0.{Random.Shared.Next(1, 250)}";
        await lab.BanAsync(witness);
        (await lab.BannedAsync()).ShouldNotContain(Edge);
        await lab.ExpectAsync(Edge, isBlocked: false);
        await lab.ExpectAsync(witness, isBlocked: true);
    }
}
