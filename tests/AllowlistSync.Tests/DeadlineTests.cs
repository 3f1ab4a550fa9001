using AllowlistSync.Core.Desired;
using AllowlistSync.Core.State;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests;

public sealed class DeadlineTests
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    [Fact]
    public void Time_that_passes_on_both_clocks_runs_out_once()
    {
        var clocks = new TwoClocks();
        var deadline = new Deadline(Within(TimeSpan.FromSeconds(60)), clocks);
        clocks.Pass(TimeSpan.FromSeconds(59));
        deadline.Left.ShouldBe(TimeSpan.FromSeconds(1));
        clocks.Pass(TimeSpan.FromSeconds(1));
        deadline.Left.ShouldBe(TimeSpan.Zero);
        clocks.Pass(TimeSpan.FromSeconds(1));
        deadline.Left.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void A_wall_clock_that_is_set_back_does_not_postpone_it()
    {
        var clocks = new TwoClocks();
        var deadline = new Deadline(Within(TimeSpan.FromSeconds(60)), clocks);
        clocks.Wall -= TimeSpan.FromHours(1);
        deadline.Left.ShouldBe(TimeSpan.FromSeconds(60));
        clocks.Pass(TimeSpan.FromSeconds(60));
        deadline.Left.ShouldBe(TimeSpan.Zero);
    }

    [Fact]
    public void A_wall_clock_that_is_set_forward_or_went_on_while_the_machine_slept_counts()
    {
        var clocks = new TwoClocks();
        var deadline = new Deadline(Within(TimeSpan.FromSeconds(60)), clocks);
        clocks.Wall += TimeSpan.FromSeconds(50);
        deadline.Left.ShouldBe(TimeSpan.FromSeconds(10));
        clocks.Wall += TimeSpan.FromSeconds(10);
        deadline.Left.ShouldBe(TimeSpan.Zero);
    }

    private static Receipt Within(TimeSpan time) => new()
    {
        RunId = "run",
        Target = "web",
        Fingerprint = "f00d",
        StartedAt = Noon,
        Stage = ReceiptStage.Applying,
        Result = TrafficSet.Empty,
        ConfirmBy = Noon + time,
    };

    private sealed class TwoClocks : TimeProvider
    {
        private TimeSpan _measured;

        public DateTimeOffset Wall { get; set; } = Noon;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => Wall;

        public override long GetTimestamp() => _measured.Ticks;

        public void Pass(TimeSpan time) => (Wall, _measured) = (Wall + time, _measured + time);
    }
}
