using System.Collections.Concurrent;
using AllowlistSync.Configuration;
using AllowlistSync.Core;
using AllowlistSync.Notifying;
using AllowlistSync.Notifying.Receivers;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.Notifying;

public sealed class CourierTests
{
    private readonly StepTime _time = new();
    private readonly LinesLog _log = new();
    private readonly ConcurrentQueue<string> _told = new();

    [Fact]
    public async Task A_receiver_that_fails_for_hours_gets_the_newest_state_and_the_log_hears_of_it_once()
    {
        var receiver = new ScriptedReceiver { Answer = new Delivery(Arrival.TryAgain, "status 500") };
        await using var courier = Courier(receiver);
        courier.Add(Samples.Notice());
        await receiver.TriedAsync(1);
        for (var step = 0; step < 30; step++)
        {
            await PassAsync(() => receiver.Got.Count >= step + 2);
        }

        courier.Add(Samples.Notice(NoticeState.Resolved, summary: "web: no longer fails"));
        receiver.Answer = new Delivery(Arrival.Delivered, "");
        await PassAsync(() => !_told.IsEmpty);

        _told.ShouldBe(["web: no longer fails"]);
        receiver.Got.Last().Superseded.ShouldBe(1);
        _log.Lines.ShouldBe(["Warning notify[0] (webhook) takes no messages: status 500; they wait and are tried again, and this is not repeated here", "Information notify[0] (webhook) takes messages again"]);
    }

    [Fact]
    public async Task A_pause_that_the_receiver_asks_for_is_kept()
    {
        var receiver = new ScriptedReceiver { Answer = new Delivery(Arrival.TryAgain, "status 429", TimeSpan.FromHours(2)) };
        await using var courier = Courier(receiver);
        courier.Add(Samples.Notice());
        await receiver.TriedAsync(1);
        await UntilAsync(() => _time.Longest == TimeSpan.FromHours(2));
        receiver.Answer = new Delivery(Arrival.Delivered, "");
        _time.Advance(TimeSpan.FromMinutes(119));
        await Task.Delay(200, TestContext.Current.CancellationToken);
        receiver.Got.Count.ShouldBe(1);
        _time.Advance(TimeSpan.FromMinutes(2));
        await receiver.TriedAsync(2);
    }

    [Fact]
    public async Task A_receiver_that_hangs_costs_its_time_and_stops_nobody()
    {
        var slow = new ScriptedReceiver { Hangs = true };
        var quick = new ScriptedReceiver { Answer = new Delivery(Arrival.Delivered, "") };
        await using var first = Courier(slow);
        await using var second = Courier(quick);
        first.Add(Samples.Notice());
        second.Add(Samples.Notice());
        await quick.TriedAsync(1);
        await slow.TriedAsync(1);
        _time.Advance(TimeSpan.FromSeconds(16));
        await UntilAsync(() => !_log.Lines.IsEmpty);
        _log.Lines.ShouldHaveSingleItem().ShouldContain("no answer within 15 s");
    }

    [Fact]
    public async Task Nothing_to_send_is_no_timer_at_all()
    {
        var receiver = new ScriptedReceiver { Answer = new Delivery(Arrival.Delivered, "") };
        await using var courier = Courier(receiver);
        _time.Waiting.ShouldBe(0);
        courier.Add(Samples.Notice());
        await UntilAsync(() => !_told.IsEmpty);
        await UntilAsync(() => _time.Waiting == 0);
    }

    [Fact]
    public async Task At_the_end_what_waits_is_tried_once_more_and_what_is_left_is_logged()
    {
        var mended = new ScriptedReceiver { Answer = new Delivery(Arrival.TryAgain, "status 500") };
        var courier = Courier(mended);
        courier.Add(Samples.Notice());
        await mended.TriedAsync(1);
        mended.Answer = new Delivery(Arrival.Delivered, "");
        await courier.DisposeAsync();
        _told.ShouldBe(["web: failed"]);

        var broken = new ScriptedReceiver { Hangs = true };
        courier = Courier(broken, new CourierLimits { Drain = TimeSpan.FromMilliseconds(300) });
        courier.Add(Samples.Notice(summary: "web: left"));
        await courier.DisposeAsync();
        _log.Lines.Last().ShouldBe("Warning notify[0] (webhook) was not told before the end: web: left");
    }

    [Fact]
    public async Task A_message_that_is_refused_for_good_makes_way_for_the_next()
    {
        var receiver = new ScriptedReceiver { Answer = new Delivery(Arrival.Refused, "status 400: invalid_payload") };
        await using var courier = Courier(receiver);
        courier.Add(Samples.Notice());
        await UntilAsync(() => !_log.Lines.IsEmpty);
        _log.Lines.ShouldHaveSingleItem().ShouldStartWith("Error notify[0] (webhook) refused a message for good (status 400: invalid_payload)");
        receiver.Answer = new Delivery(Arrival.Delivered, "");
        courier.Add(Samples.Notice(name: "db", summary: "db: failed"));
        await UntilAsync(() => _told.SequenceEqual(["db: failed"]));
    }

    [Fact]
    public void The_queue_is_bounded_events_make_room_first_and_what_was_left_out_is_counted()
    {
        var queue = new NoticeQueue(3);
        queue.Add(Samples.Notice(NoticeState.Event, happened: "changed", summary: "one"));
        queue.Add(Samples.Notice(summary: "problem"));
        queue.Add(Samples.Notice(NoticeState.Event, happened: "changed", summary: "two"));
        queue.Add(Samples.Notice(NoticeState.Event, happened: "changed", summary: "three"));
        queue.Head!.ShouldSatisfyAllConditions(head => head.Notice.Summary.ShouldBe("problem"), head => head.Superseded.ShouldBe(1));
        queue.Waiting.Select(waiting => waiting.Notice.Summary).ShouldBe(["problem", "two", "three"]);
        var sent = queue.Head!;
        queue.Add(Samples.Notice(NoticeState.Resolved, summary: "over"));
        queue.Done(sent);
        queue.Waiting.Select(waiting => waiting.Notice.Summary).ShouldBe(["two", "three", "over"]);
    }

    // Time passes until something holds. The limit of a try is a timer as well, so one step may come before the pause has begun.
    private Task PassAsync(Func<bool> condition) => UntilAsync(() =>
    {
        if (condition())
        {
            return true;
        }

        _time.Advance(TimeSpan.FromMinutes(15));
        return false;
    });

    internal static async Task UntilAsync(Func<bool> condition)
    {
        var start = TimeProvider.System.GetTimestamp();
        while (!condition())
        {
            TimeProvider.System.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(20));
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }

    private Courier Courier(IReceiver receiver, CourierLimits? limits = null) =>
        new(new WebhookNotifyConfig(new Secret("https://hooks.example.com/hunter2")), "notify[0] (webhook)", receiver, limits ?? CourierLimits.Daemon, _time, _log, notice =>
        {
            _told.Enqueue(notice.Summary);
            return default;
        });
}
