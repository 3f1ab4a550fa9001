using System.Text;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Reachability.Proving;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Reachability.Tests.Proofs;

/// <summary>Where in a chain of iptables an accept must stand.</summary>
public sealed class ChainPlaceTests
{
    private const string Sets = "create bans hash:net family inet hashsize 1024 maxelem 65536 bucketsize 12 initval 0x11\n";

    private static readonly PortSet Web = PortSet.Of(PortRange.Tcp(80), PortRange.Tcp(443));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("-A INPUT -p tcp -m tcp --dport 22 -j DROP", "-A INPUT -s 203.0.113.0/24 -j ACCEPT", "-A INPUT -s 198.51.100.0/24 -j DROP", 3)]
    [InlineData("-A INPUT -m conntrack --ctstate INVALID -j DROP", "-A INPUT -j lower", "-A INPUT -j ACCEPT", 2)]
    [InlineData("-A INPUT -m limit --limit 2/min -j ACCEPT", "-A INPUT -j LOG", "-A INPUT -p tcp -j REJECT --reject-with tcp-reset", 3)]
    [InlineData("-A INPUT -m set --match-set bans src -j DROP", "-A INPUT -j ACCEPT", "-A INPUT -j DROP", null)]
    [InlineData("-A INPUT -m set --match-set unlisted src -j DROP", "-A INPUT -j ACCEPT", "-A INPUT -j DROP", 1)]
    [InlineData("-A INPUT -m limit --limit 2/min -j DROP", "-A INPUT -j ACCEPT", "-A INPUT -j DROP", 1)]
    [InlineData("-A INPUT -p udp -j DROP", "-A INPUT -j RETURN", "-A INPUT -j DROP", 2)]
    [InlineData("-A INPUT -p udp -j DROP", "-A INPUT -i lo -j ACCEPT", "-A INPUT -p tcp -m tcp --dport 443 -j DROP", 3)]
    public void The_first_rule_that_may_block_is_told_by_its_number(string first, string second, string third, int? number)
    {
        var save = $"*filter\n:INPUT DROP [0:0]\n:lower - [0:0]\n{first}\n{second}\n{third}\n-A lower -s 10.0.0.0/8 -j DROP\nCOMMIT\n";

        Ask("iptables-legacy filter", "INPUT", (ListingKind.IptablesLegacy, save), (ListingKind.Ipset, Sets)).ShouldBe(number is { } legacy ? new RulePlace(legacy, Handle: null) : null);
        Ask("ip filter", "INPUT", (ListingKind.IptablesNft, save), (ListingKind.Ipset, Sets)).ShouldBe(number is { } alone ? new RulePlace(alone, Handle: null) : null);
    }

    [Fact]
    public void A_chain_of_a_user_is_looked_at_as_if_all_packets_came_there()
    {
        const string save = "*filter\n:INPUT ACCEPT [0:0]\n:user - [0:0]\n-A user -s 2001:db8::/32 -j ACCEPT\n-A user -p tcp -j DROP\nCOMMIT\n";

        Ask("ip6tables-legacy filter", "user", (ListingKind.Ip6tablesLegacy, save)).ShouldBe(new RulePlace(2, Handle: null));
    }

    [Fact]
    public void A_chain_or_table_that_is_not_listed_has_no_answer()
    {
        Ask("ip filter", "INPUT", (ListingKind.IptablesLegacy, "*filter\n:INPUT DROP [0:0]\n-A INPUT -j DROP\nCOMMIT\n")).ShouldBeNull();
        Ask("iptables-legacy filter", "INPUT", (ListingKind.IptablesLegacy, "")).ShouldBeNull();
    }

    [Fact]
    public async Task Rules_of_nft_count_as_iptables_counts_them()
    {
        Needs.Sandbox("nft", "iptables-nft");
        await using var host = await Sandbox.StartAsync(SandboxOptions.Default, Ct);
        async Task<string> SayAsync(string? stdin, params string[] argv) => (await host.RunAsync(argv, stdin, ct: Ct)).EnsureSuccess().StdOut;

        await SayAsync("*filter\n:INPUT ACCEPT [0:0]\n-A INPUT -p tcp -m multiport --dports 22,25 -j ACCEPT\n-A INPUT -p tcp -m multiport --dports 80,443 -j DROP\nCOMMIT\n", "iptables-nft-restore");
        await SayAsync("insert rule ip filter INPUT ip saddr 9.9.9.9 accept\n", "nft", "-f", "-");
        var place = Ask("ip filter", "INPUT", (ListingKind.NftTerseJson, await SayAsync(null, "nft", "-j", "-t", "list", "ruleset")), (ListingKind.IptablesNft, await SayAsync(null, "iptables-nft-save")));
        place.ShouldNotBeNull().Number.ShouldBe(3);
        place.Handle.ShouldNotBeNull();

        await SayAsync(null, "iptables-nft", "-I", "INPUT", $"{place.Number}", "-s", "104.16.0.0/13", "-j", "ACCEPT");
        var rules = (await SayAsync(null, "nft", "list", "chain", "ip", "filter", "INPUT")).Split('\n').Select(line => line.Trim()).ToList();
        rules.FindIndex(line => line.StartsWith("ip saddr 104.16.0.0/13", StringComparison.Ordinal)).ShouldBe(rules.FindIndex(line => line.Contains("drop", StringComparison.Ordinal)) - 1);
    }

    private static RulePlace? Ask(string table, string chain, params (ListingKind Kind, string Text)[] listings) =>
        new ChainModel().FirstThatMayBlock(new ChainQuestion([.. listings.Select(listing => new RuleListing(listing.Kind, Encoding.UTF8.GetBytes(listing.Text)))], table, chain, Web));
}
