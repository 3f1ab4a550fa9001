using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Guards;
using AllowlistSync.Core.Sources;
using AllowlistSync.Core.Tests.Fixtures;
using Shouldly;
using Xunit;

namespace AllowlistSync.Core.Tests.Guards;

public sealed class GuardTests
{
    private static readonly GuardPolicy Policy = GuardPolicy.Default;

    [Fact]
    public void Todays_list_of_cloudflare_passes_every_guard()
    {
        Judge(new EmptyGuard(), Lists.Cloudflare).ShouldBeEmpty();
        GuardChain.For(SourceKind.Cloudflare, Policy).Judge(Lists.Snapshot(Lists.Cloudflare), Lists.Memory(Lists.Cloudflare), Lists.Morning).Refusals.ShouldBeEmpty();
    }

    [Fact]
    public void An_empty_list_is_refused_and_cannot_be_approved()
    {
        var refusal = Judge(new EmptyGuard(), []).ShouldHaveSingleItem();
        refusal.RuleId.ShouldBe("empty-list");
        refusal.Message.ShouldContain("0 prefixes");
        refusal.WayOut.ShouldContain("allowlist-sync remove");
        refusal.CanBeAccepted.ShouldBeFalse();
    }

    [Theory]
    [InlineData("IPv6", true)]
    [InlineData("IPv4", false)]
    public void A_list_without_one_family_is_refused_and_names_it(string missing, bool v4)
    {
        var refusal = Judge(new BothFamiliesGuard(), v4 ? Lists.CloudflareV4 : Lists.CloudflareV6).ShouldHaveSingleItem();
        refusal.RuleId.ShouldBe("family-missing");
        refusal.Message.ShouldContain($"0 {missing} prefixes");
        refusal.WayOut.ShouldNotBeEmpty();
        refusal.CanBeAccepted.ShouldBeFalse();
    }

    [Theory]
    [InlineData(8, 4, null)]
    [InlineData(7, 4, "7 IPv4 prefixes, fewer than guard.minPrefixes.ipv4 = 8")]
    [InlineData(8, 3, "3 IPv6 prefixes, fewer than guard.minPrefixes.ipv6 = 4")]
    public void Exactly_the_least_number_of_prefixes_passes_and_one_fewer_is_refused(int v4, int v6, string? says)
    {
        var refusals = Judge(new MinPrefixesGuard(), [.. Lists.CloudflareV4.Take(v4), .. Lists.CloudflareV6.Take(v6)]);
        refusals.Length.ShouldBe(says is null ? 0 : 1);
        foreach (var refusal in refusals)
        {
            refusal.RuleId.ShouldBe("too-few-prefixes");
            refusal.Message.ShouldContain(says!);
            refusal.WayOut.ShouldContain("--accept");
            refusal.CanBeAccepted.ShouldBeTrue();
        }
    }

    [Fact]
    public void Repeating_a_prefix_does_not_help_a_short_list_over_the_minimum() =>
        Judge(new MinPrefixesGuard(), [.. Lists.CloudflareV4.Take(4), .. Lists.CloudflareV4.Take(4), .. Lists.CloudflareV6]).ShouldHaveSingleItem().Message.ShouldContain("4 IPv4");

    [Theory]
    [InlineData("104.0.0.0/8", null)]
    [InlineData("104.0.0.0/7", "104.0.0.0/7 is wider than /8 (guard.widest.ipv4)")]
    [InlineData("2a00::/20", null)]
    [InlineData("2a00::/19", "2a00::/19 is wider than /20 (guard.widest.ipv6)")]
    [InlineData("0.0.0.0/0", "0.0.0.0/0 is wider than /8")]
    [InlineData("::/0", "::/0 is wider than /20")]
    public void A_prefix_of_exactly_the_widest_length_passes_and_one_bit_wider_is_refused(string prefix, string? says)
    {
        var refusals = Judge(new WidthGuard(), [prefix]);
        refusals.Length.ShouldBe(says is null ? 0 : 1);
        foreach (var refusal in refusals)
        {
            refusal.RuleId.ShouldBe("too-wide");
            refusal.Message.ShouldContain(says!);
            refusal.CanBeAccepted.ShouldBeFalse();
            refusal.WayOut.ShouldContain("guard.widest");
        }
    }

