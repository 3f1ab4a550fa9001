using System.Text.Json.Nodes;
using AllowlistSync.Notifying;
using AllowlistSync.TestKit;
using AllowlistSync.Tests.Notifying;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd.Daemon;

/// <summary>Receivers that are slow, broken or hang: nobody waits for them, they are told of once, and once they are well they hear how things stand, and not all that was.</summary>
public sealed class DaemonNotifyTests
{
    // Each time the list is asked for at three addresses; one round may have begun before.
    private const int TwoRounds = 6;

    private static readonly string[] s_ways = ["slow", "broken", "hanging"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Receivers_in_trouble_delay_no_run_and_hear_the_newest_state_once()
    {
        await using var origin = await Origin.StartAsync();
        await using var slow = await HookAsync(origin, "slow", async http =>
        {
            await Task.Delay(TimeSpan.FromSeconds(30), http.RequestAborted);
            http.Response.StatusCode = StatusCodes.Status200OK;
        });
        await using var broken = await HookAsync(origin, "broken", http =>
        {
            http.Response.StatusCode = StatusCodes.Status500InternalServerError;
            return Task.CompletedTask;
        });
        await using var hanging = await HookAsync(origin, "hanging", http => Task.Delay(Timeout.Infinite, http.RequestAborted));
        var receivers = string.Concat(s_ways.Select(way => $"  - {{ type: webhook, url: {{ file: /etc/allowlist-sync/{way} }}, on: [refused, drift] }}\n"));
        await origin.ConfigureAsync(new ConfigText { Lines = RunningDaemon.Often, Others = "notify:\n" + receivers });
        await using var daemon = await RunningDaemon.StartAsync(origin);
        await daemon.SaysAsync("web: changed: 22 added");

        await FlapAsync(origin, daemon, times: 3);
        await origin.NftAsync("flush ruleset\n" + Firewalls.Drop);
        var flushed = TimeProvider.System.GetTimestamp();
        await daemon.SaysAsync("web: somebody else changed it; put back");
        TimeProvider.System.GetElapsedTime(flushed).ShouldBeLessThan(CourierLimits.Daemon.Try, "less than any of them is waited for");

        VendorServer[] hooks = [slow, broken, hanging];
        await Origin.UntilAsync(() => Task.FromResult(daemon.Count("takes no messages") == hooks.Length && broken.Asked > 1), "each is told of, and tried again");
        Array.ForEach(hooks, hook => hook.Instead = null);
        await daemon.SaysAsync("takes messages again", hooks.Length);

        // The first message mends a receiver, and what ends before it was told is never told.
        await Origin.UntilAsync(() => Task.FromResult(Array.TrueForAll(hooks, hook => Told(hook).Count >= 2)), "the problem and the repair are told");
        origin.Cloudflare.AnswerAll(Answers.Normal());
        await Origin.UntilAsync(() => Task.FromResult(Array.TrueForAll(hooks, hook => Told(hook).Contains("refused resolved"))), "the end of the problem is told");

        foreach (var hook in hooks)
        {
            Told(hook).Order(StringComparer.Ordinal).ShouldBe(["drift event", "refused problem", "refused resolved"]);
        }

        daemon.Count("takes no messages").ShouldBe(hooks.Length, "it is not repeated");
        await daemon.StopAsync();
    }

    // The list is refused, believed again, and so on; it ends refused.
    private static async Task FlapAsync(Origin origin, RunningDaemon daemon, int times)
    {
        for (var time = 1; time <= times; time++)
        {
            origin.Cloudflare.AnswerAll(Answers.Normal());
            var asked = origin.Cloudflare.RequestCount + TwoRounds;
            await Origin.UntilAsync(() => Task.FromResult(origin.Cloudflare.RequestCount >= asked), "the list is asked for, and believed");
            var refused = daemon.Count("the last good list stays in force");
            origin.Cloudflare.AnswerAll(Answers.Html());
            await daemon.SaysAsync("the last good list stays in force", refused + 1);
        }
    }

    private static List<string> Told(VendorServer hook) => [.. hook.Taken.Select(taken => JsonNode.Parse(taken.Body)!).Select(notice => $"{notice["event"]} {notice["state"]}")];

    private static async Task<VendorServer> HookAsync(Origin origin, string name, Func<HttpContext, Task> instead)
    {
        var hook = await VendorServer.StartInAsync(origin.Sandbox);
        hook.Instead = instead;
        await origin.Sandbox.WriteFileAsync($"/etc/allowlist-sync/{name}", hook.Url, UnixFileMode.UserRead | UnixFileMode.UserWrite, Ct);
        return hook;
    }
}
