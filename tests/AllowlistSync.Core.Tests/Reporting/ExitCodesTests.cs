using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.Tests.Fixtures;
using Shouldly;
using Xunit;

namespace AllowlistSync.Core.Tests.Reporting;

public sealed class ExitCodesTests
{
    [Theory]
    [InlineData("", "", 0)]
    [InlineData("InSync", "", 0)]
    [InlineData("InSync Applied", "", 0)]
    [InlineData("InSync Differs", "", 1)]
    [InlineData("Failed", "", 2)]
    [InlineData("Failed Failed", "", 2)]
    [InlineData("Refused", "", 3)]
    [InlineData("Refused Failed", "", 2)]
    [InlineData("Refused Locked", "", 2)]
    [InlineData("InSync Failed", "", 4)]
    [InlineData("Applied Refused", "", 4)]
    [InlineData("Differs Locked", "", 4)]
    [InlineData("Locked", "", 5)]
    [InlineData("Locked Locked", "", 5)]
    [InlineData("InSync", "refused", 3)]
    [InlineData("Differs", "refused", 3)]
    [InlineData("InSync", "silent", 2)]
    [InlineData("Differs", "silent", 2)]
    [InlineData("InSync", "silent refused", 3)]
    [InlineData("Failed", "refused", 2)]
    [InlineData("Applied Failed", "silent", 4)]
    public void The_exit_code_of_a_run_is_as_documented(string targets, string sources, int expected) =>
        Report(targets, sources, overrides: false).ExitCode.ShouldBe(expected);

    [Theory]
    [InlineData("Applied", 0)]
    [InlineData("InSync", 0)]
    [InlineData("Failed", 2)]
    public void A_refused_list_that_was_approved_is_no_refusal_any_more(string status, int expected) =>
        Report(status, "refused", overrides: true).ExitCode.ShouldBe(expected);

    [Fact]
    public void The_numbers_are_a_contract() =>
        new[] { ExitCodes.Ok, ExitCodes.Differences, ExitCodes.Failed, ExitCodes.Refused, ExitCodes.Partly, ExitCodes.Locked, ExitCodes.Usage, ExitCodes.Configuration }.ShouldBe([0, 1, 2, 3, 4, 5, 64, 78]);

    private static RunReport Report(string targets, string sources, bool overrides) => new(
        "apply",
        "run",
        Lists.Morning,
        [.. sources.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(how => new SourceOutcome { Name = how, InForce = null, Answered = how == "refused", Refusals = [new Refusal("rule", "", "")] })],
        [.. targets.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(status => new TargetReport { Target = Lists.Target(), Status = Enum.Parse<TargetStatus>(status), Overrides = overrides })]);
}
