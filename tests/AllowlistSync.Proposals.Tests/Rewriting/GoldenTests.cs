using System.Text;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Proposals.Rewriting;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Proposals.Tests.Rewriting;

/// <summary>Files before and after, byte for byte, and real programs that read some of them.</summary>
public sealed class GoldenTests
{
    public static TheoryData<string> Names { get; } = new(GoldenCase.All.Select(one => one.Name));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(Names))]
    public void A_file_becomes_what_is_expected(string name)
    {
        var one = GoldenCase.All.Single(golden => golden.Name == name);
        var after = Rewriter.Rewrite(one.Path, one.Original, one.Place, GoldenCase.Of(one.Wanted));
        Encoding.UTF8.GetString(after.Content.Span).ShouldBe(Encoding.UTF8.GetString(one.Expected));
        after.Content.ToArray().ShouldBe(one.Expected);
        after.IsChanged.ShouldBe(!one.Original.AsSpan().SequenceEqual(one.Expected));
        after.After.ShouldBe(one.Ranges);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void A_second_run_changes_no_byte(string name)
    {
        var one = GoldenCase.All.Single(golden => golden.Name == name);
        var again = Rewriter.Rewrite(one.Path, one.Expected, one.Place, GoldenCase.Of(one.Wanted));
        again.IsChanged.ShouldBeFalse();
        again.Before.ShouldBe(one.Ranges);
        again.Content.ToArray().ShouldBe(one.Expected);
    }

    [Fact]
    public void Every_directory_is_a_case() =>
        Directory.EnumerateDirectories(Path.Combine(AppContext.BaseDirectory, "Rewriting", "golden")).Select(Path.GetFileName).Order(StringComparer.Ordinal)
            .ShouldBe(GoldenCase.All.Select(one => one.Name).Order(StringComparer.Ordinal));

    [Fact]
    public async Task Nft_takes_elements_with_a_comma_behind_the_last()
    {
        Needs.Sandbox("nft");
        await using var sandbox = await Sandbox.StartAsync(SandboxOptions.Default, Ct);
        var golden = GoldenCase.All.Single(one => one.Name == "block-nft");
        await sandbox.WriteFileAsync("/etc/rules.nft", Encoding.UTF8.GetString(golden.Expected), ct: Ct);
        (await sandbox.RunAsync(["nft", "-c", "-f", "/etc/rules.nft"], ct: Ct)).EnsureSuccess();
        (await sandbox.RunAsync(["nft", "-f", "/etc/rules.nft"], ct: Ct)).EnsureSuccess();
        var listing = (await sandbox.RunAsync(["nft", "list", "ruleset"], ct: Ct)).EnsureSuccess().StdOut;
        listing.ShouldContain("104.16.0.0/13");
        listing.ShouldContain("9.9.9.9");
    }

    [Fact]
    public async Task Nft_takes_a_block_in_the_middle_of_a_set_and_an_empty_one_behind_an_element()
    {
        Needs.Sandbox("nft");
        await using var sandbox = await Sandbox.StartAsync(SandboxOptions.Default, Ct);
        const string Middle = "table inet t {\n set s {\n type ipv4_addr; flags interval;\n elements = { 9.9.9.9,\n # allowlist-sync:begin cf\n # allowlist-sync:end cf\n 8.8.8.8 }\n }\n}\n";
        foreach (var wanted in new[] { "104.16.0.0/13 173.245.48.0/20", "" })
        {
            var text = Rewriter.Rewrite("r.nft", Encoding.UTF8.GetBytes(Middle), new BlockPlace("cf", "nft-elements", IpFamily.IPv4), GoldenCase.Of(wanted)).Content;
            await sandbox.WriteFileAsync("/etc/rules.nft", Encoding.UTF8.GetString(text.Span), ct: Ct);
            (await sandbox.RunAsync(["nft", "-c", "-f", "/etc/rules.nft"], ct: Ct)).EnsureSuccess();
        }
    }

    [Fact]
    public async Task Nginx_reads_a_block()
    {
        Needs.Sandbox("nginx");
        await using var sandbox = await Sandbox.StartAsync(SandboxOptions.Default, Ct);
        var server = Encoding.UTF8.GetString(GoldenCase.All.Single(one => one.Name == "block-nginx").Expected);
        await sandbox.WriteFileAsync("/etc/edge.conf", $"events {{}}\nhttp {{\n{server}}}\n", ct: Ct);
        (await sandbox.RunAsync(["nginx", "-t", "-c", "/etc/edge.conf"], ct: Ct)).EnsureSuccess();
    }
}
