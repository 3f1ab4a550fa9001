using System.Globalization;
using System.Net.Sockets;
using System.Text;
using System.Threading.Channels;
using AllowlistSync.TestKit;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd.Daemon;

/// <summary>Starts, reloads, ends and kills.</summary>
public sealed class DaemonLifeTests
{
    // For a long night: ALLOWLIST_SYNC_TEST_KILLS=200 kills that often, and anybody may see that it holds.
    private const string KillsVariable = "ALLOWLIST_SYNC_TEST_KILLS";
    private const int FewKills = 12;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private static int Kills => int.TryParse(Environment.GetEnvironmentVariable(KillsVariable), CultureInfo.InvariantCulture, out var kills) ? kills : FewKills;

    [Fact]
    public async Task A_wrong_configuration_is_refused_at_the_start_and_changes_nothing_at_a_reload()
    {
        await using var origin = await Origin.StartAsync(config: new ConfigText { Lines = "schedule: { cron: \"every minute\" }" });
        (await origin.RunAsync("daemon")).Ended(78).Saying("\"every minute\" is not a cron expression");

        await origin.ConfigureAsync(new ConfigText { Lines = RunningDaemon.Rarely });
        (await origin.RunAsync("daemon", "--output", "json")).Ended(64).Saying("give --log json");
        (await origin.RunAsync("daemon", "--target", "wbe")).Ended(64).Saying("--target wbe: there is no such target", "there is web");
        await origin.WriteAsync("/run/proposals.yaml", "version: 1\nsources: [{ name: cf, type: cloudflare }]\nproposals: [{ name: infra, repository: /run/infra.git, files: [{ path: a.yml, key: a, allow: [cf] }] }]\n");
        (await origin.RunAsync("daemon", "--config", "/run/proposals.yaml")).Ended(78).Saying("has no targets", "`allowlist-sync propose`");
        await using var daemon = await RunningDaemon.StartAsync(origin);
        await daemon.SaysAsync("web: changed: 22 added");
        var applied = await origin.RulesetAsync();
        await origin.WriteAsync(Origin.ConfigPath, "version: 1\ntargets: 7\n");
        daemon.Signal(RunningDaemon.Hangup);
        await daemon.SaysAsync("is not taken over and the one before");
        (await origin.RulesetAsync()).ShouldBe(applied);

        await origin.ConfigureAsync(new ConfigText { Lines = RunningDaemon.Rarely, More = "ports: [8443]" });
        daemon.Signal(RunningDaemon.Hangup);
        await daemon.SaysAsync("was read again");
        await Origin.UntilAsync(async () => (await origin.RulesetAsync()).Contains("8443", StringComparison.Ordinal), "the new configuration is in force");
        await daemon.StopAsync();
    }

