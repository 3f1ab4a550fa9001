using System.Text;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Nftables;
using Shouldly;

namespace AllowlistSync.Providers.Host.Tests.Nftables;

public sealed class ReaderTests
{
    [Fact]
    public void Tables_chains_sets_and_rules_are_read_in_their_order()
    {
        var ruleset = Golden.Ruleset;

        ruleset.Tables.ShouldBe([new NftTable("ip", "nat"), Golden.Table]);
        ruleset.Chain(Golden.Table, "input").ShouldBe(new NftChain(Golden.Table, "input", "filter", "input", "drop"));
        ruleset.Chain(Golden.Table, "drops").ShouldBe(new NftChain(Golden.Table, "drops", null, null, null));
        ruleset.Chain(Golden.Table, "pre").ShouldBeNull("it is in another table");
        ruleset.RulesOf(Golden.Table, "nested").Count().ShouldBe(2);
        ruleset.RulesOf(Golden.Table, "input").First().Comment.ShouldBe("passes: known connections");
        ruleset.Rules.Select(rule => rule.Handle).ShouldBeUnique();
    }

    [Fact]
    public void Sets_tell_type_flags_size_timeout_and_comment()
    {
        Golden.Set("plain").ShouldSatisfyAllConditions(
            set => set.Type.ShouldBe("ipv4_addr"),
            set => set.Flags.ShouldBe(["interval"]),
            set => set.Comment.ShouldBe("a set of the operator"),
            set => set.Size.ShouldBeNull(),
            set => set.Timeout.ShouldBeNull());
        Golden.Set("limited").Size.ShouldBe(1000);
        Golden.Set("limited").Timeout.ShouldBe(3600);
        Golden.Set("pairs").Type.ShouldBe("ipv4_addr . inet_service");
        Golden.Ruleset.Set(Golden.Table, "verdicts").ShouldBeNull("a map is no set");
    }

    [Theory]
    [InlineData("plain", "set.plain.json")]
    [InlineData("plain", "ruleset.json")]
    public void Prefixes_single_addresses_and_ranges_are_read_from_a_set_or_a_whole_ruleset(string set, string file)
    {
        var elements = Golden.Elements(set, file);

        PrefixSet.OfRanges(elements.Plain).ShouldBe(Prefixes("104.16.0.0/13", "131.0.72.1/32", "10.0.0.5/32", "10.0.0.6/31", "10.0.0.8/31"));
        elements.Plain.Length.ShouldBe(3);
        elements.Tagged.ShouldBeEmpty();
        elements.Unread.ShouldBeEmpty();
    }

    [Fact]
    public void Merged_neighbours_are_one_element()
    {
        PrefixSet.OfRanges([Golden.Elements("merged", "set.merged.json").Plain.ShouldHaveSingleItem()]).ShouldBe(Prefixes("104.16.0.0/13", "104.24.0.0/14"));
    }

    [Fact]
    public void Elements_with_a_comment_or_a_lifetime_are_told_apart()
    {
        var elements = Golden.Elements("tagged", "set.tagged.json");

        PrefixSet.OfRanges(elements.Plain).ShouldBe(Prefixes("2400:cb00::/32"));
        PrefixSet.OfRanges(elements.Tagged).ShouldBe(Prefixes("2606:4700::/32", "2803:f800::1/128"));
    }

