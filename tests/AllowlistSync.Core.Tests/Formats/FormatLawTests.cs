using System.Text;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Formats;
using AllowlistSync.Core.Tests.Fixtures;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace AllowlistSync.Core.Tests.Formats;

/// <summary>What every format promises, whatever the list.</summary>
public sealed class FormatLawTests
{
    private const ulong Seed = 20260101;

    public static TheoryData<string> All => [.. RangeFormats.All.Select(format => format.Name)];

    // Lengths of both ends come up often: whole families and single addresses are what programs refuse.
    private static readonly Gen<IpPrefix> s_prefix = Gen.Choose(0, 1).SelectMany(family => Gen.Choose(0, 130).SelectMany(
        length => Gen.Choose(int.MinValue, int.MaxValue).Two().Select(number => Prefix((IpFamily)family, length, number.Item1, number.Item2))));

    private static readonly Gen<PrefixSet> s_sets = s_prefix.ListOf().Select(PrefixSet.Of);

    private static readonly Gen<RangeFileLabel> s_labels = Gen.Elements(
        new RangeFileLabel(), new RangeFileLabel("web-1/edge"), new RangeFileLabel("a/b.c_d", "Other_9"), new RangeFileLabel(null, "abcdefghijklmnopqrstuvwx"));

    [Theory]
    [MemberData(nameof(All))]
    public void Reading_what_was_written_gives_the_same_without_an_odd_line(string name)
    {
        var format = RangeFormats.Find(name)!;
        Holds((set, label) =>
        {
            var reading = format.Read(format.Write(set, label), label.Name);
            reading.Ranges.ShouldBe(set);
            reading.Mark.ShouldBe(label.Mark);
            reading.OddLines.ShouldBeEmpty();
            reading.TotalOddLines.ShouldBe(0);
        });
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_file_is_ascii_lines_that_end_in_a_line_feed_and_the_same_each_time(string name)
    {
        var format = RangeFormats.Find(name)!;
        Holds((set, label) =>
        {
            var bytes = format.Write(set, label);
            bytes.ShouldBe(format.Write(PrefixSet.Of(set.Prefixes().Reverse()), label));
            bytes.ShouldAllBe(b => b == (byte)'\n' || b == (byte)'\t' || (b >= 0x20 && b < 0x7f));
            (bytes.Length == 0 || bytes[^1] == (byte)'\n').ShouldBeTrue();
        });
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_line_put_in_anywhere_is_named_with_its_number_and_the_list_stays(string name)
    {
        var format = RangeFormats.Find(name)!;
        var label = new RangeFileLabel("web-1/edge");
        var set = Lists.Set(Lists.Cloudflare);
        var lines = Encoding.UTF8.GetString(format.Write(set, label)).Split('\n');
        for (var at = 1; at < lines.Length; at++)
        {
            var edited = string.Join('\n', lines.Take(at).Append("deny all;").Concat(lines.Skip(at)));

            var reading = format.Read(Encoding.UTF8.GetBytes(edited));

            reading.OddLines.ShouldBe([new OddLine(at + 1, "deny all;")]);
            reading.Ranges.ShouldBe(set);
            reading.Mark.ShouldBe("web-1/edge");
        }
    }

    [Theory]
    [MemberData(nameof(All))]
    public void A_line_taken_away_is_seen(string name)
    {
        var format = RangeFormats.Find(name)!;
        var lines = Encoding.UTF8.GetString(format.Write(Lists.Set(Lists.Cloudflare), new RangeFileLabel("web-1/edge"))).Split('\n');
        for (var at = 0; at < lines.Length; at++)
        {
            var reading = format.Read(Encoding.UTF8.GetBytes(string.Join('\n', lines.Where((_, index) => index != at))));

            var isListed = reading.Ranges == Lists.Set(Lists.Cloudflare) && reading.Mark == "web-1/edge";
            (reading.OddLines.Length > 0 || !isListed).ShouldBeTrue($"line {at + 1} is gone: {lines[at]}");
        }
    }

    private static IpPrefix Prefix(IpFamily family, int length, int high, int low)
    {
        var bits = family == IpFamily.IPv4 ? 32 : 128;
        length = Math.Min(length, bits);
        var address = family == IpFamily.IPv4 ? (uint)high : new UInt128(((ulong)(uint)high << 32) | (uint)low, ((ulong)(uint)low << 32) | (uint)high);
        return IpPrefix.Create(family, length == 0 ? 0 : address >> (bits - length) << (bits - length), length);
    }

    private static void Holds(Action<PrefixSet, RangeFileLabel> law)
    {
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {Seed}");
        var config = Config.QuickThrowOnFailure.WithMaxTest(200).WithReplay(Seed, 1);
        Check.One(config, Prop.ForAll(s_sets.SelectMany(set => s_labels.Select(label => (set, label))).ToArbitrary(), pair => law(pair.set, pair.label)));
    }
}
