using AllowlistSync.Core;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.State;
using AllowlistSync.Daemon;
using AllowlistSync.Notifying;

namespace AllowlistSync.Tests.Notifying;

/// <summary>What may happen, as the daemon tells it.</summary>
internal static class Samples
{
    public static DateTimeOffset At { get; } = new(2026, 11, 28, 12, 0, 0, TimeSpan.Zero);

    public static RunRecord Run(string status, string target = "web") => new()
    {
        RunId = "r1",
        Node = "web-1",
        Trigger = RunTrigger.Schedule,
        Target = target,
        Provider = "nftables",
        At = At,
        Took = TimeSpan.FromSeconds(1),
        Status = status,
        Refusals = status == "refused" ? [new Refusal("shuts-out", "would shut out 198.51.100.0/24", "approve it")] : [],
        Error = status == "failed" ? new Finding("Permission", Severity.Problem, "nft may not", "run as root") : null,
    };

    public static RunRecord Blocked(string status) => Run(status) with
    {
        Error = null,
        Reach = [new ReachCell("104.16.0.0/13", "443", "blocked", 522, "ip saddr 104.16.0.0/13 drop", "inet filter input")],
        ReachCounts = new ReachCounts(21, 1, 0),
    };

    public static SourceStanding Source(bool answered = true, bool refused = false, double days = 0) => new("cloudflare")
    {
        Answered = answered,
        Refusals = refused ? [new Refusal("too-few-prefixes", "3 of 8", "wait")] : answered ? [] : [new Refusal("not-fetched", "no connection", "look at the network")],
        Age = TimeSpan.FromDays(days),
        IsStale = days > 7,
    };

    public static Notice Notice(NoticeState state = NoticeState.Problem, string name = "web", string summary = "web: failed", string detail = "nft may not", string happened = "failed") =>
        new(new(happened, NoticeKey.Target, name), state) { Summary = summary, Detail = detail, Remedy = "run as root", At = At, RunId = "r1", Node = "web-1" };
}