    [Fact]
    public void A_counter_or_a_quota_that_every_element_of_a_set_has_is_no_tag()
    {
        var counted = Golden.Elements("counted", "set.counted.json");
        var metered = Golden.Elements("metered", "ruleset.json");

        counted.Plain.Length.ShouldBe(2);
        PrefixSet.OfRanges(counted.Plain).ShouldBe(Prefixes("104.16.0.0/13", "10.0.0.1/32", "10.0.0.2/31", "10.0.0.4/31"));
        PrefixSet.OfRanges(counted.Tagged).ShouldBe(Prefixes("1.1.1.1/32", "9.9.9.9/32"));
        PrefixSet.OfRanges(metered.Plain).ShouldBe(Prefixes("104.16.0.0/13"));
        metered.Tagged.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"val": "9.9.9.9", "counter": {"packets": 0, "comment": "x"}}""", false)]
    [InlineData("""{"counter": {"packets": 0}, "val": "9.9.9.9"}""", false)]
    [InlineData("""{"comment": "x", "val": "9.9.9.9"}""", true)]
    [InlineData("""{"val": "9.9.9.9", "limit": {"rate": 1}, "comment": "x"}""", true)]
    [InlineData("""{"val": "9.9.9.9", "timeout": 3600}""", true)]
    [InlineData("""{"val": "9.9.9.9", "expires": 3600}""", true)]
    public void An_element_is_tagged_by_a_comment_or_a_lifetime_of_its_own_wherever_it_stands(string element, bool isTagged)
    {
        var json = $$$"""{"nftables": [{"set": {"family": "inet", "name": "plain", "table": "filter", "elem": [{"elem": {{{element}}}}, "8.8.8.8"]}}]}""";

        var elements = NftElementReader.Read(Encoding.UTF8.GetBytes(json), Golden.Set("plain"));

        PrefixSet.OfRanges(elements.Tagged).ShouldBe(isTagged ? Prefixes("9.9.9.9/32") : PrefixSet.Empty);
        PrefixSet.OfRanges(elements.Plain).ShouldBe(isTagged ? Prefixes("8.8.8.8/32") : Prefixes("8.8.8.8/32", "9.9.9.9/32"));
    }

    [Fact]
    public void A_single_flag_without_brackets_is_a_flag()
    {
        const string Json = """{"nftables": [{"set": {"family": "inet", "name": "s", "table": "t", "type": "ipv4_addr", "handle": 1, "flags": "interval"}}]}""";

        NftablesReader.ReadRuleset(Encoding.UTF8.GetBytes(Json)).Sets.ShouldHaveSingleItem().Flags.ShouldBe(["interval"]);
    }

    [Fact]
    public void A_concatenation_is_unread_and_never_lost()
    {
        var elements = Golden.Elements("pairs", "ruleset.json");

        elements.Plain.ShouldBeEmpty();
        elements.Unread.ShouldHaveSingleItem().ShouldContain("8000");
    }

    [Theory]
    [InlineData("")]
    [InlineData("table inet filter {\n}\n")]
    [InlineData("{}")]
    [InlineData("[]")]
    [InlineData("{\"nftables\": 5}")]
    [InlineData("{\"nftables\": [5]}")]
    [InlineData("{\"nftables\": [{\"table\": {\"family\": \"inet\"}}]}")]
    [InlineData("{\"nftables\": [{\"rule\": {\"family\": \"inet\", \"table\": \"t\", \"chain\": \"c\"}}]}")]
    [InlineData("{\"nftables\": [{\"rule\": {\"family\": \"inet\", \"table\": \"t\", \"chain\": \"c\", \"handle\": 1}}]}")]
    [InlineData("{\"nftables\": [{\"rule\": {\"family\": \"inet\", \"table\": \"t\", \"chain\": \"c\", \"handle\": \"x\", \"expr\": []}}]}")]
    [InlineData("{\"nftables\": [{\"set\": {\"family\": \"inet\", \"table\": \"t\", \"name\": \"s\"}}]}")]
    public void What_is_not_the_json_of_nft_is_an_error_and_never_an_empty_rule_set(string text)
    {
        var failure = Should.Throw<ProviderException>(() => NftablesReader.ReadRuleset(Encoding.UTF8.GetBytes(text)));

        failure.Kind.ShouldBe(FailureKind.Protocol);
        failure.Aftermath.ShouldBe(Aftermath.Untouched);
    }

    [Fact]
    public void A_listing_that_was_cut_off_anywhere_is_an_error()
    {
        var whole = Golden.Bytes("set.tagged.json");
        for (var length = 0; length < whole.Length - 2; length += 7)
        {
            Should.Throw<ProviderException>(() => NftElementReader.Read(whole.AsSpan(0, length), Golden.Set("tagged")), $"{length} bytes").Kind.ShouldBe(FailureKind.Protocol);
        }
    }

    [Theory]
    [InlineData("""[{"elem": {"comment": "no value"}}]""")]
    [InlineData("""[{"prefix": {"addr": "10.0.0.0"}}]""")]
    [InlineData("""[{"prefix": {"addr": "10.0.0.0", "len": "8"}}]""")]
    public void An_element_of_another_shape_is_an_error_or_unread_and_never_lost(string elements)
    {
        var json = """{"nftables": [{"set": {"family": "inet", "name": "plain", "table": "filter", "elem": """ + elements + "}}]}";

        Should.Throw<ProviderException>(() => NftElementReader.Read(Encoding.UTF8.GetBytes(json), Golden.Set("plain"))).Kind.ShouldBe(FailureKind.Protocol);
    }

    [Fact]
    public void A_listing_without_the_set_is_no_listing_of_an_empty_set()
    {
        Should.Throw<ProviderException>(() => NftElementReader.Read(Golden.Bytes("set.tagged.json"), Golden.Set("plain"))).Kind.ShouldBe(FailureKind.Protocol);
    }

    private static PrefixSet Prefixes(params string[] texts) => PrefixSet.Of(texts.Select(IpPrefix.Parse));
}
