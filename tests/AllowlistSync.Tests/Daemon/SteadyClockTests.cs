using AllowlistSync.Daemon;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.Daemon;

public sealed class SteadyClockTests
{
    [Theory]
    [InlineData(-36)]
    [InlineData(36)]
    public void It_goes_on_evenly_when_the_clock_on_the_wall_is_set(int hours)
    {
        var wall = new Wall();
        var clock = new SteadyClock(wall);
        var begin = clock.GetUtcNow();

        wall.Pass(TimeSpan.FromMinutes(5));
        wall.Set(TimeSpan.FromHours(hours));

        clock.GetUtcNow().ShouldBe(begin + TimeSpan.FromMinutes(5));
        clock.Off.ShouldBe(TimeSpan.FromHours(hours));
        clock.Set();
        clock.Off.ShouldBe(TimeSpan.Zero);
        clock.GetUtcNow().ShouldBe(wall.GetUtcNow());
    }

    private sealed class Wall : TimeProvider
    {
        private DateTimeOffset _now = new(2026, 3, 29, 1, 59, 0, TimeSpan.Zero);
        private long _ticks;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => _now;

        public override long GetTimestamp() => _ticks;

        public void Pass(TimeSpan time)
        {
            _now += time;
            _ticks += time.Ticks;
        }

        public void Set(TimeSpan by) => _now += by;
    }
}
