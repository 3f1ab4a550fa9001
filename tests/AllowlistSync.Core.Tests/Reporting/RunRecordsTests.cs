using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.State;
using Shouldly;
using Xunit;

namespace AllowlistSync.Core.Tests.Reporting;

public sealed class RunRecordsTests
{
    private static readonly RunFrame Frame = new("run", "web-1", RunTrigger.Schedule, Reports.Everything.At, TimeSpan.Zero, HasHeld: false);

    [Theory]
    [InlineData("nft is not installed", "nft is not installed (nothing was changed)")]
    [InlineData("the file is somebody else's; nothing was changed", "the file is somebody else's; nothing was changed")]
    public void What_a_failure_left_behind_is_said_once(string message, string kept)
    {
        var failed = Reports.Everything.Targets.First(target => target.Error is not null);

        RunRecords.Of(Frame, failed with { Error = failed.Error! with { Aftermath = Aftermath.Untouched, Message = message } }).Error!.Message.ShouldBe(kept);
    }

    [Fact]
    public void What_gets_in_is_what_the_rules_in_force_let_in_and_not_what_a_change_would()
    {
        var looked = Reports.Applied.Targets.Single();

        RunRecords.Of(Frame, looked).ReachCounts.ShouldBeNull();
        RunRecords.Of(Frame, looked with { Rehearsal = looked.Rehearsal with { InForce = looked.Rehearsal.Proof } }).ReachCounts.ShouldBe(new ReachCounts(1, 1, 1));
    }
}
