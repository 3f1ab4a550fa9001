using System.Collections.Immutable;
using AllowlistSync.Core.Providers;
using AllowlistSync.Reachability.Tests.Kernel.Generating;
using AllowlistSync.Reachability.Tests.Kernel.Scripts;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Reachability.Tests.Kernel;

/// <summary>Changes as programs make them, on hosts as they are found: the model and the host become the same.</summary>
public sealed class ChangeScriptCases
{
    private const string Rules = """
        *filter
        :INPUT DROP [0:0]
        :FORWARD ACCEPT [0:0]
        :OUTPUT ACCEPT [0:0]
        -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
        -A INPUT -p tcp -m multiport --dports 80,443 -j DROP
        -A INPUT -j DROP
        COMMIT

        """;

    private static readonly ScriptOutcome Same = new(Difference: null, IsRefused: false, IsCautious: false);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(LoadKind.IptablesLegacy, Rules)]
    [InlineData(LoadKind.IptablesNft, Rules)]
    [InlineData(LoadKind.IptablesLegacy, "")]
    [InlineData(LoadKind.IptablesNft, "")]
    internal Task A_list_a_chain_and_a_jump_made_one_after_the_other_are_followed(LoadKind kind, string rules) => AgreeAsync(
        [new(kind, rules)],
        new(ScriptLanguage.Ipset, "create als/web/v4 hash:net family inet maxelem 131072\nadd als/web/v4 104.16.0.0/13\nadd als/web/v4 131.0.72.0/22\n"),
        new(LanguageOf(kind), "*filter\n:ALS-web - [0:0]\n-A ALS-web -p tcp -m set --match-set als/web/v4 src -m multiport --dports 80,443 -m comment --comment \"allowlist-sync:web\" -j ACCEPT\nCOMMIT\n"),
        new(LanguageOf(kind), $"*filter\n-I INPUT {(rules.Length == 0 ? 1 : 3)} -m comment --comment \"allowlist-sync:web\" -j ALS-web\nCOMMIT\n"),
        new(ScriptLanguage.Ipset, "create als/web/v4.new hash:net family inet maxelem 131072\nadd als/web/v4.new 104.16.0.0/14\nswap als/web/v4.new als/web/v4\ndestroy als/web/v4.new\n"));

    [Theory]
    [InlineData("*filter\n-I INPUT 3 -s 104.16.0.0/13 -j ACCEPT\nCOMMIT\n")]
    [InlineData("*filter\n-D INPUT -j DROP\nCOMMIT\n")]
    [InlineData("*filter\n-D INPUT 2\n-A INPUT -s 104.16.0.0/13 -j ACCEPT\nCOMMIT\n")]
    [InlineData("*filter\n-F native\n:native - [0:0]\n-A native -j RETURN\nCOMMIT\n")]
    public Task Rules_of_nft_in_a_chain_of_iptables_count_and_are_taken_for_what_iptables_prints(string script) => AgreeAsync(
        [
            new(LoadKind.IptablesNft, Rules),
            new(LoadKind.Nft, "add set ip filter bans { type ipv4_addr; elements = { 198.51.100.1 }; }\ninsert rule ip filter INPUT ip saddr @bans drop\ninsert rule ip filter INPUT ip saddr 9.9.9.9 accept\nadd chain ip filter native\nadd rule ip filter native ip saddr @bans drop\n"),
        ],
        new ChangeScript(ScriptLanguage.IptablesNft, script));

    [Theory]
    [InlineData("*filter\n-I INPUT 2 -s 104.16.0.0/13 -j ACCEPT\n-A INPUT -j ACCEPT\nCOMMIT\n", true)]
    [InlineData("*filter\n-D INPUT -s 203.0.113.9/32 -j ACCEPT\nCOMMIT\n", false)]
    [InlineData("*filter\n-A base -j ACCEPT\nCOMMIT\n", false)]
    [InlineData("*filter\n-R INPUT 1 -s 1.1.1.1 -j DROP\n-R INPUT 1 -s 2.2.2.2 -j DROP\nCOMMIT\n", false)]
    public async Task In_a_table_that_iptables_cannot_print_places_count_and_rules_are_not_found(string script, bool isTaken)
    {
        var outcome = await CompareAsync(
            [new(LoadKind.IptablesNft, Rules.Replace("-m multiport --dports 80,443 ", "", StringComparison.Ordinal)), new(LoadKind.Nft, "add rule ip filter INPUT ct state new drop\nadd chain ip filter base { type filter hook input priority 5; }\n")],
            comparesText: false,
            new ChangeScript(ScriptLanguage.IptablesNft, script));

        outcome.Difference.ShouldBeNull();
        outcome.IsRefused.ShouldBe(!isTaken);
    }

    [Fact]
    public async Task What_nft_changes_and_what_iptables_changes_add_up() => (await CompareAsync(
        [new(LoadKind.IptablesNft, Rules)],
        comparesText: false,
        new(ScriptLanguage.IptablesNft, "*filter\n-I INPUT 2 -s 104.16.0.0/13 -m comment --comment \"a@b\" -j ACCEPT\nCOMMIT\n"),
        new(ScriptLanguage.Nft, "insert rule ip filter INPUT ip saddr 9.9.9.9 drop\nadd table inet own\nadd chain inet own input { type filter hook input priority 5; policy accept; }\n"))).ShouldBe(Same);

    private static async Task AgreeAsync(ImmutableArray<Load> loads, params ImmutableArray<ChangeScript> change) =>
        (await CompareAsync(loads, comparesText: true, change)).ShouldBe(Same);

    private static async Task<ScriptOutcome> CompareAsync(ImmutableArray<Load> loads, bool comparesText, params ImmutableArray<ChangeScript> change)
    {
        Needs.Sandbox(KernelHost.Programs);
        await using var trial = await ScriptTrial.StartAsync(loads.Where(load => load.Text.Length > 0), Ct);
        return await trial.CompareAsync(await trial.ReadAsync(Ct), change, comparesText, Ct);
    }

    private static ScriptLanguage LanguageOf(LoadKind kind) => Enum.Parse<ScriptLanguage>($"{kind}");
}
