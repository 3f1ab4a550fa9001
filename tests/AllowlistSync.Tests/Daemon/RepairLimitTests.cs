using AllowlistSync.Daemon;
using AllowlistSync.Tests.Notifying;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.Daemon;

public sealed class RepairLimitTests
{
    private readonly StepTime _time = new();

    [Fact]
    public void Repairs_in_quick_succession_are_a_fight_and_the_pause_ends()
    {
        var limit = new RepairLimit(_time);
        for (var repair = 1; repair < RepairLimit.Most; repair++)
        {
            limit.Count().ShouldBeFalse();
            _time.Advance(TimeSpan.FromSeconds(1));
        }

        limit.PausedUntil.ShouldBeNull();
        limit.Count().ShouldBeTrue();
        limit.PausedUntil.ShouldBe(_time.GetUtcNow() + RepairLimit.Pause);

        _time.SetBack(TimeSpan.FromHours(5));
        limit.PausedUntil.ShouldBe(_time.GetUtcNow() + RepairLimit.Pause, "by the clock that is set back now, and no longer");
        _time.Advance(RepairLimit.Pause);
        limit.PausedUntil.ShouldBeNull();
        limit.Count().ShouldBeFalse("the count begins anew");
    }

    [Fact]
    public void Repairs_now_and_then_are_none()
    {
        var limit = new RepairLimit(_time);
        for (var repair = 0; repair < 100; repair++)
        {
            limit.Count().ShouldBeFalse();
            _time.Advance((RepairLimit.Window / (RepairLimit.Most - 1)) + TimeSpan.FromSeconds(1));
        }
    }
}
