using AllowlistSync.Configuration;
using AllowlistSync.Core;
using AllowlistSync.Notifying;
using AllowlistSync.Notifying.Receivers;
using Microsoft.AspNetCore.Http;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.Notifying;

public sealed class ReceiverTests
{
    private static readonly Func<Received, string?>[] s_rules = [VendorRules.Slack, VendorRules.Teams, VendorRules.Discord];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // What must neither be obeyed nor be too long: markup of all vendors, and every kind of character.
    private static readonly string[] s_details =
    [
        "",
        "nft: <!channel> <@U1> @everyone **x** _y_ `z` {{DATE(2026-01-01)}} [a](http://b.example) & co",
        new string('x', 20_000),
        string.Concat(Enumerable.Repeat("\U0001F600", 9_000)),
        string.Concat(Enumerable.Repeat("<&>*_{{\"\\\u0007", 3_000)),
        string.Join('\n', Enumerable.Range(0, 500).Select(i => $"+ 104.16.{i % 256}.0/24 443")),
    ];

    [Theory]
    [InlineData(ChatVendor.Slack)]
    [InlineData(ChatVendor.Teams)]
    [InlineData(ChatVendor.Discord)]
    public async Task Every_chat_takes_every_message(ChatVendor vendor)
    {
        await using var server = await VendorServer.StartAsync(s_rules[(int)vendor]);
        foreach (var detail in s_details)
        {
            var notice = Samples.Notice(detail: detail, summary: "web: failed " + detail[..Math.Min(detail.Length, 600)].ReplaceLineEndings(" ")) with { Remedy = detail };
            var delivery = await Receiver(new ChatNotifyConfig(vendor, new Secret(server.Url))).SendAsync(new Outgoing(notice, 3), Ct);
            delivery.ShouldBe(new Delivery(Arrival.Delivered, "status 200"), detail[..Math.Min(detail.Length, 40)]);
        }

        server.Taken.Count.ShouldBe(s_details.Length);
    }

    [Fact]
    public async Task A_signed_webhook_is_believed_and_a_changed_or_replayed_one_is_not()
    {
        var rules = VendorRules.Signed("k3y", TimeProvider.System);
        await using var server = await VendorServer.StartAsync(rules);
        var config = new WebhookNotifyConfig(new Secret(server.Url)) { Key = new Secret("k3y") };
        (await Receiver(config).SendAsync(new Outgoing(Samples.Notice(), 2), Ct)).Outcome.ShouldBe(Arrival.Delivered);

        server.Taken.TryDequeue(out var received).ShouldBeTrue();
        received!.Text.ShouldBe("""{"schema":"allowlist-sync/notice/v1","id":"ID","event":"failed","state":"problem","target":"web","source":null,"summary":"web: failed","detail":"nft may not","remedy":"run as root","at":"2026-11-28T12:00:00Z","runId":"r1","node":"web-1","superseded":2}""".Replace("ID", Samples.Notice().Id, StringComparison.Ordinal));
        rules(received with { Body = [.. received.Body, (byte)' '] }).ShouldBe("wrong signature");
        var later = new StepTime();
        VendorRules.Signed("k3y", later)(received).ShouldBe("too old");
        VendorRules.Signed("other", TimeProvider.System)(received).ShouldBe("wrong signature");
        var unsigned = await Receiver(config with { Key = null }).SendAsync(new Outgoing(Samples.Notice(), 0), Ct);
        unsigned.ShouldBe(new Delivery(Arrival.Refused, "status 400: not signed"));
    }

    [Theory]
    [InlineData(500, Arrival.TryAgain)]
    [InlineData(503, Arrival.TryAgain)]
    [InlineData(404, Arrival.TryAgain)]
    [InlineData(401, Arrival.TryAgain)]
    [InlineData(429, Arrival.TryAgain)]
    [InlineData(302, Arrival.TryAgain)]
    [InlineData(400, Arrival.Refused)]
    [InlineData(413, Arrival.Refused)]
    internal async Task What_is_tried_again_and_what_is_not(int status, Arrival expected)
    {
        await using var server = await VendorServer.StartAsync();
        server.Instead = http =>
        {
            http.Response.StatusCode = status;
            http.Response.Headers.RetryAfter = "90";
            http.Response.Headers.Location = "http://127.0.0.1:1/";
            return http.Response.WriteAsync($"no such hook: {http.Request.Path}", http.RequestAborted);
        };
        var delivery = await Receiver(new WebhookNotifyConfig(new Secret(server.Url))).SendAsync(new Outgoing(Samples.Notice(), 0), Ct);
        delivery.Outcome.ShouldBe(expected);
        delivery.Reason.ShouldNotContain("hunter2");
        delivery.Reason.ShouldStartWith($"status {status}");
        (delivery.RetryAfter == TimeSpan.FromSeconds(90)).ShouldBe(expected == Arrival.TryAgain && status != 302);
        server.Asked.ShouldBe(1, "no redirect is followed");
    }

    [Fact]
    public async Task Nobody_at_home_is_told_without_the_address()
    {
        var delivery = await Receiver(new WebhookNotifyConfig(new Secret("http://127.0.0.1:1/hunter2"))).SendAsync(new Outgoing(Samples.Notice(), 0), Ct);
        delivery.ShouldBe(new Delivery(Arrival.TryAgain, "no connection (refused)"));
    }

    [Fact]
    public async Task A_program_gets_the_message_and_no_secret()
    {
        Environment.SetEnvironmentVariable("NOTIFY_TEST_TOKEN", "hunter2");
        var file = Path.GetTempFileName();
        try
        {
            var delivery = await Receiver(new ExecNotifyConfig(["sh", "-c", "{ env; cat; } > \"$1\"", "sh", file])).SendAsync(new Outgoing(Samples.Notice(), 0), Ct);
            delivery.Outcome.ShouldBe(Arrival.Delivered);
            var text = await File.ReadAllTextAsync(file, Ct);
            text.ShouldContain("LC_ALL=C\n");
            text.ShouldContain("\"summary\":\"web: failed\"");
            text.ShouldNotContain("hunter2");
        }
        finally
        {
            File.Delete(file);
            Environment.SetEnvironmentVariable("NOTIFY_TEST_TOKEN", null);
        }
    }

    [Fact]
    public async Task A_program_that_fails_hangs_or_is_missing_is_told()
    {
        (await Exec("sh", "-c", "echo disk full >&2; exit 3")).ShouldBe(new Delivery(Arrival.TryAgain, "it ended with 3: disk full"));
        (await Exec("no-such-program-here")).Reason.ShouldContain("not installed");
        (await Exec("sleep", "60")).Reason.ShouldContain("did not end within 1 s");
    }

    private static async Task<Delivery> Exec(params string[] command) =>
        await Receiver(new ExecNotifyConfig([.. command]) { Timeout = TimeSpan.FromSeconds(1) }).SendAsync(new Outgoing(Samples.Notice(), 0), Ct);

    private static IReceiver Receiver(NotifyConfig config) => ReceiverTable.Create(config, TimeProvider.System);
}
