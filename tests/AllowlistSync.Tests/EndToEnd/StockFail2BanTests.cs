using AllowlistSync.TestKit;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd;

/// <summary>fail2ban with the files that its package brings: no <c>ignoreip</c> anywhere.</summary>
public sealed class StockFail2BanTests
{
    private const string DropIns = "/etc/fail2ban/jail.d";
    private const string Fallback = DropIns + "/00-allowlist-sync.conf";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_jail_without_a_list_of_its_own_is_covered_and_what_the_operator_writes_later_counts()
    {
        Needs.Sandbox("fail2ban-server", "nft");
        await using var origin = await Origin.StartAsync(config: new ConfigText { Others = "  - { name: bans, provider: fail2ban, allow: [cloudflare] }" });
        await origin.WriteAsync("/var/log/auth.log", "");
        await origin.ShellAsync("mkdir", "-p", "/run/fail2ban");
        await origin.ShellAsync("fail2ban-server", "-b", "--logtarget", "/var/log/fail2ban.log", "start");
        await Origin.UntilAsync(async () => (await origin.Sandbox.RunAsync(["fail2ban-client", "ping"], ct: Ct)).ExitCode == 0, "fail2ban runs");
        (await origin.ShellAsync("fail2ban-client", "set", "sshd", "banip", "104.16.0.1")).Trim().ShouldBe("1");

        (await RunAsync(origin, "apply", "--yes")).Ended(0);
        (await origin.ShellAsync("fail2ban-client", "-t")).ShouldContain("OK");
        (await origin.ShellAsync("fail2ban-client", "get", "sshd", "ignoreip")).ShouldContain("104.16.0.0/13");
        (await RunAsync(origin, "diff")).Ended(0);
        (await origin.Sandbox.ExistsAsync(Fallback, Ct)).ShouldBeTrue();

        // As everybody is advised to do it: it counts beside ours, and may go again.
        await origin.WriteAsync("/etc/fail2ban/jail.local", "[DEFAULT]\nignoreip = 192.0.2.7\n");
        var dump = await origin.ShellAsync("fail2ban-client", "-d");
        dump.ShouldContain("192.0.2.7");
        dump.ShouldContain("104.16.0.0/13");
        (await RunAsync(origin, "diff")).Ended(0);
        await origin.ShellAsync("rm", "/etc/fail2ban/jail.local");
        (await origin.ShellAsync("fail2ban-client", "-t")).ShouldContain("OK");

        // What is read before ours would be hidden by it.
        await origin.ShellAsync("sed", "-i", "s/^#ignoreip = /ignoreip = 192.0.2.8 /", "/etc/fail2ban/jail.conf");
        (await RunAsync(origin, "diff")).Ended(1).Saying("ignoreip of [DEFAULT] is set ahead of");
        (await RunAsync(origin, "apply", "--yes")).Ended(0);
        (await origin.Sandbox.ExistsAsync(Fallback, Ct)).ShouldBeFalse();
        (await origin.ShellAsync("fail2ban-client", "-d")).ShouldContain("192.0.2.8");

        (await RunAsync(origin, "remove", "--yes")).Ended(0);
        (await origin.ShellAsync("ls", DropIns)).ShouldBe("defaults-debian.conf\n");
    }

    private static Task<Outcome> RunAsync(Origin origin, params string[] arguments) => origin.RunAsync([.. arguments, "--target", "bans"]);
}
