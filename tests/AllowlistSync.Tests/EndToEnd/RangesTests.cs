using AllowlistSync.Core.Formats;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd;

public sealed class RangesTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("als-ranges-").FullName;

    [Fact]
    public async Task Lists_are_printed_sorted_and_each_prefix_once()
    {
        var list = await FileAsync("a.txt", "104.24.0.0/14\n# a remark\n104.16.0.0/13\n\n2400:cb00::/32\n104.16.0.0/13\n");

        (await Local.RunAsync("ranges", list)).Ended(0).StdOut.ShouldBe("104.16.0.0/13\n104.24.0.0/14\n2400:cb00::/32\n");
        (await Local.RunWithInputAsync("104.24.0.0/14\n104.16.0.0/13", "ranges", "-")).Ended(0).StdOut.ShouldBe("104.16.0.0/13\n104.24.0.0/14\n");
    }

    [Fact]
    public async Task Lists_are_merged_into_the_fewest_prefixes()
    {
        var first = await FileAsync("a.txt", "10.0.0.0/9\n2400:cb00::/33\n");
        var second = await FileAsync("b.txt", "10.128.0.0/9\n10.1.0.0/16\n2400:cb00:8000::/33\n");

        (await Local.RunAsync("ranges", "--aggregate", first, second)).Ended(0).StdOut.ShouldBe("10.0.0.0/8\n2400:cb00::/32\n");
    }

    [Fact]
    public async Task Each_format_holds_the_same_prefixes()
    {
        var list = await FileAsync("a.txt", "104.16.0.0/13\n2400:cb00::/32\n");

        (await Local.RunAsync("ranges", "--format", "csv", list)).Ended(0).StdOut.ShouldBe("prefix,family\n104.16.0.0/13,IPv4\n2400:cb00::/32,IPv6\n");
        (await Local.RunAsync("ranges", "--format", "nft", list)).Ended(0).StdOut.ShouldBe("define ranges_ipv4 = { 104.16.0.0/13 }\ndefine ranges_ipv6 = { 2400:cb00::/32 }\n");
        foreach (var arguments in new string[][] { ["--format", "json"], ["--output", "json"], ["--format", "json", "--aggregate"] })
        {
            var json = (await Local.RunAsync(["ranges", .. arguments, list])).Ended(0).Json;
            json["schema"]!.GetValue<string>().ShouldBe("allowlist-sync/ranges/v1");
            json["ipv4"]![0]!.GetValue<string>().ShouldBe("104.16.0.0/13");
            json["ipv6"]![0]!.GetValue<string>().ShouldBe("2400:cb00::/32");
        }
    }

    [Fact]
    public async Task A_file_for_another_program_holds_the_fewest_prefixes_and_no_mark()
    {
        var list = await FileAsync("a.txt", "104.16.0.0/14\n104.20.0.0/14\n104.16.0.0/13\n2400:cb00::/32\n");

        (await Local.RunAsync("ranges", "--format", "nginx-realip", list)).Ended(0).StdOut.ShouldBe("set_real_ip_from 104.16.0.0/13;\nset_real_ip_from 2400:cb00::/32;\n");
        (await Local.RunAsync("ranges", "--format", "varnish-acl", list)).Ended(0).StdOut.ShouldBe("acl cloudflare {\n    \"104.16.0.0\"/13;\n    \"2400:cb00::\"/32;\n}\n");
        (await Local.RunAsync("ranges", "--format", "json", list)).Ended(0).Json["ipv4"]!.AsArray().Count.ShouldBe(3);
        foreach (var format in RangeFormats.All)
        {
            (await Local.RunAsync("ranges", "--format", format.Name, list)).Ended(0).StdOut.ShouldContain("104.16.0.0");
        }
    }

    [Fact]
    public async Task Two_lists_are_compared_by_their_addresses()
    {
        var first = await FileAsync("a.txt", "10.0.0.0/8\n192.0.2.0/24\n");
        var same = await FileAsync("b.txt", "192.0.2.0/25\n192.0.2.128/25\n10.0.0.0/8\n");
        var other = await FileAsync("c.txt", "10.0.0.0/8\n198.51.100.0/24\n");

        (await Local.RunAsync("ranges", "--diff", first, same)).Ended(0).StdOut.ShouldBeEmpty();
        (await Local.RunAsync("ranges", "--diff", first, other)).Ended(1).StdOut.ShouldBe("- 192.0.2.0/24\n+ 198.51.100.0/24\n");
    }

    [Fact]
    public async Task A_bad_line_is_named_with_its_place_and_nothing_is_printed()
    {
        var list = await FileAsync("a.txt", "10.0.0.0/8\n  131.0.72.0/222400:cb00::/32\n");

        foreach (var arguments in new string[][] { [list], ["--aggregate", list], ["--diff", list, list] })
        {
            var outcome = (await Local.RunAsync(["ranges", .. arguments])).Ended(2).Saying(list, "nothing was printed");
            outcome.StdErr.ShouldMatch("line 2|:2:");
            outcome.StdOut.ShouldBeEmpty();
        }

        (await Local.RunAsync("ranges", Path.Combine(_directory, "none.txt"))).Ended(2).Saying("none.txt cannot be read");
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private async Task<string> FileAsync(string name, string text)
    {
        var path = Path.Combine(_directory, name);
        await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
        return path;
    }
}