    [Fact]
    public async Task Systemd_hears_that_it_is_ready_reloads_lives_and_stops()
    {
        await using var origin = await Origin.StartAsync(config: new ConfigText { Lines = RunningDaemon.Rarely });
        var path = Path.Combine(Path.GetTempPath(), $"als-notify-{Guid.NewGuid():n}");
        using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(path));
        using var end = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var systemd = Channel.CreateUnbounded<string>();
        var listening = ListenAsync(socket, systemd.Writer, end.Token);
        try
        {
            await using var daemon = await RunningDaemon.StartAsync(origin, "env", $"NOTIFY_SOCKET={path}", "WATCHDOG_USEC=400000");
            (await HeardAsync(systemd, "READY=1")).ShouldContain("STATUS=");
            await HeardAsync(systemd, "WATCHDOG=1");
            daemon.Signal(RunningDaemon.Hangup);
            (await HeardAsync(systemd, "RELOADING=1")).ShouldContain("MONOTONIC_USEC=");
            await HeardAsync(systemd, "READY=1");
            await daemon.StopAsync();
            await HeardAsync(systemd, "STOPPING=1");
        }
        finally
        {
            await end.CancelAsync();
            await listening;
            File.Delete(path);
        }
    }

    [Fact]
    public async Task A_second_daemon_on_the_same_state_is_turned_away()
    {
        await using var origin = await Origin.StartAsync(config: new ConfigText { Lines = RunningDaemon.Rarely });
        await using var daemon = await RunningDaemon.StartAsync(origin);

        (await origin.RunAsync("daemon")).Ended(5).Saying("another daemon keeps its state there", "end it first");

        await daemon.StopAsync();
    }

    [Fact]
    public async Task A_reload_takes_the_state_that_it_moves_to_unless_another_daemon_has_it()
    {
        await using var origin = await Origin.StartAsync(config: new ConfigText { Lines = RunningDaemon.Rarely });
        await using var daemon = await RunningDaemon.StartAsync(origin);
        await daemon.SaysAsync("web: changed: 22 added");
        await origin.ShellAsync("mkdir", "-p", "/run/other/daemon");
        await using (await origin.Sandbox.StartProcessAsync(["flock", "/run/other/daemon/lock", "sleep", "600"], Ct))
        {
            await Origin.UntilAsync(async () => (await origin.Sandbox.RunAsync(["flock", "-n", "/run/other/daemon/lock", "true"], ct: Ct)).ExitCode != 0, "the state is taken");
            await origin.ConfigureAsync(new ConfigText { Lines = RunningDaemon.Rarely, State = "/run/other" });
            daemon.Signal(RunningDaemon.Hangup);
            await daemon.SaysAsync("another daemon keeps its state in /run/other");
        }

        await Origin.UntilAsync(async () => (await origin.Sandbox.RunAsync(["flock", "-n", "/run/other/daemon/lock", "true"], ct: Ct)).ExitCode == 0, "the state is free");
        daemon.Signal(RunningDaemon.Hangup);
        await daemon.SaysAsync("was read again");
        (await origin.RunAsync("daemon")).Ended(5).Saying("another daemon keeps its state there");
        await daemon.StopAsync();
    }

    [Fact]
    public async Task A_tick_that_waits_its_random_time_keeps_no_repair_waiting()
    {
        await using var origin = await Origin.StartAsync(config: new ConfigText { Lines = "schedule: { cron: \"* * * * * ?\", jitter: 10m }" });
        await using var daemon = await RunningDaemon.StartAsync(origin);
        await daemon.SaysAsync("web: changed: 22 added");
        await Task.Delay(TimeSpan.FromSeconds(2.5), Ct);

        await origin.NftAsync("flush ruleset\n" + Firewalls.Drop);

        await daemon.SaysAsync("web: somebody else changed it; put back");
        await daemon.StopAsync();
    }

    [Fact]
    public async Task A_source_that_never_answered_is_not_asked_at_each_change_of_the_firewall()
    {
        await using var origin = await Origin.StartAsync(config: new ConfigText { Lines = RunningDaemon.Rarely });
        origin.Cloudflare.AnswerAll(Answers.ServerError());
        await using var daemon = await RunningDaemon.StartAsync(origin);
        await daemon.SaysAsync("web: failed");
        var asked = origin.Cloudflare.RequestCount;

        await origin.NftAsync("add table inet other");
        await Task.Delay(TimeSpan.FromSeconds(1.5), Ct);
        origin.Cloudflare.RequestCount.ShouldBe(asked);

        origin.Cloudflare.AnswerAll(Answers.Normal());
        daemon.Signal(RunningDaemon.Hangup);
        await daemon.SaysAsync("web: changed: 22 added");
        await origin.NftAsync("flush ruleset\n" + Firewalls.Drop);
        await daemon.SaysAsync("web: somebody else changed it; put back");
        await daemon.StopAsync();
    }

    [Fact]
    public async Task A_reload_that_cannot_begin_leaves_the_configuration_before_in_force()
    {
        await using var origin = await Origin.StartAsync(config: new ConfigText { Lines = RunningDaemon.Rarely });
        await using var daemon = await RunningDaemon.StartAsync(origin);
        await daemon.SaysAsync("web: changed: 22 added");

        // Nothing is wrong with the text of the file, and yet it cannot be worked with: what is remembered cannot be read.
        await origin.ShellAsync("mkdir", "-p", "/run/other/sources/cloudflare.json");
        await origin.ConfigureAsync(new ConfigText { Lines = RunningDaemon.Rarely, State = "/run/other", More = "ports: [8443]" });
        daemon.Signal(RunningDaemon.Hangup);
        await daemon.SaysAsync("/run/other/sources/cloudflare.json cannot be read");
        (await origin.RulesetAsync()).ShouldNotContain("8443");

        // Only what was there after a run of its own is put back; before that it is a change.
        await daemon.SaysAsync("web: inSync (reload");
        await origin.NftAsync("flush ruleset\n" + Firewalls.Drop);
        await daemon.SaysAsync("web: somebody else changed it; put back");
        await daemon.StopAsync();
    }

    [Fact]
    public async Task A_damaged_state_is_moved_aside_and_the_daemon_goes_on()
    {
        await using var origin = await Origin.StartAsync(config: new ConfigText { Lines = RunningDaemon.Rarely });
        (await origin.RunAsync("apply", "--yes")).Ended(0);
        await origin.Sandbox.RunAsync(["sh", "-ec", $"for f in {Origin.StatePath}/targets/web/receipt.json {Origin.StatePath}/sources/cloudflare.json; do echo x >> $f; done"], ct: Ct);

        await using var daemon = await RunningDaemon.StartAsync(origin);

        await daemon.SaysAsync("is damaged", times: 2);
        await daemon.SaysAsync("web: inSync");
        await daemon.StopAsync();
        (await origin.RunAsync("diff")).Ended(0);
    }

    [Fact]
    public async Task Kills_at_any_time_leave_old_or_new_and_the_next_start_ends_in_sync()
    {
        await using var origin = await Origin.StartAsync(config: new ConfigText { Lines = RunningDaemon.Often });
        var random = new Random(6);
        for (var kill = 0; kill < Kills; kill++)
        {
            origin.Cloudflare.Publication = kill % 2 == 0 ? Publication.Real : Publication.Real.Plus("45.64.64.0/22");
            await using var daemon = await RunningDaemon.LaunchAsync(origin);
            await Task.Delay(random.Next(200, 2500), Ct);
            daemon.Signal(RunningDaemon.Kill);
            await daemon.EndAsync();
            var listed = (await origin.RulesetAsync()).Split("/13").Length - 1;
            listed.ShouldBeOneOf(0, 2);
        }

        await using var last = await RunningDaemon.StartAsync(origin);
        await Origin.UntilAsync(async () => (await origin.RunAsync("diff")).ExitCode == 0, "it is in sync with what is published now");
        await last.StopAsync();
    }

    [Fact]
    public async Task A_state_that_cannot_be_written_is_told_and_nothing_is_changed()
    {
        await using var origin = await Origin.StartAsync(config: new ConfigText { Lines = RunningDaemon.Rarely });
        var before = await origin.RulesetAsync();
        await origin.ShellAsync("sh", "-c", $"mkdir -p {Origin.StatePath} && mount -t tmpfs -o ro none {Origin.StatePath}");

        (await origin.RunAsync("daemon")).Ended(2).Saying("cannot be written", "make room on the disk");

        (await origin.RulesetAsync()).ShouldBe(before);
    }

    // All the time, as systemd does: few datagrams find room in a socket that nobody reads, and whoever sends the next one waits.
    private static async Task ListenAsync(Socket socket, ChannelWriter<string> heard, CancellationToken cancellationToken)
    {
        var buffer = new byte[4096];
        try
        {
            while (true)
            {
                var length = await socket.ReceiveAsync(buffer, cancellationToken);
                heard.TryWrite(Encoding.UTF8.GetString(buffer, 0, length));
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            return;
        }
    }

    private static async Task<string> HeardAsync(Channel<string> systemd, string text)
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        late.CancelAfter(TimeSpan.FromSeconds(30));
        while (true)
        {
            var heard = await systemd.Reader.ReadAsync(late.Token);
            if (heard.Contains(text, StringComparison.Ordinal))
            {
                return heard;
            }
        }
    }
}
