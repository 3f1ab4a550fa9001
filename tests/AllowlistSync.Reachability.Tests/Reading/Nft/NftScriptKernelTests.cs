using System.Text;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading;
using AllowlistSync.Reachability.Reading.Nft;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Reachability.Tests.Reading.Nft;

/// <summary>Each script is carried out by the kernel and on the model; what the kernel then prints must read as what the model has become.</summary>
public sealed class NftScriptKernelTests
{
    // Handles: set 1, chains 2 and 3, then the rules.
    private const string Rules = """
        table inet filter {
          set banned { type ipv4_addr; flags interval; elements = { 104.16.0.0/24, 10.0.0.5-10.0.0.9 }; }
          set ports { type inet_service; elements = { 22, 80 }; }
          set pairs { type ipv4_addr . inet_service; flags interval; elements = { 1.1.1.0/24 . 80-90, 2.2.2.2 . 443 }; }
          set merged { type ipv6_addr; flags interval; auto-merge; elements = { 2400:cb00::/32, 2400:cb01::/32 }; }
          map ways { type ipv4_addr : verdict; elements = { 1.1.1.1 : drop, 2.2.2.2 : accept }; }
          chain input {
            type filter hook input priority 0; policy drop;
            ct state established,related accept
            ip saddr @banned drop
            tcp dport @ports accept
            ip saddr . tcp dport @pairs accept
            ip saddr vmap @ways
            jump { ip6 saddr @merged drop; }
            ip saddr != @banned tcp dport 9 accept
          }
          chain other { tcp dport 1 drop; }
        }
        table ip6 six { chain input { type filter hook input priority 0; tcp dport 22 accept; }; }
        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("add element inet filter banned { 9.9.9.0/24, 8.8.8.8 }")]
    [InlineData("delete element inet filter banned { 104.16.0.0/24 }\nadd element inet filter banned { 104.16.0.0/25, 10.0.0.0/30 }")]
    [InlineData("delete element inet filter banned { 10.0.0.5-10.0.0.9 }")]
    [InlineData("add element inet filter ports { https, 443, 8080 }\ndelete element inet filter ports { ssh }")]
    [InlineData("add element inet filter pairs { 3.3.3.0/24 . 5 }; delete element inet filter pairs { 1.1.1.0/24 . 80-90 }")]
    [InlineData("add element inet filter ways { 3.3.3.3 : goto other }; delete element inet filter ways { 1.1.1.1 }")]
    [InlineData("flush set inet filter banned\nadd element inet filter banned { 7.0.0.0/8 }")]
    [InlineData("delete element inet filter merged { 2400:cb00::-2400:cb01:ffff:ffff:ffff:ffff:ffff:ffff }; add element inet filter merged { 2400::/16 }")]
    [InlineData("add rule inet filter input tcp dport 443 accept comment \"x\"")]
    [InlineData("insert rule inet filter input tcp dport 443 accept")]
    [InlineData("insert rule inet filter input index 2 tcp dport 443 accept")]
    [InlineData("add rule inet filter input index 2 tcp dport 443 accept")]
    [InlineData("insert rule inet filter other jump { tcp dport 4 drop; tcp dport 5 accept; }")]
    [InlineData("add table ip filter; add chain ip filter input { type filter hook input priority mangle + 1; policy drop; }; add rule filter input accept")]
    [InlineData("add chain inet filter more\nadd rule inet filter more return\nadd rule inet filter input goto more")]
    [InlineData("table inet filter { set new { type ipv4_addr; elements = { 5.5.5.5 }; }; chain input { ip saddr @new accept; }; }")]
    [InlineData("flush chain inet filter input")]
    [InlineData("flush chain inet filter other; delete table ip6 six")]
    [InlineData("flush table inet filter")]
    [InlineData("flush ruleset ip6")]
    [InlineData("flush ruleset\ntable ip x { chain c { accept; }; }")]
    [InlineData("flush chain inet filter input; delete set inet filter banned; delete map inet filter ways")]
    [InlineData("add chain inet filter input { policy accept; }")]
    [InlineData("add table inet filter { flags dormant; }")]
    public Task A_script_makes_of_the_model_what_it_makes_of_the_kernel(string script) => CompareAsync(Rules, _ => script);

    [Theory]
    [InlineData("delete rule inet filter input handle {2}")]
    [InlineData("replace rule inet filter input handle {2} tcp dport 5 drop")]
    [InlineData("insert rule inet filter input position {2} tcp dport 5 drop")]
    [InlineData("add rule inet filter input position {2} tcp dport 5 drop")]
    [InlineData("add rule inet filter input handle {2} tcp dport 5 drop\ninsert rule inet filter input handle {3} tcp dport 6 drop")]
    public Task A_place_that_a_handle_names_is_found(string script) => CompareAsync(Rules, before =>
    {
        var rules = before.Tables.Single(table => table.Name == "filter").Chains["input"].Rules;
        return script.Replace("{2}", $"{rules[1].Handle}", StringComparison.Ordinal).Replace("{3}", $"{rules[2].Handle}", StringComparison.Ordinal);
    });

    [Fact]
    public Task What_opens_a_host_for_a_list_is_followed_to_the_letter() => CompareAsync(Rules, before => $$"""
        create set inet filter cf4 { type ipv4_addr; flags interval; comment "allowlist-sync:web-1"; }
        add element inet filter cf4 { 104.16.0.0/13, 173.245.48.0/20, 131.0.72.0/22 }
        create set inet filter cf6 { type ipv6_addr; flags interval; comment "allowlist-sync:web-1"; }
        add element inet filter cf6 { 2400:cb00::/32, 2606:4700::/32 }
        create chain inet filter cf { comment "allowlist-sync:web-1"; }
        add rule inet filter cf ip saddr @cf4 tcp dport { 80, 443 } accept comment "allowlist-sync:web-1"
        add rule inet filter cf ip6 saddr @cf6 tcp dport { 80, 443 } accept comment "allowlist-sync:web-1"
        add rule inet filter cf ip saddr @cf4 udp dport { 443-445 } accept comment "allowlist-sync:web-1"
        insert rule inet filter input position {{before.Tables.Single(table => table.Name == "filter").Chains["input"].Rules[1].Handle}} jump cf comment "allowlist-sync:web-1"

