using System.Text.Json;
using AllowlistSync.Daemon.Web;
using AllowlistSync.Daemon.Web.Metrics;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.Daemon.Web;

public sealed class HealthTests
{
    [Fact]
    public void All_is_well_when_every_target_is_good_and_no_list_is_stale() => Health.AgainstReady(Snapshots.Good).ShouldBeEmpty();

    [Fact]
    public void Each_reason_has_a_line_with_its_remedy() => Health.AgainstReady(Snapshots.Full).ShouldBe(
    [
        "target mail: failed 2026-11-28 13:16Z: wanted traffic is blocked by another rule (nothing was changed); remove or move the rule that is named",
        "target edge: refused 2026-11-28 13:15Z: the plan takes away 14 of 22 prefixes (64 %), and 20 % is the most (removes-too-much); look at `allowlist-sync diff`; `apply --accept 1234567890ab` carries it out",
        "target db: failed 2026-11-28 13:15Z: firewalld does not run (nothing was changed); start it: `systemctl start firewalld`",
        "target jails: differs 2026-11-28 13:15Z: 4 to let in, 0 to take out, 0 to repair, and nothing was changed; see `allowlist-sync diff`",
        "target new: not run yet",
        "source partner: its last good list is 9 days old; it did not answer; see whether this machine reaches it",
    ]);

    [Fact]
    public void A_daemon_without_a_configuration_in_force_is_not_ready() => Health.AgainstReady(Snapshots.Good with { Targets = [], Sources = [], Standstill = "the database is away" })
        .ShouldHaveSingleItem().ShouldContain("nothing is run: the database is away");

    [Fact]
    public void A_run_that_does_not_come_is_a_loop_that_hangs()
    {
        Health.AgainstLife(Snapshots.Full).ShouldBeEmpty();
        var target = Snapshots.GoodTarget("web");

        Health.AgainstLife(Snapshots.Good with { Targets = [target with { NextRun = Snapshots.Now - Health.Overdue }] }).ShouldBeEmpty();
        Health.AgainstLife(Snapshots.Good with { Targets = [target with { NextRun = Snapshots.Now - Health.Overdue - TimeSpan.FromSeconds(1) }] })
            .ShouldHaveSingleItem().ShouldContain("target web: its run of 2026-11-28 13:05:04Z has not come");
    }

    [Theory]
    [InlineData("GET", "/healthz", 200)]
    [InlineData("HEAD", "/readyz", 503)]
    [InlineData("GET", "/", 200)]
    [InlineData("GET", "/targets/mail", 200)]
    [InlineData("GET", "/targets/nobody", 404)]
    [InlineData("GET", "/targets/", 404)]
    [InlineData("GET", "/favicon.svg", 200)]
    [InlineData("GET", "/metrics", 200)]
    [InlineData("GET", "/api/status", 200)]
    [InlineData("GET", "/healthz/", 404)]
    [InlineData("GET", "/../etc/passwd", 404)]
    [InlineData("POST", "/", 405)]
    [InlineData("DELETE", "/targets/mail", 405)]
    [InlineData("OPTIONS", "/metrics", 405)]
    [InlineData("POST", "/nowhere", 404)]
    public void Each_path_has_its_answer(string method, string path, int status)
    {
        var answer = Pages().Answer(new(method, path));

        answer.Status.ShouldBe(status);
        answer.Headers.ShouldBe(status == 405 ? [("Allow", "GET, HEAD")] : []);
    }

    [Theory]
    [InlineData("/readyz")]
    [InlineData("/")]
    [InlineData("/targets/edge")]
    public void Who_wants_JSON_gets_it(string path)
    {
        var answer = Pages().Answer(new("GET", path) { WantsJson = true });

        answer.ContentType.ShouldBe(WebAnswer.Json);
        using var json = JsonDocument.Parse(answer.Text);
        json.RootElement.GetProperty("schema").GetString().ShouldBe("allowlist-sync/daemon/v1");
        json.RootElement.TryGetProperty(path == "/readyz" ? "ready" : "targets", out _).ShouldBeTrue();
    }

    [Fact]
    public void A_reason_stays_on_its_line()
    {
        var run = Snapshots.Run("web", "failed") with { Error = new("Bug", Core.Providers.Severity.Problem, "two\nlines", "none") };
        var pages = new WebPages(() => Snapshots.Good with { Targets = [Snapshots.GoodTarget("web") with { Last = run }] }, _ => []);

        pages.Answer(new("GET", "/readyz")).Text.ShouldBe("target web: failed 2026-11-28 13:15Z: two lines; none\n");
    }

    [Fact]
    public async Task The_JSON_is_what_it_was() => await Golden.MatchAsync("status.json", StatusJson.Write(Snapshots.Full) + "\n");

    [Fact]
    public void The_JSON_of_a_target_has_its_runs()
    {
        using var json = JsonDocument.Parse(StatusJson.Write(Snapshots.Full, Snapshots.Blocked));

        var target = json.RootElement.GetProperty("targets")[0];
        target.GetProperty("recent").GetArrayLength().ShouldBe(40);
        target.GetProperty("last").GetProperty("reach").GetProperty("blocked").GetInt32().ShouldBe(3);
    }

    private static WebPages Pages() => new(() => Snapshots.Full, daemon => MetricTable.Measure(new(daemon, RunTotals.None, default)));
}
