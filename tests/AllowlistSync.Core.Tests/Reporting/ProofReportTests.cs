using System.Text.Json;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.Verifying;
using Shouldly;
using Xunit;

namespace AllowlistSync.Core.Tests.Reporting;

public sealed class ProofReportTests
{
    [Fact]
    public Task A_proof_with_everything_reads_well_in_a_shell() => Golden.MatchAsync("proof.txt", Text(Proofs.Whole));

    [Fact]
    public Task A_proof_with_everything_reads_well_as_markdown() => Golden.MatchAsync("proof.md", Markdown(Proofs.Whole));

    [Fact]
    public Task A_proof_with_everything_has_every_field_as_json() => Golden.MatchAsync("proof.json", Json(Proofs.Whole));

    [Fact]
    public Task A_proof_without_trouble_is_short() => Golden.MatchAsync("proof-quiet.txt", Text(Proofs.Report(Proofs.Quiet)));

    [Fact]
    public void The_pieces_of_one_range_and_port_divide_it_without_overlap()
    {
        var verdicts = JsonDocument.Parse(Json(Proofs.Whole)).RootElement.GetProperty("verdicts").EnumerateArray();
        foreach (var cell in verdicts.GroupBy(verdict => (verdict.GetProperty("asked").GetString()!, verdict.GetProperty("port").GetInt32())))
        {
            var pieces = cell.Select(verdict => IpPrefix.Parse(verdict.GetProperty("from").GetString()!)).ToList();
            PrefixSet.Of(pieces).ShouldBe(PrefixSet.Of(IpPrefix.Parse(cell.Key.Item1)));
            pieces.Aggregate(UInt128.Zero, (sum, piece) => sum + (piece.Last - piece.First) + 1).ShouldBe(IpPrefix.Parse(cell.Key.Item1).Last - IpPrefix.Parse(cell.Key.Item1).First + 1);
        }
    }

    [Fact]
    public void What_a_proof_does_not_answer_is_unknown()
    {
        var range = IpPrefix.Parse("104.16.0.0/13");
        var half = new ProofPiece(new IpRange(IpFamily.IPv4, range.First + 8, range.First + 15), PortRange.Tcp(443), ReachabilityVerdict.Accepted);

        var cell = new ProofReport("local", [range], PortSet.Of(PortRange.Tcp(443)), new Proof([half], [])).Matrix.Cells.ShouldHaveSingleItem();

        cell.Pieces.Select(piece => piece.Verdict).ShouldBe([ReachabilityVerdict.Unknown, ReachabilityVerdict.Accepted, ReachabilityVerdict.Unknown]);
        cell.Pieces[^1].From.Last.ShouldBe(range.Last);
    }

    [Fact]
    public void Ports_that_no_rule_tells_apart_stand_together_and_others_do_not()
    {
        var range = IpPrefix.Parse("104.16.0.0/13");
        var whole = new IpRange(IpFamily.IPv4, range.First, range.Last);
        var proof = new Proof([new(whole, new PortRange(TransportProtocol.Tcp, 1, 442), ReachabilityVerdict.Accepted), new(whole, new PortRange(TransportProtocol.Tcp, 443, 65535), ReachabilityVerdict.Blocked) { How = BlockKind.Drop }], []);

        var matrix = new ProofReport("local", [range], PortSet.Of(new PortRange(TransportProtocol.Tcp, 80, 500)), proof).Matrix;

        matrix.Ports.Select(port => port.ToString()).ShouldBe(["80-442", "443-500"]);
        matrix.Cells.Select(cell => cell.Pieces[0].Verdict).ShouldBe([ReachabilityVerdict.Accepted, ReachabilityVerdict.Blocked]);
    }

    [Fact]
    public void A_range_inside_another_is_asked_once() =>
        new ProofReport("local", [IpPrefix.Parse("104.16.3.0/24"), IpPrefix.Parse("104.16.0.0/13")], PortSet.Empty, Proof.Empty).Asked.ShouldBe([IpPrefix.Parse("104.16.0.0/13")]);

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public void What_is_unknown_counts_when_that_was_asked_for(bool isStrict, int exitCode)
    {
        var unknown = new ProofReport("local", [IpPrefix.Parse("104.16.0.0/13")], PortSet.Of(PortRange.Tcp(443)), Proof.Empty);

        (Proofs.Report(unknown) with { IsStrict = isStrict }).ExitCode.ShouldBe(exitCode);
    }

    [Fact]
    public void What_is_blocked_is_a_difference_and_what_is_accepted_is_not()
    {
        Proofs.Whole.ExitCode.ShouldBe(1);
        (Proofs.Report(Proofs.Quiet) with { IsStrict = true }).ExitCode.ShouldBe(0);
    }

    [Fact]
    public void A_rule_cannot_command_the_terminal_nor_fake_markup()
    {
        var text = Text(Proofs.Report(Proofs.Hostile));
        text.ShouldNotContain('\u001b');
        text.ShouldNotContain('\u202e');
        text.ShouldNotContain('\r');
        var markdown = Markdown(Proofs.Report(Proofs.Hostile));
        markdown.ShouldNotContain("<img");
        markdown.ShouldNotContain("@everyone");
        markdown.ShouldNotContain("**bold**");
    }

    [Fact]
    public void Of_many_ranges_the_blocked_one_is_shown_and_the_rest_is_counted()
    {
        var text = Text(Proofs.Report(Proofs.Long(1000)));
        text.ShouldContain("BLOCKED 522");
        text.ShouldContain("... and 950 more (--output json lists all)");
        Markdown(Proofs.Report(Proofs.Long(20_000))).Length.ShouldBeLessThanOrEqualTo(MarkdownReport.MostCharacters);
    }

    [Fact]
    public void Lines_fit_into_eighty_columns_unless_a_single_word_does_not()
    {
        var wide = Text(Proofs.Whole).TrimEnd('\n').Split('\n').Where(line => line.Length > ShellText.Columns);
        wide.ShouldAllBe(line => line.TrimStart().Split(' ').Any(word => word.Length > 40));
    }

    [Fact]
    public void Every_field_of_the_json_stands_in_the_list_of_the_readme_and_the_other_way_round()
    {
        var written = JsonFields.In(JsonDocument.Parse(Json(Proofs.Whole with { Gaps = ["the rules of nf_tables were not read"] })).RootElement);

        JsonFields.Listed("`verify`").ShouldBe(written);
    }

    private static string Text(VerifyReport report) => Written(output => VerifyRenderers.WriteText(report, output, Style.Plain));

    private static string Markdown(VerifyReport report) => Written(output => VerifyRenderers.WriteMarkdown(report, output));

    private static string Json(VerifyReport report) => Written(output => VerifyRenderers.WriteJson(report, output));

    private static string Written(Action<TextWriter> write)
    {
        var output = new StringWriter();
        write(output);
        return output.ToString();
    }
}
