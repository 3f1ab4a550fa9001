using AllowlistSync.Reachability.Collecting;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading;
using Shouldly;

namespace AllowlistSync.Reachability.Tests.Collecting;

public sealed class LiveRuleSetTests
{
    private const string LegacySave = "*filter\n:INPUT DROP [0:0]\nCOMMIT\n";
    private const string NamesCommand = "cat /proc/net/ip_tables_names";
    private const string SymbolCommand = "grep -m1 -o nf_tables_newtable /proc/kallsyms";

    [Fact]
    public async Task Every_tool_that_is_there_gives_its_dump_and_nothing_is_missing()
    {
        var collection = await CollectAsync(ScriptedHost.Empty());

        collection.Gaps.ShouldBeEmpty();
        collection.Notes.ShouldBeEmpty();
        collection.Dumps.Select(dump => dump.Kind).ShouldBe(
            [DumpKind.NftJson, DumpKind.NftText, DumpKind.IptablesLegacy, DumpKind.Ip6tablesLegacy, DumpKind.IptablesNft, DumpKind.Ip6tablesNft, DumpKind.Ipset, DumpKind.IpAddresses, DumpKind.IpRoutes, DumpKind.IpRoutes],
            ignoreOrder: true);
        collection.Times.Length.ShouldBe(10);
    }

    [Fact]
    public async Task A_tool_that_fails_leaves_a_gap_with_its_exit_code_and_words()
    {
        var collection = await CollectAsync(ScriptedHost.Empty().Says("ip6tables-legacy-save", "*filter\n", 3, "can't initialize ip6tables\n"));

        var gap = collection.Gaps.ShouldHaveSingleItem();
        gap.Families.ShouldBe(Families.IPv6);
        gap.Message.ShouldContain("`ip6tables-legacy-save` ended with 3: can't initialize ip6tables");
        collection.Dumps.ShouldNotContain(dump => dump.Kind == DumpKind.Ip6tablesLegacy);
    }

    [Fact]
    public async Task A_tool_that_hangs_leaves_a_gap()
    {
        var collection = await CollectAsync(ScriptedHost.Empty().Hangs("iptables-legacy-save"));

        collection.Gaps.ShouldHaveSingleItem().Message.ShouldContain("`iptables-legacy-save` did not end within 20 s");
    }

    [Theory]
    [InlineData("*filter\n:INPUT DROP [0:0]\n-A INPUT -s 10.0.0.0/8 -j AC")]
    [InlineData("*filter\n:INPUT DROP [0:0]\n*nat\nCOMMIT\n")]
    [InlineData("*nat\nCOMMIT\n*filter\n:INPUT DROP [0:0]\n")]
    public async Task A_tool_that_prints_half_leaves_a_gap_although_it_ended_well(string half)
    {
        var collection = await CollectAsync(ScriptedHost.Empty().Says("iptables-legacy-save", half));

        var gap = collection.Gaps.ShouldHaveSingleItem();
        gap.Families.ShouldBe(Families.IPv4);
        gap.Message.ShouldContain("break off in the middle");
    }

    [Fact]
    public async Task Half_a_json_of_nft_is_left_out_and_the_text_stands_in()
    {
        var collection = await CollectAsync(ScriptedHost.Empty().Says("nft -j list ruleset", """{"nftables": [{"metainfo": """));

        collection.Gaps.ShouldBeEmpty();
        collection.Dumps.ShouldNotContain(dump => dump.Kind == DumpKind.NftJson);
        collection.Notes.ShouldHaveSingleItem().ShouldContain("`nft -j list ruleset` ended well and printed 27 bytes that break off");
    }

    [Fact]
    public async Task Without_a_word_of_nft_there_is_a_gap_for_both_families()
    {
        var collection = await CollectAsync(ScriptedHost.Empty().Hangs("nft -j list ruleset").Says("nft -a list ruleset", "table inet filter {\n\tchain input {\n"));

        collection.Gaps.ShouldHaveSingleItem().Families.ShouldBe(Families.Both);
    }

