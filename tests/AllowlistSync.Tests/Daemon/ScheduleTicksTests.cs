using AllowlistSync.Configuration;
using AllowlistSync.Daemon;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.Daemon;

/// <summary>Summer time begins and ends: on the one day an hour is missing, on the other it comes twice.</summary>
public sealed class ScheduleTicksTests
{
    private static readonly TimeZoneInfo Berlin = TimeZoneInfo.FindSystemTimeZoneById("Europe/Berlin");

    private static readonly DateTimeOffset Spring = new(2027, 3, 26, 0, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Autumn = new(2027, 10, 29, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Every_quarter_of_an_hour_stays_that_when_the_clocks_change()
    {
        foreach (var from in new[] { Spring, Autumn })
        {
            var ticks = Ticks(ScheduleConfig.DefaultCron, from);
            ticks.Zip(ticks.Skip(1), (one, next) => next - one).ShouldAllBe(pause => pause == TimeSpan.FromMinutes(15));
        }
    }

    [Fact]
    public void A_time_that_is_missing_or_comes_twice_makes_no_day_without_a_run()
    {
        foreach (var from in new[] { Spring, Autumn })
        {
            var ticks = Ticks("0 30 2 * * ?", from);
            ticks.Select(tick => TimeZoneInfo.ConvertTime(tick, Berlin).Date).Distinct().Count().ShouldBe(ticks.Count, "no day has two");
            ticks.Zip(ticks.Skip(1), (one, next) => next - one).ShouldAllBe(pause => pause <= TimeSpan.FromHours(25));
        }
    }

    // Five days around the change.
    private static List<DateTimeOffset> Ticks(string cron, DateTimeOffset from)
    {
        var ticks = new ScheduleTicks(new ScheduleConfig { Cron = cron, TimeZone = Berlin }, TimeProvider.System);
        var all = new List<DateTimeOffset>();
        for (var next = ticks.NextAfter(from); next < from.AddDays(5); next = ticks.NextAfter(next!.Value))
        {
            all.Add(next!.Value);
        }

        return all;
    }
}