        """);

    private static async Task CompareAsync(string rules, Func<RuleSet, string> write)
    {
        Needs.Sandbox("nft");
        await using var origin = await Sandbox.StartAsync(SandboxOptions.Default, Ct);
        (await origin.RunAsync(["nft", "-f", "-"], rules, ct: Ct)).EnsureSuccess();
        var before = await ReadAsync(origin);
        var script = write(before);
        (await origin.RunAsync(["nft", "-f", "-"], script + "\n", ct: Ct)).EnsureSuccess();

        var expected = NftTextModel.Lines(await ReadAsync(origin));
        NftTextModel.Lines(NftScript.Apply(before, script)).ShouldBe(expected, ignoreOrder: true);
        expected.ShouldNotBe(NftTextModel.Lines(before));
    }

    private static async Task<RuleSet> ReadAsync(Sandbox origin)
    {
        var json = NftJsonReader.Read(Dump((await origin.RunAsync(["nft", "-j", "list", "ruleset"], ct: Ct)).EnsureSuccess().StdOut));
        var reading = NftAmendment.Apply(json, Dump((await origin.RunAsync(["nft", "list", "ruleset"], ct: Ct)).EnsureSuccess().StdOut));
        return RuleSet.Empty with { Tables = reading.Tables, Gaps = reading.GapsWithoutText };
    }

    private static Dump Dump(string text) => new("test", Encoding.UTF8.GetBytes(text));
}
