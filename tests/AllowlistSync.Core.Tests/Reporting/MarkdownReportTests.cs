using AllowlistSync.Core.Reporting;
using Shouldly;
using Xunit;

namespace AllowlistSync.Core.Tests.Reporting;

public sealed class MarkdownReportTests
{
    [Fact]
    public Task A_run_with_everything_reads_well() => Golden.MatchAsync("everything.md", Markdown(Reports.Everything));

    [Fact]
    public Task Text_from_outside_is_text() => Golden.MatchAsync("hostile.md", Markdown(Reports.Hostile));

    [Theory]
    [InlineData(30, false)]
    [InlineData(31, true)]
    public void A_long_list_is_folded(int prefixes, bool folded) =>
        Markdown(Reports.Long(prefixes)).Contains("<details>", StringComparison.Ordinal).ShouldBe(folded);

    [Theory]
    [InlineData(1500)]
    [InlineData(20_000)]
    public void A_very_long_list_is_cut_and_says_how_much(int prefixes)
    {
        var text = Markdown(Reports.Long(prefixes));
        text.Length.ShouldBeLessThanOrEqualTo(MarkdownReport.MostCharacters);
        var shown = text.Split('\n').Count(line => line.StartsWith("| + |", StringComparison.Ordinal));
        shown.ShouldBeGreaterThan(0);
        text.ShouldContain($"... and {prefixes - shown} more lines");
        text.ShouldContain("</details>");
    }

    [Fact]
    public void Very_many_targets_are_cut_at_a_line_and_it_is_said()
    {
        var report = Reports.Everything with { Targets = [.. Enumerable.Repeat(Reports.Everything.Targets, 100).SelectMany(targets => targets)] };
        var text = Markdown(report);
        text.Length.ShouldBeLessThanOrEqualTo(MarkdownReport.MostCharacters);
        text.ShouldEndWith("*The report was cut here to fit into one comment; `--output json` has it all.*\n");
    }

    [Fact]
    public void A_message_of_a_megabyte_is_cut()
    {
        var text = MarkdownText.Escape(new string('x', 1_000_000));
        text.Length.ShouldBeLessThan(1100);
        text.ShouldEndWith("(cut; `--output json` has it all)");
    }

    private static string Markdown(RunReport report)
    {
        var output = new StringWriter();
        MarkdownReport.Write(report, output);
        return output.ToString();
    }
}
