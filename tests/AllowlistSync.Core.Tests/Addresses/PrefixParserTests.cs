using System.Text;
using AllowlistSync.Core.Addresses;
using Shouldly;
using Xunit;

namespace AllowlistSync.Core.Tests.Addresses;

public sealed class PrefixParserTests
{
    private static ParsedPrefixes Parse(string text) => PrefixParser.Parse(Encoding.UTF8.GetBytes(text));

    private static string[] Texts(ParsedPrefixes parsed) => [.. parsed.Prefixes.Select(p => p.ToString())];

    private static ParseProblem OnlyProblem(string text)
    {
        var parsed = Parse(text);
        parsed.TotalProblems.ShouldBe(1);
        PrefixParser.ParseSet(Encoding.UTF8.GetBytes(text), out var problems);
        problems.ShouldBe(parsed.Problems);
        return parsed.Problems.ShouldHaveSingleItem();
    }

    [Fact]
    public void Comments_blank_lines_line_ends_mark_and_missing_newline_are_fine()
    {
        var parsed = Parse("\uFEFF# Cloudflare\r\n173.245.48.0/20\r\n\r\n  103.21.244.0/22\t; old\n; none\n1.1.1.1 # one\n2400:cb00::/32\r\n131.0.72.0/22");
        parsed.Problems.ShouldBeEmpty();
        Texts(parsed).ShouldBe(["173.245.48.0/20", "103.21.244.0/22", "1.1.1.1/32", "2400:cb00::/32", "131.0.72.0/22"]);
    }

    [Theory]
    [InlineData("")]
    [InlineData("\n\n")]
    [InlineData("\uFEFF")]
    [InlineData("# only a comment")]
    public void An_empty_list_is_empty_and_without_problems(string text)
    {
        Parse(text).Prefixes.ShouldBeEmpty();
        Parse(text).Problems.ShouldBeEmpty();
    }

    [Fact]
    public void Ranges_expand_to_prefixes_with_or_without_blanks()
    {
        var parsed = Parse("104.16.0.0-104.27.255.255\n10.0.0.1 - 10.0.0.2\nfe00::-fe00::1\n0.0.0.0-255.255.255.255");
        parsed.Problems.ShouldBeEmpty();
        Texts(parsed).ShouldBe(["104.16.0.0/13", "104.24.0.0/14", "10.0.0.1/32", "10.0.0.2/32", "fe00::/127", "0.0.0.0/0"]);
    }

    [Theory]
    [InlineData("131.0.72.0/222400:cb00::/32", 1, "two prefixes glued together")]
    [InlineData("10.0.0.1/8", 1, "the prefix would be 10.0.0.0/8")]
    [InlineData("  10.0.0.0/33", 12, "out of range")]
    [InlineData("10.0.01.0/24", 6, "leading zero")]
    [InlineData("::ffff:1.2.3.4", 1, "IPv4-mapped")]
    [InlineData("fe80::1%eth0", 8, "zone id")]
    [InlineData("<!DOCTYPE html>", 1, "this is HTML, not a list")]
    [InlineData("  <html lang=\"en-US\">", 3, "this is HTML, not a list")]
    [InlineData("{\"result\":{}}", 1, "this is JSON")]
    [InlineData("1.2.3.4\0", 8, "NUL")]
    [InlineData("10.0.0.0/8,11.0.0.0/8", 11, "comma")]
    [InlineData("10.0.0.0/8 11.0.0.0/8", 11, "more on the line")]
    [InlineData("10.0.0.0/8\r10.1.0.0/16", 11, "control character")]
    [InlineData("10.0.0.0/８", 10, "not ASCII")]
    [InlineData("10.0.0.2-10.0.0.1", 10, "ends before it starts")]
    [InlineData("10.0.0.2-::1", 10, "starts in one family")]
    [InlineData("10.0.0.0/8-10.0.0.1", 1, "without a length")]
    [InlineData("10.0.0.0-10.0.0.0/8", 10, "without a length")]
    [InlineData("10.0.0.0-", 10, "no end")]
    [InlineData("10.0.0.0-10.0.0.256", 17, "more than 255")]
    [InlineData("::1-::ffff:1.2.3.4", 5, "IPv4-mapped")]
    [InlineData("my-host.example", 1, "not an address")]
    [InlineData("name", 1, "not an address")]
    [InlineData("-1.2.3.4", 1, "sign")]
    public void A_bad_line_is_told_with_line_column_and_reason(string line, int column, string reason)
    {
        var problem = OnlyProblem("1.1.1.1\n\n" + line + "\n2.2.2.2\n");
        problem.Line.ShouldBe(3);
        problem.Reason.ShouldContain(reason);
        problem.Column.ShouldBe(column);
    }

