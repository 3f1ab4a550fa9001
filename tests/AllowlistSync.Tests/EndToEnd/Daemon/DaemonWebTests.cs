using AllowlistSync.TestKit;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd.Daemon;

/// <summary>What a running daemon serves.</summary>
public sealed class DaemonWebTests
{
    private const string Address = "127.0.0.1:9521";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Health_metrics_and_the_page_tell_of_the_first_run_and_go_on_over_a_reload()
    {
        Needs.Sandbox("curl");
        await using var origin = await Origin.StartAsync(config: new ConfigText { Lines = RunningDaemon.Rarely });
        await using var daemon = await RunningDaemon.StartAsync(origin);
        await daemon.SaysAsync($"status page: http://{Address}/");
        await daemon.SaysAsync("web: changed: 22 added");
        await Origin.UntilAsync(async () => await GetAsync(origin, "/readyz") == "ok\n", "all is well");

        (await GetAsync(origin, "/healthz")).ShouldBe("ok\n");
        (await GetAsync(origin, "/")).ShouldContain("The target is as it should be");
        (await GetAsync(origin, "/targets/web")).ShouldContain("104.16.0.0/13");

        // Readiness is known when a run ends; it is counted when the history has it.
        await Origin.UntilAsync(async () => (await GetAsync(origin, "/metrics")).Contains("allowlist_sync_changes_total{target=\"web\",change=\"added\"} 22\n", StringComparison.Ordinal), "the run is counted");
        (await GetAsync(origin, "/metrics")).ShouldContain("allowlist_sync_target_in_sync{target=\"web\"} 1\n");

        await origin.ConfigureAsync(new ConfigText { Lines = RunningDaemon.Rarely, More = "ports: [80]" });
        daemon.Signal(RunningDaemon.Hangup);
        await daemon.SaysAsync("was read again");
        await Origin.UntilAsync(async () => (await GetAsync(origin, "/metrics")).Contains("trigger=\"reload\"} 1\n", StringComparison.Ordinal), "the run of the reload is counted");
        (await GetAsync(origin, "/metrics")).ShouldContain("status=\"applied\",trigger=\"start\"} 1\n");
        await daemon.StopAsync();
    }

    // The proof of a plan that nobody carries out is no proof of the firewall.
    [Fact]
    public async Task What_a_target_only_reports_is_not_shown_as_let_in()
    {
        Needs.Sandbox("curl");
        await using var origin = await Origin.StartAsync(config: new ConfigText { Lines = RunningDaemon.Rarely, More = "mode: report" });
        await using var daemon = await RunningDaemon.StartAsync(origin);
        await daemon.SaysAsync("web: differs: 22 to let in");
        await Origin.UntilAsync(async () => (await GetAsync(origin, "/readyz")).Contains("differs", StringComparison.Ordinal), "the run is over");

        (await GetAsync(origin, "/metrics")).ShouldContain("allowlist_sync_reach_pieces{target=\"web\",verdict=\"accepted\"} 0\n");
        (await GetAsync(origin, "/")).ShouldContain("policy drop");
        (await origin.RunAsync("status")).StdOut.ShouldNotContain(", 0 blocked");
        await daemon.StopAsync();
    }

    [Fact]
    public async Task Runs_that_end_at_a_list_that_cannot_be_kept_are_no_good_runs()
    {
        Needs.Sandbox("curl");
        await using var origin = await Origin.StartAsync(config: new ConfigText { Lines = RunningDaemon.Often });
        await using var daemon = await RunningDaemon.StartAsync(origin);
        await Origin.UntilAsync(async () => await GetAsync(origin, "/readyz") == "ok\n", "all is well");

        await origin.ShellAsync("mount", "-t", "tmpfs", "-o", "ro", "none", $"{Origin.StatePath}/sources");
        await Origin.UntilAsync(async () => (await GetAsync(origin, "/readyz")).Contains("cannot be written", StringComparison.Ordinal), "what fails is said");

        // Lazily: the daemon may just look into it.
        await origin.ShellAsync("umount", "--lazy", $"{Origin.StatePath}/sources");
        await Origin.UntilAsync(async () => await GetAsync(origin, "/readyz") == "ok\n", "all is well again");
        await daemon.StopAsync();
    }

    [Fact]
    public async Task An_address_that_cannot_be_opened_is_logged_and_the_firewall_is_kept_all_the_same()
    {
        await using var origin = await Origin.StartAsync(config: new ConfigText { Lines = RunningDaemon.Rarely + "\nlisten: 192.0.2.77:9521" });
        (await origin.RunAsync("config", "validate")).Ended(78).Saying("nobody would ask them who they are");

        await origin.ConfigureAsync(new ConfigText { Lines = RunningDaemon.Rarely + "\nlisten: \"[::1]:9521\"" });
        (await origin.Sandbox.RunAsync(["ip", "address", "delete", "::1/128", "dev", "lo"], ct: Ct)).EnsureSuccess();
        await using var daemon = await RunningDaemon.StartAsync(origin);
        await daemon.SaysAsync("[::1]:9521 is no address of this machine; health, metrics and the status page are not served; everything else goes on");
        await daemon.SaysAsync("web: changed: 22 added");
        await daemon.StopAsync();
    }

    private static async Task<string> GetAsync(Origin origin, string path) =>
        (await origin.Sandbox.RunAsync(["curl", "-s", "--max-time", "10", $"http://{Address}{path}"], ct: Ct)).StdOut;
}
