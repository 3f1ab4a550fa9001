using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.CrashHost;
using Shouldly;

namespace AllowlistSync.Conformance.Faults;

/// <summary>Sets of the operator, as people have them.</summary>
public sealed class SetFaults
{
    [Theory]
    [InlineData("type ipv4_addr", "flags interval")]
    [InlineData("type ipv4_addr; flags interval, timeout; timeout 1h", "forgets its elements after 3600 s")]
    [InlineData("type ipv6_addr; flags interval", "has the type ipv6_addr")]
    [InlineData("type inet_service; flags interval", "has the type inet_service")]
    [InlineData("type ipv4_addr . inet_service; flags interval", "has the type ipv4_addr . inet_service")]
    [InlineData("type ipv4_addr; flags constant, interval; elements = { 10.0.0.0/8 }", "is constant")]
    public async Task A_set_that_cannot_hold_prefixes_for_good_is_refused_with_the_way_to_mend_it(string set, string message)
    {
        await using var lab = await FaultLab.StartSetAsync(set);
        var before = await lab.DumpAsync();

        var report = await lab.ApplyAsync("104.16.0.0/13");

        report.Error.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Unsupported);
        report.Error.Message.ShouldContain(message);
        report.Error.Remedy.ShouldNotBeEmpty();
        (await lab.DumpAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Elements_with_a_lifetime_of_their_own_are_left_alone()
    {
        await using var lab = await FaultLab.StartSetAsync("type ipv4_addr; flags interval, timeout; elements = { 104.16.5.0/24 timeout 1h, 9.9.9.9 timeout 2h comment \"x\" }");

        (await lab.ApplyAsync("104.16.0.0/13", "131.0.72.0/22")).Error.ShouldBeNull();
        (await lab.LookAsync("104.16.0.0/13", "131.0.72.0/22")).Status.ShouldBe(TargetStatus.InSync);
        (await lab.RemoveAsync()).Error.ShouldBeNull();

        var dump = await lab.DumpAsync();
        dump.ShouldContain("104.16.5.0/24 timeout 1h");
        dump.ShouldContain("9.9.9.9 timeout 2h comment \"x\"");
        dump.ShouldNotContain("104.16.0.0");
    }

    [Theory]
    [InlineData("type ipv4_addr; flags interval; counter; elements = { 131.0.72.0/22 counter packets 7 bytes 700, 9.9.9.9 comment \"x\" }", "131.0.72.0/22 counter packets 7 bytes 700")]
    [InlineData("type ipv4_addr; flags interval, timeout; counter; elements = { 131.0.72.0/22 counter packets 7 bytes 700, 9.9.9.9 timeout 2h }", "131.0.72.0/22 counter packets 7 bytes 700")]
    [InlineData("type ipv4_addr; flags interval; quota 10 mbytes; elements = { 131.0.72.0/22, 9.9.9.9 comment \"x\" }", "131.0.72.0/22 quota 10 mbytes")]
    [InlineData("type ipv4_addr; flags interval; limit rate over 10/second; elements = { 131.0.72.0/22, 9.9.9.9 comment \"x\" }", "131.0.72.0/22 limit rate over 10/second")]
    public async Task A_set_that_counts_for_each_element_is_kept_like_any_other(string set, string untouched)
    {
        await using var lab = await FaultLab.StartSetAsync(set);
        foreach (var list in new[] { "131.0.72.0/22,104.16.0.0/13", "131.0.72.0/22,104.24.0.0/14", "131.0.72.0/22,104.24.0.0/15", "131.0.72.0/22" })
        {
            (await lab.ApplyAsync(list.Split(','))).Status.ShouldBe(TargetStatus.Applied, list);
            (await lab.SourcesAsync()).ShouldBe(PrefixSet.Of(Lists.Of(list.Split(','))));
            (await lab.LookAsync(list.Split(','))).Status.ShouldBe(TargetStatus.InSync);
            (await lab.NftListAsync()).ShouldContain(untouched);
        }

        // What was there before us stays.
        (await lab.RemoveAsync()).Error.ShouldBeNull();
        var listing = await lab.NftListAsync();
        listing.ShouldContain(untouched);
        listing.ShouldNotContain("104.");
        listing.ShouldContain("9.9.9.9");
    }

    [Theory]
    [InlineData("type ipv4_addr; flags interval")]
    [InlineData("type ipv4_addr; flags interval; auto-merge")]
    public async Task Merged_neighbours_shrink_and_grow(string set)
    {
        await using var lab = await FaultLab.StartSetAsync(set);
        foreach (var list in new[] { "104.16.0.0/13,104.24.0.0/14", "104.16.0.0/13", "104.18.0.0/16,104.24.0.0/14", "104.16.0.0/12", "104.24.0.0/32" })
        {
            (await lab.ApplyAsync(list.Split(','))).Error.ShouldBeNull();
            (await lab.SourcesAsync()).ShouldBe(PrefixSet.Of(Lists.Of(list.Split(','))));
            (await lab.LookAsync(list.Split(','))).Status.ShouldBe(TargetStatus.InSync);
        }
    }

    [Fact]
    public async Task An_element_with_a_comment_in_a_set_that_merges_is_not_merged_away()
    {
        await using var lab = await FaultLab.StartSetAsync("type ipv4_addr; flags interval; auto-merge; elements = { 104.16.5.0/24 comment \"x\" }");
        var before = await lab.DumpAsync();

        var report = await lab.ApplyAsync("104.16.0.0/13");

        report.Error.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Unsupported);
        report.Error.Message.ShouldContain("auto-merge");
        (await lab.DumpAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task What_is_in_a_set_before_our_first_apply_goes_only_when_a_person_says_so()
    {
        await using var lab = await FaultLab.StartSetAsync("type ipv4_addr; flags interval; elements = { 9.9.9.0/24, 104.16.0.0/13 }");
        var before = await lab.DumpAsync();

        var refused = await lab.ApplyAsync("104.16.0.0/13");
        refused.Refusals.ShouldHaveSingleItem().RuleId.ShouldBe("takes-over");
        refused.Refusals[0].Message.ShouldContain("9.9.9.0/24");
        (await lab.DumpAsync()).ShouldBe(before);

        var options = Installation.Apply(accepted: [refused.Plan!.Fingerprint[..12]]);
        (await lab.Program.RunAsync(lab.Provider, lab.Target, Lists.Of("104.16.0.0/13"), options, FaultLab.Ct)).Status.ShouldBe(TargetStatus.Applied);
        (await lab.SourcesAsync()).ShouldBe(PrefixSet.Of(Lists.Of("104.16.0.0/13")));
    }

    [Fact]
    public async Task A_set_that_is_exactly_large_enough_is_replaced_or_the_refusal_touches_nothing()
    {
        await using var lab = await FaultLab.StartSetAsync("type ipv4_addr; size 2; flags interval");
        (await lab.ApplyAsync("104.16.0.0/13", "131.0.72.0/22")).Status.ShouldBe(TargetStatus.Applied);

        var report = await lab.ApplyAsync("172.64.0.0/13", "162.158.0.0/15");

        if (report.Error is { } error)
        {
            error.Kind.ShouldBe(FailureKind.Unsupported, error.Message);
            error.Aftermath.ShouldBe(Aftermath.Untouched);
            error.Remedy.ShouldContain("size");
            (await lab.SourcesAsync()).ShouldBe(PrefixSet.Of(Lists.Of("104.16.0.0/13", "131.0.72.0/22")));
        }
        else
        {
            (await lab.SourcesAsync()).ShouldBe(PrefixSet.Of(Lists.Of("172.64.0.0/13", "162.158.0.0/15")));
        }
    }
}