    [Fact]
    public async Task An_nft_that_was_built_without_json_is_read_by_its_text()
    {
        var collection = await CollectAsync(ScriptedHost.Empty().Says("nft -j list ruleset", "", 1, "Error: JSON support not compiled-in\n"));

        collection.Gaps.ShouldBeEmpty();
        collection.Notes.ShouldBeEmpty();
        collection.Dumps.ShouldContain(dump => dump.Kind == DumpKind.NftText);
    }

    [Theory]
    [InlineData("", 1, false)]
    [InlineData("nf_tables_newtable\n", 0, true)]
    public async Task A_missing_nft_matters_when_the_kernel_has_nf_tables(string symbols, int exitCode, bool isGap)
    {
        var host = ScriptedHost.Empty().Lacks("nft -j list ruleset").Lacks("nft -a list ruleset").Says(SymbolCommand, symbols, exitCode);

        (await CollectAsync(host)).Gaps.Any().ShouldBe(isGap);
    }

    [Theory]
    [InlineData("", 0, "", false)]
    [InlineData("", 1, "cat: /proc/net/ip_tables_names: No such file or directory\n", false)]
    [InlineData("filter\nnat\n", 0, "", true)]
    public async Task A_missing_legacy_tool_matters_when_the_kernel_has_legacy_tables(string names, int exitCode, string error, bool isGap)
    {
        var host = ScriptedHost.Empty().Lacks("iptables-legacy-save").Says("iptables-save --version", "iptables-save v1.8.9 (nf_tables)\n").Says(NamesCommand, names, exitCode, error);

        var collection = await CollectAsync(host);

        collection.Gaps.Any().ShouldBe(isGap);
        if (isGap)
        {
            collection.Gaps[0].Message.ShouldContain("the kernel has its tables filter, nat");
        }
    }

    [Theory]
    [InlineData("iptables-save v1.8.7 (legacy)\n", DumpKind.IptablesLegacy)]
    [InlineData("iptables-save v1.6.1\n", DumpKind.IptablesLegacy)]
    [InlineData("iptables-save v1.8.7 (nf_tables)\n", DumpKind.IptablesNft)]
    public async Task A_tool_under_its_plain_name_is_taken_for_what_it_says_that_it_is(string version, DumpKind kind)
    {
        var host = ScriptedHost.Empty().Lacks("iptables-legacy-save").Lacks("iptables-nft-save").Says(NamesCommand, "")
            .Says("iptables-save --version", version).Says("iptables-save", LegacySave);

        var collection = await CollectAsync(host);

        collection.Dumps.Where(dump => dump.Name == "iptables-save").ShouldHaveSingleItem().Kind.ShouldBe(kind);
    }

    [Theory]
    [InlineData("ip6tables-nft-save", "Operation not permitted (you must be root)\n")]
    [InlineData("iptables-legacy-save", "Failed to list table names in /proc/net/ip_tables_names: Permission denied\n")]
    public async Task A_user_who_may_not_look_is_told_what_to_do(string command, string words)
    {
        var refused = await Should.ThrowAsync<CollectionException>(() => CollectAsync(ScriptedHost.Empty().Says(command, "", 1, words)));

        refused.Message.ShouldContain(words.Trim());
        refused.Remedy.ShouldContain("run as root");
        refused.Remedy.ShouldContain("--ruleset");
    }

    [Fact]
    public async Task A_tool_for_facts_that_fails_is_told_and_leaves_no_gap()
    {
        var collection = await CollectAsync(ScriptedHost.Empty().Says("ipset save", "", 1, "ipset v7.17: Cannot open session to kernel.\n"));

        collection.Gaps.ShouldBeEmpty();
        collection.Notes.ShouldHaveSingleItem().ShouldContain("Cannot open session to kernel");
    }

    private static Task<Collection> CollectAsync(ScriptedHost host) => LiveRuleSet.CollectAsync(host, LiveRuleSet.DefaultLimit, TestContext.Current.CancellationToken);
}
