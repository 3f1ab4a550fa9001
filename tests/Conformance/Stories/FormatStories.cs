using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Formats;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Conformance.Stories;

/// <summary>What we write is what the programs of Debian take, in all forms of a list; and a broken line is none.</summary>
public sealed class FormatStories
{
    private static readonly string[][] Lists =
    [
        [.. Conformance.Lists.Cloudflare.Select(prefix => $"{prefix}")],
        ["104.16.0.0/13"],
        ["2400:cb00::/32"],
        ["0.0.0.0/0", "::/0"],
        ["1.0.0.0/32", "255.255.255.254/32", "::1/128", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128"],
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string> All => [.. FormatReader.All.Select(reader => reader.Format)];

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_program_takes_every_list_in_its_format_and_refuses_a_broken_line(string name)
    {
        var (reader, format) = (FormatReader.All.Single(reader => reader.Format == name), RangeFormats.Find(name)!);
        await using var sandbox = await StartAsync(reader);
        foreach (var list in Lists)
        {
            var text = Text(format, list);
            var good = await ReadAsync(sandbox, reader, text);
            good.ExitCode.ShouldBe(0, $"{text}\n{good.StdErr}{good.StdOut}");
            (good.StdErr + good.StdOut).ShouldNotContain("warn", Case.Insensitive);

            var bad = await ReadAsync(sandbox, reader, $"{text}{reader.Broken}\n");
            bad.ExitCode.ShouldNotBe(0);
            (bad.StdErr + bad.StdOut).ShouldContain(reader.Says);
        }
    }

    [Theory]
    [InlineData("nginx-realip")]
    [InlineData("nginx-allow")]
    [InlineData("nginx-geo")]
    public async Task What_a_format_says_that_its_program_refuses_is_refused(string name)
    {
        var reader = FormatReader.All.Single(reader => reader.Format == name);
        await using var sandbox = await StartAsync(reader);
        foreach (var format in RangeFormats.All.Where(format => format.Name == name))
        {
            (await ReadAsync(sandbox, reader, Text(format, [$"{format.Refused}"]))).StdErr.ShouldContain("255.255.255.255/32");
        }

        RangeFormats.All.Count(format => format.Refused is not null).ShouldBe(3);
    }

    [Fact]
    public async Task Ipset_ends_with_just_the_list_whatever_was_there()
    {
        var reader = FormatReader.All.Single(reader => reader.Format == "ipset-restore");
        await using var sandbox = await StartAsync(reader);
        var format = RangeFormats.Find("ipset-restore")!;
        await ReadAsync(sandbox, reader, Text(format, ["203.0.113.0/24", "2400:cb00::/32"]));
        (await sandbox.RunAsync(["sh", "-ec", "ipset create cloudflare4-new hash:net; ipset add cloudflare4-new 198.51.100.0/24; ipset create user4 list:set; ipset add user4 cloudflare4"], ct: Ct)).EnsureSuccess();

        // A draft with other limits, as an operator would hardly make it, is told and nothing is swapped.
        (await ReadAsync(sandbox, reader, Text(format, ["104.16.0.0/13"]))).StdErr.ShouldContain("same name already exists");
        (await SaveAsync(sandbox)).ShouldContain("add cloudflare4 203.0.113.0/24");
        (await sandbox.RunAsync(["sh", "-ec", "ipset destroy cloudflare4-new; ipset create cloudflare4-new hash:net maxelem 1048576; ipset add cloudflare4-new 198.51.100.0/24"], ct: Ct)).EnsureSuccess();

        (await ReadAsync(sandbox, reader, Text(format, ["104.16.0.0/13"]))).EnsureSuccess();

        var saved = await SaveAsync(sandbox);
        saved.ShouldContain("add cloudflare4 104.16.0.0/13");
        saved.Split('\n').Count(line => line.StartsWith("add cloudflare", StringComparison.Ordinal)).ShouldBe(1);
        saved.ShouldNotContain("-new");
        saved.ShouldContain("add user4 cloudflare4");
    }

    [Fact]
    public async Task A_family_without_prefixes_lets_nobody_in_by_nft()
    {
        var reader = FormatReader.All.Single(reader => reader.Format == "nft-define");
        await using var sandbox = await StartAsync(reader);
        await sandbox.WriteFileAsync(FormatReader.List, Text(RangeFormats.Find("nft-define")!, ["104.16.0.0/13"]), ct: Ct);

        (await sandbox.RunAsync(["nft", "-f", "/etc/reader.conf"], ct: Ct)).EnsureSuccess();

        (await sandbox.RunAsync(["nft", "list", "set", "inet", "reader", "edge6"], ct: Ct)).StdOut.ShouldContain("elements = { ff00:: }");
    }

    private static async Task<Sandbox> StartAsync(FormatReader reader)
    {
        Needs.Sandbox(reader.Program);
        var sandbox = await Sandbox.StartAsync(SandboxOptions.Default, Ct);
        await sandbox.WriteFileAsync("/etc/reader.conf", reader.Configuration, ct: Ct);
        return sandbox;
    }

    private static async Task<SandboxResult> ReadAsync(Sandbox sandbox, FormatReader reader, string text)
    {
        await sandbox.WriteFileAsync(FormatReader.List, text, ct: Ct);
        return await sandbox.RunAsync([.. reader.Command], ct: Ct);
    }

    private static async Task<string> SaveAsync(Sandbox sandbox) => (await sandbox.RunAsync(["ipset", "save"], ct: Ct)).EnsureSuccess().StdOut;

    private static string Text(RangeFormat format, IEnumerable<string> list) =>
        System.Text.Encoding.UTF8.GetString(format.Write(PrefixSet.Of(list.Select(IpPrefix.Parse)), new RangeFileLabel("als-test/web")));
}
