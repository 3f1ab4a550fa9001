using AllowlistSync.Core.Reporting;
using Shouldly;
using Xunit;

namespace AllowlistSync.Core.Tests.Reporting;

public sealed class TextReportTests
{
    [Fact]
    public Task A_run_with_everything_reads_well() => Golden.MatchAsync("everything.txt", Text(Reports.Everything));

    [Fact]
    public Task An_apply_that_waits_to_be_confirmed_says_until_when() => Golden.MatchAsync("applied.txt", Text(Reports.Applied));

    [Fact]
    public Task A_run_without_anything_to_do_is_short() => Golden.MatchAsync("quiet.txt", Text(Reports.Quiet));

    [Fact]
    public void A_target_that_apply_leaves_alone_is_not_offered_for_approval()
    {
        var text = Text(Reports.Watched);
        text.ShouldContain("mode: report; `apply` leaves this target alone");
        text.ShouldNotContain("to approve it");
    }

    [Fact]
    public Task Colour_is_added_around_the_same_text() => Golden.MatchAsync("applied-ansi.txt", Text(Reports.Applied, Style.Ansi));

    [Fact]
    public void Colour_changes_no_character_of_the_text()
    {
        var painted = Text(Reports.Everything, Style.Ansi);
        System.Text.RegularExpressions.Regex.Replace(painted, "\u001b\\[[0-9]+m", "", System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(5)).ShouldBe(Text(Reports.Everything));
    }

    [Fact]
    public void Text_from_outside_cannot_command_the_terminal()
    {
        var text = Text(Reports.Hostile);
        text.ShouldNotContain('\u001b');
        text.ShouldNotContain('\u202e');
        text.ShouldNotContain('\r');
        text.Split('\n').ShouldNotContain(line => line.StartsWith('#'));
        text.ShouldContain("?[2J<img");
    }

    [Theory]
    [InlineData(50, false)]
    [InlineData(51, true)]
    public void More_than_fifty_lines_of_a_kind_are_cut_and_counted(int prefixes, bool cut)
    {
        var text = Text(Reports.Long(prefixes));
        text.Split('\n').Count(line => line.StartsWith("  + ", StringComparison.Ordinal)).ShouldBe(50);
        text.Contains("... and 1 more (--output json lists all)", StringComparison.Ordinal).ShouldBe(cut);
        text.ShouldEndWith($"1 target: 1 differs (+{prefixes} -0)\n");
    }

    [Fact]
    public void Lines_fit_into_eighty_columns_unless_a_single_word_does_not()
    {
        var wide = Text(Reports.Everything).TrimEnd('\n').Split('\n').SkipLast(1).Where(line => line.Length > ShellText.Columns);
        wide.ShouldAllBe(line => line.TrimStart().Split(' ').Any(word => word.Length > 40));
    }

    [Fact]
    public void A_plan_that_can_be_approved_shows_the_exact_command()
    {
        var mail = Reports.Everything.Targets.Single(target => target.Target.Name == "mail");
        Text(Reports.Everything).ShouldContain($"to approve it: allowlist-sync apply --accept {mail.Plan!.Fingerprint[..12]}\n");
    }

    private static string Text(RunReport report, Style? style = null)
    {
        var output = new StringWriter();
        TextReport.Write(report, output, style ?? Style.Plain);
        return output.ToString();
    }
}
