using System.Diagnostics;
using System.Text;
using System.Text.RegularExpressions;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Formats;
using AllowlistSync.Core.Tests.Fixtures;
using Shouldly;
using Xunit;

namespace AllowlistSync.Core.Tests.Formats;

/// <summary>The files themselves: their bytes are a contract.</summary>
public sealed partial class FormatFileTests
{
    public static TheoryData<string> All => [.. RangeFormats.All.Select(format => format.Name)];

    [Theory]
    [MemberData(nameof(All))]
    public Task A_list_is_written_as_the_file_beside_the_tests(string name) =>
        Golden.MatchAsync($"{name}.txt", Written(name, Lists.Cloudflare));

    [Theory]
    [InlineData("nft-define")]
    [InlineData("ipset-restore")]
    [InlineData("json")]
    [InlineData("yaml")]
    public Task A_family_without_prefixes_is_written_as_the_file_beside_the_tests(string name) =>
        Golden.MatchAsync($"{name}-ipv4-only.txt", Written(name, Lists.CloudflareV4.Take(2)));

    [Theory]
    [InlineData("nginx-geo")]
    [InlineData("apache-remoteip")]
    [InlineData("apache-require")]
    [InlineData("modsecurity")]
    [InlineData("ipset-restore")]
    public void A_whole_family_is_written_as_two_halves_where_programs_refuse_it(string name)
    {
        var text = Written(name, ["0.0.0.0/0", "::/0"]);

        text.ShouldNotContain("/0");
        foreach (var half in new[] { "0.0.0.0/1", "128.0.0.0/1", "::/1", "8000::/1" })
        {
            text.ShouldContain(half);
        }
    }

    [Fact]
    public void A_single_address_stands_without_a_length_for_modsecurity() =>
        Written("modsecurity", ["192.0.2.1/32", "2001:db8::1/128"]).ShouldEndWith("\n192.0.2.1\n2001:db8::1\n");

    [Fact]
    public void Names_are_kebab_case_and_each_is_there_once()
    {
        RangeFormats.All.Select(format => format.Name).ShouldBeUnique();
        RangeFormats.All.ShouldAllBe(format => Kebab().IsMatch(format.Name));
        RangeFormats.All.ShouldAllBe(format => format.Summary.EndsWith('.') && (format.HasComments == format.MarkForm.StartsWith("# ", StringComparison.Ordinal)));
    }

    [Theory]
    [MemberData(nameof(All))]
    public void The_mark_that_messages_tell_is_the_one_that_is_read(string name)
    {
        var format = RangeFormats.Find(name)!;
        var mark = string.Format(null, format.MarkForm, "web-1/edge");

        Written(name, Lists.Cloudflare).ShouldContain(name == "csv" ? mark[^"allowlist-sync: web-1/edge".Length..] : mark);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Ten_times_the_prefixes_cost_about_ten_times_as_much(string name)
    {
        var format = RangeFormats.Find(name)!;
        var small = Spread(10_000);
        var large = Spread(100_000);
        Cost(format, small);

        var (smallBytes, _) = Cost(format, small);
        var (largeBytes, largeTime) = Cost(format, large);

        largeBytes.ShouldBeLessThan(smallBytes * 15);
        largeTime.ShouldBeLessThan(TimeSpan.FromSeconds(5));
    }

    // Writes, then reads a file with one line that is not ours: the comparison is the dear way.
    private static (long Bytes, TimeSpan Time) Cost(RangeFormat format, PrefixSet set)
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var watch = Stopwatch.StartNew();
        var written = format.Write(set, new RangeFileLabel("web-1/edge"));
        var reading = format.Read([.. written, .. "odd\n"u8]);
        reading.OddLines.ShouldNotBeEmpty();
        return (GC.GetAllocatedBytesForCurrentThread() - before, watch.Elapsed);
    }

    private static PrefixSet Spread(int count) => PrefixSet.Of(Enumerable.Range(0, count)
        .Select(number => number % 2 == 0 ? IpPrefix.Create(IpFamily.IPv4, (UInt128)(0x10000000 + (number * 512)), 24) : IpPrefix.Create(IpFamily.IPv6, (UInt128)(number * 2) << 80, 48)));

    private static string Written(string name, IEnumerable<string> prefixes) =>
        Encoding.UTF8.GetString(RangeFormats.Find(name)!.Write(Lists.Set(prefixes), new RangeFileLabel("web-1/edge")));

    [GeneratedRegex("^[a-z]+(-[a-z]+)*$", RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Kebab();
}
