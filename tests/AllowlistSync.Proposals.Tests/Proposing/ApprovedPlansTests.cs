using AllowlistSync.Proposals.Proposing;
using Shouldly;

namespace AllowlistSync.Proposals.Tests.Proposing;

public sealed class ApprovedPlansTests
{
    private static readonly ApprovedPlan Web = new("web@h1", new string('a', 64));

    [Fact]
    public void What_is_written_is_read_from_commits_and_from_plan_files()
    {
        var db = new ApprovedPlan("db", new string('0', 64));
        ApprovedPlans.In($"commit 1\n\n    Title\n\n    {ApprovedPlans.Line(Web)}\n    {ApprovedPlans.Line(db)}\n").ShouldBe([Web, db]);
        ApprovedPlans.In($"# Plan\r\n{ApprovedPlans.MarkdownLine(Web)}\r\n{ApprovedPlans.MarkdownLine(Web)}\r\n").ShouldBe([Web]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Allowlist-Sync-Plan: web abc")]
    [InlineData("> quoted Allowlist-Sync-Plan: web {0}")]
    [InlineData("Allowlist-Sync-Plan: web {0} and more")]
    [InlineData("Allowlist-Sync-Fingerprint: {0}")]
    public void Anything_else_approves_nothing(string text) => ApprovedPlans.In(text.Replace("{0}", Web.Fingerprint, StringComparison.Ordinal)).ShouldBeEmpty();
}
