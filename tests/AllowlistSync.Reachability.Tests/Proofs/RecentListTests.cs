using System.Text;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Verifying;
using AllowlistSync.Reachability.Proving;
using AllowlistSync.Reachability.Reading;
using Shouldly;

namespace AllowlistSync.Reachability.Tests.Proofs;

public sealed class RecentListTests
{
    private const string Banned = "-A INPUT -m recent --update --seconds 60 --name bad --rsource -j DROP";

    [Fact]
    public void A_list_that_no_rule_fills_is_empty_and_the_proof_says_so()
    {
        var proof = Prove(Banned);

        proof.Pieces.ShouldAllBe(piece => piece.Verdict == ReachabilityVerdict.Accepted);
        proof.Assumptions.ShouldContain(assumption => assumption.Contains("/proc/net/xt_recent", StringComparison.Ordinal));
    }

    [Fact]
    public void A_list_that_a_rule_of_another_chain_fills_is_not_known() =>
        Prove(Banned + "\n-A FORWARD -m recent --set --name bad --rsource").Pieces.ShouldAllBe(piece => piece.Verdict == ReachabilityVerdict.Unknown);

    [Fact]
    public void A_list_without_a_name_is_not_the_one_with_a_name() =>
        Prove(Banned + "\n-A FORWARD -m recent --set --rsource").Pieces.ShouldAllBe(piece => piece.Verdict == ReachabilityVerdict.Accepted);

    private static Proof Prove(string rules)
    {
        var save = $"*filter\n:INPUT ACCEPT [0:0]\n:FORWARD ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n{rules}\nCOMMIT\n";
        var ruleSet = RuleSetReader.Read([new Dump("rules.v4", Encoding.UTF8.GetBytes(save))]);
        return Prover.Prove(ruleSet, new Question { Sources = PrefixSet.Of(IpPrefix.Parse("104.16.0.0/13")), Ports = PortSet.Of(PortRange.Tcp(443)) }, CancellationToken.None);
    }
}