    [Fact]
    public void Bad_lines_in_the_middle_of_a_long_list_do_not_hide_the_good_ones()
    {
        var lines = Enumerable.Range(0, 500).Select(i => i % 100 == 50 ? $"10.0.{i}.0/24" : $"10.{i / 256}.{i % 256}.0/24");
        var parsed = Parse(string.Join('\n', lines));
        parsed.Problems.Select(p => p.Line).ShouldBe([351, 451]);
        parsed.Prefixes.Length.ShouldBe(498);
    }

    [Fact]
    public void A_line_that_is_far_too_long_is_one_problem_and_its_text_is_cut()
    {
        var problem = OnlyProblem(new string('1', 100_000) + "\n");
        problem.Reason.ShouldContain("far too long");
        problem.Text.Length.ShouldBe(60);
        OnlyProblem(string.Concat(Enumerable.Repeat("104.16.0.0/13", 100))).Reason.ShouldContain("glued");
        Parse("#" + new string('x', 100_000)).Problems.ShouldBeEmpty();
    }

    [Fact]
    public void The_text_of_a_problem_cannot_play_tricks_on_a_terminal()
        => OnlyProblem("x\u001b[2J\u202e\u0000y").Text.ShouldBe("x\uFFFD[2J\uFFFD\uFFFDy");

    [Fact]
    public void Problems_are_capped_at_a_hundred_but_all_counted()
    {
        var parsed = Parse(string.Concat(Enumerable.Repeat("<p>\n", 250)));
        parsed.Problems.Length.ShouldBe(100);
        parsed.TotalProblems.ShouldBe(250);
        PrefixParser.ParseSet("x\ny"u8, out var problems, out int total);
        total.ShouldBe(problems.Length);
    }

    [Fact]
    public void A_list_and_a_set_of_the_same_text_hold_the_same_addresses()
    {
        byte[] text = Encoding.UTF8.GetBytes("10.0.0.0/25\n10.0.0.128/25\r\n0.0.0.0/0\n2606:4700::/32\n2606:4701::-2606:4702::5\n255.255.255.255/32\n255.255.255.255\n");
        var set = PrefixParser.ParseSet(text, out var problems);
        problems.ShouldBeEmpty();
        set.ShouldBe(PrefixSet.Of(PrefixParser.Parse(text).Prefixes));
    }

    [Fact]
    public void The_fast_path_and_the_strict_path_read_alike()
    {
        var random = new Random(99);
        string[] parts = ["0", "1", "9", "01", "00", "10", "25", "99", "128", "192", "255", "256", "300", "1000", "", "a"];
        string[] lengths = ["", "/0", "/1", "/8", "/08", "/24", "/32", "/33", "/99", "/", "/240", "/x", " ", "/24 "];
        for (int i = 0; i < 20_000; i++)
        {
            string line = string.Join('.', Enumerable.Range(0, 4).Select(_ => parts[random.Next(random.Next(2) == 0 ? 2 : parts.Length)])) + lengths[random.Next(lengths.Length)];
            bool strict = IpPrefix.TryParse(line.AsSpan().TrimEnd(), out var prefix);
            var parsed = Parse(line + "\n# padding, so that the fast path is taken\n");
            Texts(parsed).ShouldBe(strict ? [prefix.ToString()] : [], line);
            parsed.TotalProblems.ShouldBe(strict ? 0 : 1, line);
        }
    }

    [Fact]
    public void The_writer_gives_the_fewest_prefixes_a_line_each_and_reads_back()
    {
        var random = new Random(3);
        var set = PrefixSet.Of(Enumerable.Range(0, 20_000).Select(_ => IpPrefix.Create(IpFamily.IPv4, (uint)random.NextInt64() & 0xffff_fff0, 28)))
            .Union(PrefixSet.Of(IpPrefix.Parse("2606:4700::/32"), IpPrefix.Parse("::1")));
        using var stream = new MemoryStream();
        PrefixListWriter.Write(set, stream);
        string text = Encoding.UTF8.GetString(stream.ToArray());
        text.ShouldBe(string.Concat(set.Prefixes().Select(p => p + "\n")));
        PrefixParser.ParseSet(stream.ToArray(), out _).ShouldBe(set);
        using var nothing = new MemoryStream();
        PrefixListWriter.Write(PrefixSet.Empty, nothing);
        nothing.Length.ShouldBe(0);
    }
}
