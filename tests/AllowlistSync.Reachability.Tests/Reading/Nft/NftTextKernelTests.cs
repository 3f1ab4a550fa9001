using System.Text;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading;
using AllowlistSync.Reachability.Reading.Nft;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Reachability.Tests.Reading.Nft;

public sealed class NftTextKernelTests
{
    // The kernel hands back the same in other words.
    private static readonly (string Written, string Made)[] Equivalents =
    [
        ("    t a 20: TcpFlags&12 not in 0", "    t a 20: BitsCondition { Field = TcpFlags, Bits = 18, IsNegated = False }"),
        ("    t a 26: IPv4Source&ffff0000 in a010000", "    t a 26: IPv4Source in a010000-a01ffff"),
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(NftTextSamples.Conditions, 70)]
    [InlineData(NftTextSamples.Statements, 43)]
    public async Task What_nft_prints_as_text_reads_as_what_it_prints_as_JSON(string rules, int count)
    {
        Needs.Sandbox("nft");
        await using var origin = await Sandbox.StartAsync(SandboxOptions.Default, Ct);
        (await origin.RunAsync(["nft", "-f", "-"], rules, ct: Ct)).EnsureSuccess();
        var text = Dump((await origin.RunAsync(["nft", "list", "ruleset"], ct: Ct)).EnsureSuccess().StdOut);
        var withHandles = Dump((await origin.RunAsync(["nft", "-a", "list", "ruleset"], ct: Ct)).EnsureSuccess().StdOut);
        var json = NftAmendment.Apply(NftJsonReader.Read(Dump((await origin.RunAsync(["nft", "-j", "list", "ruleset"], ct: Ct)).EnsureSuccess().StdOut)), text);

        var expected = NftTextModel.Lines(json);
        NftTextModel.Lines(NftTextReader.Read(text)).ShouldBe(expected);
        NftTextModel.Lines(NftTextReader.Read(withHandles)).ShouldBe(expected);
        Handles(NftTextReader.Read(withHandles)).ShouldBe(Handles(json));
        Rules(json).Count().ShouldBe(count);
        json.GapsWithoutText.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(NftTextSamples.Conditions)]
    [InlineData(NftTextSamples.Statements)]
    public async Task What_a_person_wrote_reads_as_what_the_kernel_made_of_it(string rules)
    {
        Needs.Sandbox("nft");
        await using var origin = await Sandbox.StartAsync(SandboxOptions.Default, Ct);
        (await origin.RunAsync(["nft", "-f", "-"], rules, ct: Ct)).EnsureSuccess();
        var printed = NftTextReader.Read(Dump((await origin.RunAsync(["nft", "list", "ruleset"], ct: Ct)).EnsureSuccess().StdOut));

        var (written, made) = (NftTextModel.Lines(NftTextReader.Read(Dump(rules))), NftTextModel.Lines(printed));
        written.Except(made).Order(StringComparer.Ordinal).ShouldBe(Equivalents.Select(pair => pair.Written).Intersect(written).Order(StringComparer.Ordinal));
        made.Except(written).Order(StringComparer.Ordinal).ShouldBe(Equivalents.Select(pair => pair.Made).Intersect(made).Order(StringComparer.Ordinal));
    }

    private static Dump Dump(string text) => new("test", Encoding.UTF8.GetBytes(text));

    private static IEnumerable<Rule> Rules(NftReading reading) => reading.Tables.SelectMany(table => table.Chains.Values).SelectMany(chain => chain.Rules);

    // Rules of anonymous chains have none in the JSON.
    private static List<long?> Handles(NftReading reading) =>
        [.. reading.Tables.SelectMany(table => table.Chains.Values.Where(chain => !chain.Name.Contains('{', StringComparison.Ordinal)).OrderBy(chain => chain.Name, StringComparer.Ordinal)).SelectMany(chain => chain.Rules).Select(rule => rule.Handle)];
}
