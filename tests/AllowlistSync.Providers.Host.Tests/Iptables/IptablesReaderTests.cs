using System.Text;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Iptables;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Providers.Host.Tests.Iptables;

public sealed class IptablesReaderTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("nft")]
    [InlineData("legacy")]
    public async Task The_tools_of_this_machine_print_the_golden_file_when_it_is_loaded(string engine)
    {
        Needs.Sandbox($"iptables-{engine}", "ipset");
        await using var sandbox = await Sandbox.StartAsync(SandboxOptions.Default, Ct);
        var golden = Encoding.UTF8.GetString(IptablesGolden.Bytes($"{engine}.save"));
        (await sandbox.RunAsync(["ipset", "restore"], Encoding.UTF8.GetString(IptablesGolden.Bytes("ipset.save")), ct: Ct)).EnsureSuccess();
        (await sandbox.RunAsync([$"iptables-{engine}-restore"], golden, ct: Ct)).EnsureSuccess();

        var live = (await sandbox.RunAsync([$"iptables-{engine}-save"], ct: Ct)).EnsureSuccess().StdOut;
        var sets = (await sandbox.RunAsync(["ipset", "save"], ct: Ct)).EnsureSuccess().StdOut;

        Rules(live).ShouldBe(Rules(golden));
        Rules(sets).ShouldBe(Rules(Encoding.UTF8.GetString(IptablesGolden.Bytes("ipset.save"))));
    }

    [Theory]
    [InlineData("nft.save")]
    [InlineData("legacy.save")]
    public void Ours_foreign_edited_and_the_jump_are_told_apart(string file)
    {
        var place = PlaceReading.Read(IptablesGolden.Place, IptablesGolden.Listing(file), "INPUT", IptablesGolden.Mark, blocker: 4, isServed: true);

        place.HasChain.ShouldBeTrue();
        place.Rules.Select(rule => rule.Rule).ShouldBe(
        [
            new AcceptRule("als-test/web/v4", null, IptablesGolden.Ports("80", "443", "8000-8010"), BeforeTranslation: false),
            new AcceptRule("als-test/web/v4", null, IptablesGolden.Ports("443/udp"), BeforeTranslation: false),
            new AcceptRule(null, IpPrefix.Parse("104.16.0.0/13"), IptablesGolden.Ports("8000-8010"), BeforeTranslation: true),
            null,
        ]);
        place.Foreign.ShouldBe(["-p udp -m udp --dport 5353 -m comment --comment mine -j ACCEPT"]);
        place.Jump.IsEffective.ShouldBeTrue();
        place.Jump.Ours.ShouldHaveSingleItem().Number.ShouldBe(3);
        place.SetRules.ShouldHaveSingleItem().ShouldContain("-j MARK");
        PlaceReading.Read(IptablesGolden.Place, IptablesGolden.Listing(file), "INPUT", IptablesGolden.Mark, blocker: 2, isServed: true).Jump.IsEffective.ShouldBeFalse();
    }

    [Theory]
    [InlineData("*filter\n:INPUT DROP [0:0]\n")]
    [InlineData("*filter\n:INPUT DROP [0:0]\nCOMM")]
    [InlineData("*filter\n:INPUT DROP [0:0]\n-A OTHER -j DROP\nCOMMIT\n")]
    [InlineData("table inet filter {\n}\n")]
    [InlineData("*filter\n*nat\nCOMMIT\n")]
    [InlineData("COMMIT\n")]
    public void What_is_no_whole_rule_set_is_an_error_and_never_empty(string text) =>
        Should.Throw<ProviderException>(() => IptablesReader.Read(Encoding.UTF8.GetBytes(text), "iptables-save")).Kind.ShouldBe(FailureKind.Protocol);

    [Fact]
    public void No_table_at_all_is_an_empty_listing() => IptablesReader.Read(ReadOnlyMemory<byte>.Empty, "iptables-save").Chains.ShouldBeEmpty();

    [Fact]
    public void Sets_of_ours_are_read_and_exceptions_are_taken_off()
    {
        var sets = IpsetReader.Read(IptablesGolden.Bytes("ipset.save"), ["als-test/web/v4", "als-test/web/v6", "absent"]);

        sets.Keys.Order(StringComparer.Ordinal).ShouldBe(["als-test/web/v4", "als-test/web/v6"]);
        sets["als-test/web/v4"].ShouldBe(new SavedSet("hash:net", "inet", 65536, Forgets: false) { Matches = IptablesGolden.Prefixes("104.16.0.0/13", "131.0.72.7/32") });
        sets["als-test/web/v6"].HasExceptions.ShouldBeTrue();
        sets["als-test/web/v6"].Matches.Covers(IpPrefix.Parse("2400:cb00::1")).ShouldBeFalse();
        sets["als-test/web/v6"].Matches.Covers(IpPrefix.Parse("2400:cb00::2")).ShouldBeTrue();
    }

    [Theory]
    [InlineData("create x hash:net family inet\nadd x 1.2.3.0/2")]
    [InlineData("table inet filter {\n}\n")]
    [InlineData("create x hash:net family inet\nadd x nonsense\n")]
    public void What_is_no_whole_list_of_sets_is_an_error(string text) =>
        Should.Throw<ProviderException>(() => IpsetReader.Read(Encoding.UTF8.GetBytes(text), ["x"])).Kind.ShouldBe(FailureKind.Protocol);

    private static string[] Rules(string save) => [.. save.Split('\n').Where(line => line.StartsWith('-') || line.StartsWith("add ", StringComparison.Ordinal)).Order(StringComparer.Ordinal)];
}
