using System.Text;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Formats;
using AllowlistSync.Core.Tests.Fixtures;
using Shouldly;
using Xunit;

namespace AllowlistSync.Core.Tests.Formats;

/// <summary>Files that nobody of us wrote, or only half of.</summary>
public sealed class FormatBadInputTests
{
    private static readonly RangeFileLabel Label = new("web-1/edge");

    private static readonly PrefixSet Few = Lists.Set("104.16.0.0/13", "131.0.72.0/22", "2400:cb00::/32");

    public static TheoryData<string> All => [.. RangeFormats.All.Select(format => format.Name)];

    [Theory]
    [MemberData(nameof(All))]
    public void An_empty_file_says_nothing(string name)
    {
        var reading = RangeFormats.Find(name)!.Read([]);

        reading.Mark.ShouldBeNull();
        reading.Ranges.ShouldBe(PrefixSet.Empty);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_file_that_ends_at_any_byte_is_read_as_far_as_it_goes_and_its_end_is_seen(string name)
    {
        var format = RangeFormats.Find(name)!;
        var whole = format.Write(Few, Label);
        for (var length = 0; length < whole.Length; length++)
        {
            var reading = format.Read(whole.AsSpan(0, length));

            reading.Mark.ShouldBeOneOf(null, "web-1/edge", "web-1/edg", "web-1/ed", "web-1/e", "web-1/", "web-1", "web-", "web", "we", "w");
            var rewritten = format.Write(reading.Ranges, new RangeFileLabel(reading.Mark));
            reading.OddLines.IsEmpty.ShouldBe(whole.AsSpan(0, length).SequenceEqual(rewritten), $"cut after {length} bytes");
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Lines_that_end_as_on_windows_are_read_and_all_are_odd(string name)
    {
        var format = RangeFormats.Find(name)!;
        var text = Encoding.UTF8.GetString(format.Write(Few, Label));

        var reading = format.Read(Encoding.UTF8.GetBytes(text.Replace("\n", "\r\n", StringComparison.Ordinal)));

        reading.Mark.ShouldBe("web-1/edge");
        reading.Ranges.ShouldBe(Few);
        reading.TotalOddLines.ShouldBe(text.Count(c => c == '\n'));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Bytes_that_are_no_text_are_shown_without_harm_to_a_terminal(string name)
    {
        var garbage = new byte[4096];
        new Random(7).NextBytes(garbage);

        var reading = RangeFormats.Find(name)!.Read(garbage);

        reading.Mark.ShouldBeNull();
        reading.Ranges.ShouldBe(PrefixSet.Empty);
        reading.OddLines.ShouldNotBeEmpty();
        reading.OddLines.ShouldAllBe(line => line.Text.Length <= 60 && !line.Text.Any(char.IsControl));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Of_ten_thousand_odd_lines_a_hundred_are_told_and_all_are_counted(string name)
    {
        var reading = RangeFormats.Find(name)!.Read(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Range(0, 10_000).Select(number => $"server_name host-{number}.example;\n"))));

        reading.Ranges.ShouldBe(PrefixSet.Empty);
        reading.OddLines.Length.ShouldBe(RangeFileReading.MaxOddLines);
        reading.OddLines[99].ShouldBe(new OddLine(100, "server_name host-99.example;"));
        reading.TotalOddLines.ShouldBeGreaterThanOrEqualTo(10_000 - 1);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void What_is_no_prefix_in_the_place_of_one_is_odd_and_not_guessed_at(string name)
    {
        var format = RangeFormats.Find(name)!;
        var text = Encoding.UTF8.GetString(format.Write(Few, Label));
        foreach (var (bad, inside) in new[] { ("104.16.0.1/13", "\"104.16.0.1\"/13"), ("edge.example", "\"edge.example\""), ("104.16.0.0/33", "\"104.16.0.0\"/33"), ("104.16", "\"104.16\"") })
        {
            var edited = text.Replace("104.16.0.0/13", bad, StringComparison.Ordinal).Replace("\"104.16.0.0\"/13", inside, StringComparison.Ordinal);

            var reading = format.Read(Encoding.UTF8.GetBytes(edited));

            reading.Ranges.ShouldBe(Lists.Set("131.0.72.0/22", "2400:cb00::/32"));
            reading.OddLines.Length.ShouldBe(1);
            reading.OddLines[0].Text.ShouldContain(bad.Split('/')[0]);
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_mark_that_is_not_where_the_writer_puts_it_is_none(string name)
    {
        var format = RangeFormats.Find(name)!;
        if (!format.HasComments)
        {
            return;
        }

        format.Read(Encoding.UTF8.GetBytes("# my own list\n# allowlist-sync: web-1/edge\n")).Mark.ShouldBeNull();
        format.Read("# allowlist-sync: web-1/edge and more\n"u8).Mark.ShouldBeNull();
        format.Read("# allowlist-sync:\n"u8).Mark.ShouldBeNull();
    }

    [Fact]
    public void Json_that_was_damaged_still_says_whose_it_is()
    {
        var text = Encoding.UTF8.GetString(RangeFormats.Find("json")!.Write(Few, Label));

        var reading = RangeFormats.Find("json")!.Read(Encoding.UTF8.GetBytes(text.Replace("\"104", "104", StringComparison.Ordinal)));

        reading.Mark.ShouldBe("web-1/edge");
        reading.Ranges.ShouldBe(Lists.Set("131.0.72.0/22", "2400:cb00::/32"));
        reading.OddLines.ShouldBe([new OddLine(5, "    104.16.0.0/13\",")]);
    }

    [Fact]
    public void Json_on_one_line_is_the_same_list_in_a_form_that_is_not_ours()
    {
        var reading = RangeFormats.Find("json")!.Read("""{"ipv6":["2400:cb00::/32"],"managedBy":"allowlist-sync: web-1/edge","ipv4":["104.16.0.0/13","131.0.72.0/22"]}"""u8);

        reading.Mark.ShouldBe("web-1/edge");
        reading.Ranges.ShouldBe(Few);
        reading.OddLines.Length.ShouldBe(1);
    }

    [Fact]
    public void What_is_defined_by_another_name_is_not_the_list()
    {
        var format = RangeFormats.Find("ipset-restore")!;

        var reading = format.Read(format.Write(Few, new RangeFileLabel("web-1/edge", "other")), "cloudflare");

        reading.Ranges.ShouldBe(PrefixSet.Empty);
        reading.OddLines.ShouldNotBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("4edge")]
    [InlineData("edge-1")]
    [InlineData("a b")]
    [InlineData("abcdefghijklmnopqrstuvwxy")]
    [InlineData("x;reboot")]
    public void A_name_that_would_be_syntax_is_refused(string name) => Should.Throw<ArgumentException>(() => new RangeFileLabel(null, name));

    [Theory]
    [InlineData("")]
    [InlineData("a\nb")]
    [InlineData("a,b")]
    [InlineData("a\"b")]
    public void A_mark_that_would_be_syntax_is_refused(string mark) => Should.Throw<ArgumentException>(() => new RangeFileLabel(mark));
}
