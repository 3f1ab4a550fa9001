using AllowlistSync.Configuration;
using AllowlistSync.Core;
using AllowlistSync.Core.State;
using AllowlistSync.Notifying;
using AllowlistSync.Notifying.Receivers;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.Notifying;

public sealed class NoticeListenerTests : IDisposable
{
    private readonly string _state = Directory.CreateTempSubdirectory("notices").FullName;
    private readonly LinesLog _log = new();
    private readonly ScriptedReceiver _receiver = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_state, recursive: true);

    [Fact]
    public async Task A_restart_tells_nothing_again_and_the_end_is_told_by_whoever_sees_it()
    {
        await LiveAsync("failed");
        await LiveAsync("failed", "failed");
        await LiveAsync("inSync");
        await LiveAsync("inSync");
        Told().ShouldBe(["Problem web: failed: nft may not", "Resolved web: no longer fails (inSync)"]);
        File.GetUnixFileMode(Path.Combine(_state, "notices.json")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task What_nobody_got_before_a_restart_is_told_after_it()
    {
        _receiver.Answer = new Delivery(Arrival.TryAgain, "status 500");
        await LiveAsync("failed");
        _receiver.Answer = new Delivery(Arrival.Delivered, "");
        var tried = _receiver.Got.Count;
        await LiveAsync("failed");
        _receiver.Got.Skip(tried).ShouldHaveSingleItem().Notice.State.ShouldBe(NoticeState.Problem);
    }

    [Fact]
    public async Task Only_the_events_that_are_asked_for_are_told()
    {
        await LiveAsync(["failed"], "refused", "failed");
        Told().ShouldBe(["Problem web: failed: nft may not"]);

        // Nobody was told of the refusal, so whoever asks for it later is.
        await LiveAsync(["refused"], "refused");
        Told().Last().ShouldBe("Problem web: refused (shuts-out); nothing was changed");
    }

    [Fact]
    public async Task A_memory_that_is_damaged_is_told_and_keeps_nobody_from_being_told()
    {
        await File.WriteAllTextAsync(Path.Combine(_state, "notices.json"), "rubbish", Ct);
        await LiveAsync("failed", "failed");
        Told().ShouldBe(["Problem web: failed: nft may not"]);
        _log.Lines.ShouldHaveSingleItem().ShouldContain("is damaged");
    }

    [Fact]
    public async Task Many_repairs_are_counted_across_restarts()
    {
        foreach (var minutes in new[] { 0, 15, 30, 75 })
        {
            await using var listener = Listener(NotifyConfig.AllEvents.ToArray());
            await listener.RunEndedAsync(Samples.Run("applied") with { IsRepair = true, At = Samples.At.AddMinutes(minutes) }, Ct);
        }

        Told().ShouldBe(["Event web: somebody else changed it, and it was put back", "Event web: somebody else changed it, and it was put back; 2 more repairs since the last message"]);
    }

    private Task LiveAsync(params string[] statuses) => LiveAsync(NotifyConfig.AllEvents.ToArray(), statuses);

    private async Task LiveAsync(string[] events, params string[] statuses)
    {
        await using var listener = Listener(events);
        foreach (var status in statuses)
        {
            await listener.RunEndedAsync(Samples.Run(status), Ct);
        }
    }

    private NoticeListener Listener(string[] events)
    {
        NotifyConfig config = new WebhookNotifyConfig(new Secret("https://hooks.example.com/hunter2")) { On = [.. events] };
        return new NoticeListener([(config, _receiver)], new FileNoticeBook(_state, TimeProvider.System), "web-1", CourierLimits.Daemon, TimeProvider.System, _log);
    }

    private IEnumerable<string> Told() => _receiver.Got.Select(outgoing => $"{outgoing.Notice.State} {outgoing.Notice.Summary}");
}
