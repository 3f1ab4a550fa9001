using AllowlistSync.Daemon;
using AllowlistSync.Tests.Notifying;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.Daemon;

public sealed class SignPaceTests
{
    private readonly StepTime _time = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Without_a_sign_nothing_wakes_up()
    {
        var look = new SignPace(_time).WaitAsync(Ct);

        _time.Advance(TimeSpan.FromDays(30));

        look.IsCompleted.ShouldBeFalse();
        _time.Waiting.ShouldBe(0);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task Signs_that_come_together_are_one_look()
    {
        var pace = new SignPace(_time);
        for (var sign = 0; sign < 100; sign++)
        {
            pace.Sign();
        }

        await DueAsync(pace.WaitAsync(Ct));

        pace.WaitAsync(Ct).IsCompleted.ShouldBeFalse("the hundred were one");
    }

    [Fact]
    public async Task A_change_that_goes_on_is_looked_at_all_the_same()
    {
        var pace = new SignPace(_time);
        pace.Sign();
        var look = pace.WaitAsync(Ct);
        var begin = _time.GetUtcNow();

        while (!look.IsCompleted)
        {
            pace.Sign();
            await StepAsync(look);
        }

        (_time.GetUtcNow() - begin).ShouldBeLessThan(SignPace.Longest + SignPace.Quiet + SignPace.Quiet);
    }

    [Fact]
    public async Task Where_something_changes_all_the_time_looks_become_rarer()
    {
        var pace = new SignPace(_time);
        for (var look = 0; look < SignPace.Brisk; look++)
        {
            pace.Sign();
            await DueAsync(pace.WaitAsync(Ct));
        }

        pace.Sign();
        var begin = _time.GetUtcNow();
        await DueAsync(pace.WaitAsync(Ct));
        (_time.GetUtcNow() - begin).ShouldBeGreaterThanOrEqualTo(SignPace.Slow);

        _time.Advance(SignPace.Window * 2);
        pace.Sign();
        begin = _time.GetUtcNow();
        await DueAsync(pace.WaitAsync(Ct));
        (_time.GetUtcNow() - begin).ShouldBeLessThan(SignPace.Slow);
    }

    private async Task DueAsync(Task look)
    {
        for (var step = 0; !look.IsCompleted; step++)
        {
            step.ShouldBeLessThan(1000, "the look never comes");
            await StepAsync(look);
        }

        await look;
    }

    // Continuations run elsewhere: time goes on only when they have come to their next timer.
    private async Task StepAsync(Task look)
    {
        await CourierTests.UntilAsync(() => _time.Waiting > 0 || look.IsCompleted);
        _time.Advance(TimeSpan.FromMilliseconds(50));
    }
}
