using AllowlistSync.TestKit;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd;

/// <summary>Programs such as ufw and firewalld manage what comes in: what lies below them is told, and proposed to nobody.</summary>
public sealed class ManagerTests
{
    [Fact]
    public async Task A_target_below_ufw_is_warned_about_and_init_proposes_none()
    {
        await using var origin = await StartUfwAsync();

        (await origin.RunAsync("diff")).Saying("managed-by-another: ufw manages what comes into this host", "use `provider: ufw`");
        var report = (await origin.RunAsync("diff", "--output", "json")).Json;
        report["targets"]![0]!["findings"]!.AsArray().Select(finding => finding!["id"]!.GetValue<string>()).ShouldContain("managed-by-another");
        (await origin.RunAsync("init", "--print", "--config", "/run/own.yaml")).StdOut.ShouldNotContain("provider: nftables\n    allow");
        (await origin.RunAsync("providers", "--output", "json")).Ended(0).Json["managers"]!.AsArray().Select(name => name!.GetValue<string>()).ShouldBe(["ufw"]);
    }

    [Fact]
    public async Task Two_managers_at_once_are_told_by_every_look()
    {
        Needs.Sandbox("firewalld", "dbus-daemon", "ufw");
        await using var origin = await Origin.StartAsync();
        await origin.ShellAsync("mkdir", "-p", "/run/dbus");
        await origin.ShellAsync("dbus-daemon", "--system", "--fork", "--nopidfile");
        await origin.ShellAsync("firewalld", "--nopid");
        await Origin.UntilAsync(async () => (await origin.RulesetAsync()).Contains("chain filter_INPUT", StringComparison.Ordinal), "firewalld has made its rules");

        // In this order: firewalld takes the rules of iptables away when it starts.
        await origin.ShellAsync("ufw", "--force", "enable");

        (await origin.RunAsync("providers")).Ended(0).Saying("two-managers: firewalld and ufw each filter what comes in", "ufw disable");
        (await origin.RunAsync("init", "--print", "--config", "/run/own.yaml")).Saying("two-managers");
        (await origin.RunAsync("diff")).Saying("two-managers");
    }

    [Theory]
    [InlineData("iptables-nft-restore")]
    [InlineData("iptables-legacy-restore")]
    public async Task Csf_is_known_by_its_chains(string restore)
    {
        Needs.Sandbox(restore);
        await using var origin = await Origin.StartAsync();
        (await origin.Sandbox.RunAsync([restore], "*filter\n:INPUT DROP [0:0]\n:LOCALINPUT - [0:0]\n:DENYIN - [0:0]\n-A INPUT -i lo -j ACCEPT\n-A INPUT ! -i lo -j LOCALINPUT\n-A LOCALINPUT -j DENYIN\nCOMMIT\n", ct: TestContext.Current.CancellationToken)).EnsureSuccess();

        (await origin.RunAsync("diff")).Saying("managed-by-another: csf manages what comes into this host", "use `provider: csf` for this host");
    }

    [Fact]
    public async Task Chains_that_a_disabled_ufw_leaves_behind_manage_nothing()
    {
        await using var origin = await StartUfwAsync();
        await origin.ShellAsync("ufw", "disable");

        (await origin.RunAsync("diff")).Said.ShouldNotContain("managed-by-another");
        (await origin.RunAsync("providers", "--output", "json")).Ended(0).Json["managers"]!.AsArray().ShouldBeEmpty();
    }

    private static async Task<Origin> StartUfwAsync()
    {
        Needs.Sandbox("ufw", "iptables");
        var origin = await Origin.StartAsync();
        await origin.ShellAsync("ufw", "--force", "enable");
        return origin;
    }
}
