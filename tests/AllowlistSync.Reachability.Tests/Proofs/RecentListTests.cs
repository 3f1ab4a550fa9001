using System.Text;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Verifying;
using AllowlistSync.Reachability.Proving;
using AllowlistSync.Reachability.Reading;
using Shouldly;

namespace AllowlistSync.Reachability.Tests.Proofs;

/// <summary>A list of recent addresses that nobody fills holds nobody (xt_recent.c).</summary>
public sealed class RecentListTests
{
    private const string Ask = "-A INPUT -m recent --rcheck --seconds 60 -j DROP";

    [Theory]
    [InlineData(Ask, ReachabilityVerdict.Accepted)]
    [InlineData("-A INPUT -m recent ! --update -j DROP", ReachabilityVerdict.Blocked)]
    [InlineData("-A INPUT -m recent --set --name other\n" + Ask, ReachabilityVerdict.Accepted)]
    [InlineData("-A INPUT -m recent --set\n" + Ask, ReachabilityVerdict.Unknown)]
    [InlineData("-A OUTPUT -m recent ! --set --name DEFAULT\n" + Ask, ReachabilityVerdict.Unknown)]
    [InlineData("-A OUTPUT -m recent --set --strange x\n" + Ask, ReachabilityVerdict.Unknown)]
    [InlineData("-A OUTPUT -m recent --name DEFAULT --new-mode -j ACCEPT\n" + Ask, ReachabilityVerdict.Unknown)]
    [InlineData("-A INPUT -m recent --set -j DROP", ReachabilityVerdict.Blocked)]
    public void A_list_that_no_rule_fills_is_empty(string rules, ReachabilityVerdict expected)
    {
        var proof = Prove(rules);

        proof.Pieces.ShouldHaveSingleItem().Verdict.ShouldBe(expected);
    }

    [Fact]
    public void That_nobody_fills_the_list_by_hand_is_an_assumption()
    {
        Prove(Ask).Assumptions.ShouldContain(text => text.Contains("/proc/net/xt_recent/DEFAULT", StringComparison.Ordinal));
        Prove("-A INPUT -m recent --set\n" + Ask).Assumptions.ShouldNotContain(text => text.Contains("xt_recent", StringComparison.Ordinal));
    }

    private static Proof Prove(string rules)
    {
        var text = $"*filter\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n{rules}\nCOMMIT\n";
        var ruleSet = RuleSetReader.Read([new Dump("rules", Encoding.UTF8.GetBytes(text)) { Kind = DumpKind.IptablesLegacy }]);
        var question = new Question
        {
            Sources = PrefixSet.OfRanges([new IpRange(IpFamily.IPv4, 0x0a000000, 0x0affffff)]),
            Ports = PortSet.Of(new PortRange(TransportProtocol.Tcp, 443, 443)),
        };
        return Prover.Prove(ruleSet, question, TestContext.Current.CancellationToken);
    }
}
