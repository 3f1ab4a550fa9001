using System.Diagnostics;
using System.Text;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Proposals.Rewriting;
using Shouldly;

namespace AllowlistSync.Proposals.Tests.Rewriting;

/// <summary>What holds for any list in any file: seeded random, so that a failure comes again.</summary>
public sealed class RewritingProperties
{
    private const int Rounds = 60;

    public static TheoryData<string> Names { get; } = new(GoldenCase.All.Select(one => one.Name));

    [Theory]
    [MemberData(nameof(Names))]
    public void Any_list_is_written_and_found_again(string name)
    {
        var (one, random) = (GoldenCase.All.Single(golden => golden.Name == name), new Random(7));
        ReadOnlyMemory<byte> now = one.Original;
        for (var round = 0; round < Rounds; round++)
        {
            var wanted = Any(random);
            var ours = one.Place.Family is { } family ? wanted.Only(family) : wanted;
            var before = now;
            var after = Rewriter.Rewrite(one.Path, before, one.Place, wanted);
            var again = Rewriter.Rewrite(one.Path, after.Content, one.Place, wanted);
            again.Before.ShouldBe(ours, $"round {round}");
            again.IsChanged.ShouldBeFalse($"round {round}");
            again.Content.Span.SequenceEqual(after.Content.Span).ShouldBeTrue($"round {round}");
            now = after.Content;
        }
    }

    [Theory]
    [InlineData("f.yml", "# a\nx: 'q'   # b\nallow:{0}\n  - 1.1.1.1\ny: [ 1,2 ]\t# tab\r\n\r\nz: \"ä\"", "\n  - 1.1.1.1\n", "y: [ 1,2 ]")]
    [InlineData("f.tf", "# a\nx   = 1\nallow = [\n  \"1.1.1.1\",\n]\ny={{}}\r\n\r\n", "allow = [\n", "]\ny={")]
    [InlineData("f.json", "{{ \"x\" : 1e3 ,\n \"allow\" : [\"1.1.1.1\"],\"y\":\"\\u00e4\"  }}", " \"allow\" : [", "],\"y\"")]
    [InlineData("f.conf", "a\r\n\t# allowlist-sync:begin cf\n# allowlist-sync:end cf\r\nb  ", "begin cf\n", "# allowlist-sync:end")]
    public void Bytes_outside_of_the_place_stay(string path, string form, string from, string to)
    {
        var (text, random) = (form.Replace("{{", "{", StringComparison.Ordinal).Replace("}}", "}", StringComparison.Ordinal).Replace("{0}", "", StringComparison.Ordinal), new Random(3));
        var (head, tail) = (text[..(text.IndexOf(from, StringComparison.Ordinal) + (path == "f.yml" ? 1 : from.Length))], text[text.IndexOf(to, StringComparison.Ordinal)..]);
        for (var round = 0; round < Rounds; round++)
        {
            FilePlace place = path == "f.conf" ? new BlockPlace("cf", "plain") : new KeyPlace("allow");
            var wanted = Any(random).Union(GoldenCase.Of("9.9.9.9/32"));
            var after = Encoding.UTF8.GetString(Rewriter.Rewrite(path, Encoding.UTF8.GetBytes(text), place, wanted).Content.Span);
            after.ShouldStartWith(head);
            after.ShouldEndWith(tail);
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_file_that_was_mutilated_is_rewritten_or_refused(string name)
    {
        var (one, random) = (GoldenCase.All.Single(golden => golden.Name == name), new Random(11));
        for (var round = 0; round < 400; round++)
        {
            var bytes = Mutilate(random, one.Original);
            var wanted = GoldenCase.Of("104.16.0.0/13 198.51.100.7/32 2400:cb00::/32");
            try
            {
                var after = Rewriter.Rewrite(one.Path, bytes, one.Place, wanted);
                Rewriter.Rewrite(one.Path, after.Content, one.Place, wanted).IsChanged.ShouldBeFalse(Encoding.UTF8.GetString(bytes));
            }
            catch (RewriteException refused)
            {
                refused.Remedy.ShouldNotBeEmpty();
            }
        }
    }

    [Theory]
    [InlineData("f.yml", "allow:\n", "  - {0}\n", "")]
    [InlineData("f.tf", "allow = [\n", "  \"{0}\",\n", "]\n")]
    [InlineData("f.json", "{\"allow\": [\"0.0.0.1\"", ",\n\"{0}\"", "]}")]
    public void Ten_megabytes_are_a_matter_of_seconds(string path, string head, string line, string tail)
    {
        var text = new StringBuilder(head);
        for (uint i = 0; text.Length < 10_000_000; i++)
        {
            text.Append(string.Format(null, line, IpPrefix.Create(IpFamily.IPv4, i, 32)));
        }

        var bytes = Encoding.UTF8.GetBytes(text.Append(tail).ToString());
        var watch = Stopwatch.StartNew();
        Rewriter.Rewrite(path, bytes, new KeyPlace("allow"), GoldenCase.Of("0.0.4.0/22 0.2.0.0/15 104.16.0.0/13")).IsChanged.ShouldBeTrue();
        TestContext.Current.TestOutputHelper?.WriteLine($"{path}: {watch.ElapsedMilliseconds} ms");
        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(60));
    }

    private static PrefixSet Any(Random random) => PrefixSet.Of(Enumerable.Range(0, random.Next(6)).Select(_ => random.Next(3) == 0
        ? IpPrefix.Create(IpFamily.IPv6, (UInt128)(uint)random.Next(1, 5000) << 96, 32)
        : IpPrefix.Create(IpFamily.IPv4, (UInt128)(uint)random.Next(1, 250) << 24, random.Next(8, 12))));

    private static byte[] Mutilate(Random random, byte[] bytes)
    {
        var list = bytes.ToList();
        const string Signs = "[]{}()\"'#,:- \n\t\r\\$&*!|>%/=<a1";
        for (var i = random.Next(1, 4); i > 0 && list.Count > 0; i--)
        {
            var at = random.Next(list.Count);
            switch (random.Next(3))
            {
                case 0:
                    list.RemoveAt(at);
                    break;
                case 1:
                    list.Insert(at, (byte)Signs[random.Next(Signs.Length)]);
                    break;
                default:
                    list[at] = random.Next(8) == 0 ? (byte)random.Next(256) : (byte)Signs[random.Next(Signs.Length)];
                    break;
            }
        }

        return [.. list];
    }
}