    [Theory]
    [InlineData("9.255.255.0/24", false)]
    [InlineData("10.0.0.0/24", true)]
    [InlineData("11.0.0.0/24", false)]
    [InlineData("192.168.1.0/24", true)]
    [InlineData("127.0.0.1/32", true)]
    [InlineData("224.0.0.0/8", true)]
    [InlineData("2606:4700::/32", false)]
    [InlineData("fc00::/20", true)]
    [InlineData("fe80::/64", true)]
    [InlineData("ff00::/20", true)]
    public void What_is_not_public_unicast_is_refused(string prefix, bool refused)
    {
        var refusals = Judge(new PublicUnicastGuard(), [prefix]);
        refusals.Any().ShouldBe(refused);
        refusals.ShouldAllBe(refusal => refusal.RuleId == "not-public" && !refusal.CanBeAccepted && refusal.Message.Contains(prefix, StringComparison.Ordinal) && refusal.WayOut.Length > 0);
    }

    [Fact]
    public void A_prefix_that_is_listed_twice_is_refused_and_can_be_approved()
    {
        var refusal = Judge(new DuplicateGuard(), [.. Lists.Cloudflare, "104.16.0.0/13", "104.16.0.0/13"]).ShouldHaveSingleItem();
        refusal.RuleId.ShouldBe("duplicate-prefix");
        refusal.Message.ShouldContain("first 104.16.0.0/13 (3 times)");
        refusal.CanBeAccepted.ShouldBeTrue();
        Judge(new DuplicateGuard(), Lists.Cloudflare).ShouldBeEmpty();
    }

    [Theory]
    [InlineData(8, 10, null)]
    [InlineData(7, 10, "IPv4 would lose 3 of 10 prefixes (30 %) and 30 % of the addresses (guard.maxRemovedPercent = 20)")]
    [InlineData(10, 8, null)]
    [InlineData(10, 7, "IPv6 would lose 3 of 10 prefixes (30 %) and 30 % of the addresses (guard.maxRemovedPercent = 20)")]
    [InlineData(20, 20, null)]
    [InlineData(21, 20, "IPv4 would gain 11 of 10 prefixes (110 %) and 110 % of the addresses (guard.maxAddedPercent = 100)")]
    [InlineData(20, 21, "IPv6 would gain 11 of 10 prefixes (110 %) and 110 % of the addresses (guard.maxAddedPercent = 100)")]
    public void A_change_of_exactly_the_limit_passes_and_one_prefix_more_is_refused(int v4, int v6, string? says)
    {
        var before = Lists.Set([.. Lists.Spread(10), .. Lists.SpreadV6(10)]);
        var refusals = Judge(new ChangeGuard(), [.. Lists.Spread(v4), .. Lists.SpreadV6(v6)], before);
        refusals.Length.ShouldBe(says is null ? 0 : 1);
        foreach (var refusal in refusals)
        {
            refusal.RuleId.ShouldBe(says!.Contains("lose", StringComparison.Ordinal) ? "shrinks-too-much" : "grows-too-much");
            refusal.Message.ShouldContain(says);
            refusal.CanBeAccepted.ShouldBeTrue();
            refusal.WayOut.ShouldContain("--accept FINGERPRINT");
        }
    }

    [Fact]
    public void A_few_prefixes_that_are_most_of_the_addresses_are_too_much()
    {
        string[] small = [.. Lists.Spread(19)];
        var refusal = Judge(new ChangeGuard(), small, Lists.Set([.. small, "104.16.0.0/13"])).ShouldHaveSingleItem();
        refusal.Message.ShouldContain("1 of 20 prefixes (5 %) and 99.1 % of the addresses");
    }

    [Fact]
    public void Splitting_a_prefix_into_its_halves_is_no_change() =>
        Judge(new ChangeGuard(), ["104.16.0.0/14", "104.20.0.0/14"], Lists.Set("104.16.0.0/13")).ShouldBeEmpty();

    [Fact]
    public void A_first_list_has_nothing_to_be_measured_against() => Judge(new ChangeGuard(), Lists.Cloudflare).ShouldBeEmpty();

    [Fact]
    public void Publications_that_differ_are_refused_with_what_each_lists_alone()
    {
        var candidate = Lists.Snapshot(Lists.Cloudflare) with
        {
            Disagreement = new PublicationDisagreement("the API", Lists.Set(Lists.Spread(6)), "the text list", PrefixSet.Empty),
        };
        var refusal = new AgreementGuard().Judge(new GuardCase(candidate, null, Policy)).ShouldHaveSingleItem();
        refusal.RuleId.ShouldBe("publications-disagree");
        refusal.Message.ShouldContain("only the API lists 11.0.0.0/24, 11.0.2.0/24, 11.0.4.0/24, 11.0.6.0/24, 11.0.8.0/24 and more; only the text list lists nothing more");
        refusal.CanBeAccepted.ShouldBeTrue();
    }

    private static ImmutableArray<Refusal> Judge(IGuard guard, string[] listed, PrefixSet? inForce = null) =>
        [.. guard.Judge(new GuardCase(Lists.Snapshot(listed), inForce, Policy))];
}
