using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Guards;
using AllowlistSync.Core.Sources;
using AllowlistSync.Core.Tests.Fixtures;
using Shouldly;
using Xunit;

namespace AllowlistSync.Core.Tests.Guards;

public sealed class GuardChainTests
{
    private static readonly GuardChain Chain = GuardChain.For(SourceKind.Cloudflare, GuardPolicy.Default);

    [Fact]
    public void A_refused_first_list_puts_nothing_in_force()
    {
        var verdict = Chain.Judge(Lists.Snapshot([]), memory: null, Lists.Morning);
        verdict.InForce.ShouldBeNull();
        verdict.Next.ShouldBeNull();
        verdict.IfAccepted.ShouldBeNull();
    }

    [Fact]
    public void After_a_refusal_the_last_known_good_list_stays_in_force_and_says_so()
    {
        var memory = Lists.Memory(Lists.Cloudflare);
        var verdict = Chain.Judge(Lists.Snapshot([]), memory, Lists.Morning);
        verdict.InForce!.Ranges.ShouldBe(memory.InForce);
        verdict.InForce.Basis.Provenance.ShouldBe(Provenance.LastKnownGood);
        verdict.Next.ShouldBeNull();
    }

    [Fact]
    public void A_refusal_that_can_be_overridden_offers_what_would_then_be_remembered()
    {
        var verdict = Chain.Judge(Lists.Snapshot([.. Lists.CloudflareV4.Take(10), .. Lists.CloudflareV6]), Lists.Memory(Lists.Cloudflare), Lists.Morning);
        verdict.Refusals.ShouldHaveSingleItem().RuleId.ShouldBe("shrinks-too-much");
        verdict.IfAccepted.ShouldNotBeNull().Pending.Length.ShouldBe(5);
        verdict.NextIfAccepted.ShouldNotBeNull().LastGood.Published.Length.ShouldBe(17);
    }

    [Fact]
    public void An_approved_list_is_not_refused_at_the_next_fetch_and_its_losses_leave_after_their_grace()
    {
        var shrunk = Lists.Snapshot([.. Lists.CloudflareV4.Take(10), .. Lists.CloudflareV6]);
        var approved = Chain.Judge(shrunk, Lists.Memory(Lists.Cloudflare), Lists.Morning).NextIfAccepted!;
        var next = Chain.Judge(shrunk, approved, Lists.Morning.AddHours(1));
        next.Refusals.ShouldBeEmpty();
        next.InForce!.Ranges.ShouldBe(Lists.Set(Lists.Cloudflare));
        Chain.Judge(shrunk, next.Next, Lists.Morning.AddHours(72)).InForce!.Ranges.ShouldBe(shrunk.Ranges);

        var shorter = Lists.Snapshot([.. Lists.CloudflareV4.Take(10).Skip(2), .. Lists.CloudflareV6]);
        Chain.Judge(shorter, next.Next, Lists.Morning.AddHours(2)).Refusals.ShouldBeEmpty("two of the ten that are left are 20 %");
        var shortest = Lists.Snapshot([.. Lists.CloudflareV4.Take(10).Skip(3), .. Lists.CloudflareV6]);
        Chain.Judge(shortest, next.Next, Lists.Morning.AddHours(2)).Refusals.Select(refusal => refusal.RuleId).ShouldContain("shrinks-too-much");
    }

    [Fact]
    public void One_refusal_that_cannot_be_overridden_takes_the_override_away_from_all()
    {
        var verdict = Chain.Judge(Lists.Snapshot([.. Lists.Cloudflare, "104.16.0.0/13", "192.168.0.0/24"]), Lists.Memory(Lists.Cloudflare), Lists.Morning);
        verdict.Refusals.Select(refusal => refusal.RuleId).ShouldBe(["not-public", "duplicate-prefix"]);
        verdict.IfAccepted.ShouldBeNull();
        verdict.NextIfAccepted.ShouldBeNull();
    }

    [Fact]
    public void What_an_operator_wrote_himself_may_be_private_short_and_of_one_family() =>
        GuardChain.For(SourceKind.Static, GuardPolicy.Default).Judge(Lists.Snapshot(["192.168.0.0/24"], SourceKind.Static), null, Lists.Morning).Refusals.ShouldBeEmpty();

    [Fact]
    public void While_publications_disagree_nothing_new_comes_in()
    {
        var verdict = Disagree([.. Lists.Cloudflare, "11.0.0.0/24"], onlyInFirst: ["11.0.0.0/24"], onlyInSecond: ["12.0.0.0/24"], Lists.Memory(Lists.Cloudflare), Lists.Morning);
        verdict.InForce!.Ranges.ShouldBe(Lists.Set(Lists.Cloudflare));
        verdict.Next.ShouldBeNull();
        verdict.IfAccepted!.Ranges.Covers(IpPrefix.Parse("11.0.0.0/24")).ShouldBeTrue();
    }

    [Fact]
    public void While_publications_disagree_only_what_neither_lists_leaves_and_only_after_its_grace()
    {
        string[] listed = [.. Lists.Cloudflare.Except(["131.0.72.0/22", "103.31.4.0/22"], StringComparer.Ordinal)];
        var memory = Lists.Memory(Lists.Cloudflare);
        var first = Disagree(listed, [], ["131.0.72.0/22"], memory, Lists.Morning);
        first.InForce!.Ranges.ShouldBe(Lists.Set(Lists.Cloudflare));
        first.Next.ShouldNotBeNull().Pending.ShouldHaveSingleItem().Prefix.ShouldBe(IpPrefix.Parse("103.31.4.0/22"));

        var later = Disagree(listed, [], ["131.0.72.0/22"], first.Next, Lists.Morning.AddHours(72));
        later.InForce!.Ranges.ShouldBe(Lists.Set(Lists.Cloudflare).Except(Lists.Set("103.31.4.0/22")));
    }

    [Fact]
    public void Two_short_lists_that_disagree_do_not_slip_past_the_other_guards()
    {
        string[] listed = [.. Lists.CloudflareV4.Take(9), .. Lists.CloudflareV6];
        var memory = Lists.Memory(Lists.Cloudflare);
        var verdict = Disagree(listed, [listed[0]], [], memory, Lists.Morning);
        verdict.Refusals.Select(refusal => refusal.RuleId).ShouldContain("shrinks-too-much");
        verdict.Next.ShouldBeNull("no removal may start while a guard refuses the list for another reason");
        verdict.InForce!.Pending.ShouldBeEmpty();
    }

    [Fact]
    public void Only_the_embedded_list_passes_unjudged()
    {
        Should.Throw<ArgumentException>(() => GuardChain.Embedded(Lists.Snapshot(Lists.Cloudflare)));
        GuardChain.Embedded(Lists.Snapshot(Lists.Cloudflare) with { Provenance = Provenance.Embedded }).Ranges.ShouldBe(Lists.Set(Lists.Cloudflare));
    }

    private static GuardVerdict Disagree(string[] first, string[] onlyInFirst, string[] onlyInSecond, SourceMemory memory, DateTimeOffset now) => Chain.Judge(
        Lists.Snapshot(first) with { Disagreement = new PublicationDisagreement("the API", Lists.Set(onlyInFirst), "the text list", Lists.Set(onlyInSecond)) },
        memory,
        now);
}
