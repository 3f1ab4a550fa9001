using AllowlistSync.Conformance.Cases;
using AllowlistSync.Conformance.Harnesses;
using AllowlistSync.Providers.Host;
using Shouldly;

namespace AllowlistSync.Conformance;

public sealed class CoverageTests
{
    [Fact]
    public void The_ids_of_cases_are_unique()
    {
        AllCases.All.Select(one => one.Id).ShouldBeUnique();
        AllCases.All.Length.ShouldBeGreaterThan(25);
    }

    [Fact]
    public void Every_provider_has_a_harness()
    {
        HostProviders.All.Select(line => line.Descriptor.Name).Except(HostHarnesses.All.Select(harness => harness.Registration.Descriptor.Name), StringComparer.Ordinal).ShouldBeEmpty();
    }

    [Fact]
    public void Every_gap_of_a_harness_is_declared_with_a_reason_and_every_declared_gap_is_used()
    {
        foreach (var provider in HostHarnesses.All.GroupBy(harness => harness.Registration))
        {
            var gaps = provider.Key.Descriptor.Gaps;
            gaps.Select(gap => gap.CaseId).Order(StringComparer.Ordinal).ShouldBe(provider.SelectMany(harness => harness.Gaps).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));
            gaps.ShouldAllBe(gap => AllCases.All.Any(one => one.Id == gap.CaseId) && gap.Reason.Length > 20);
        }
    }

    [Fact]
    public void A_case_that_one_way_cannot_do_is_done_by_another()
    {
        foreach (var provider in HostHarnesses.All.GroupBy(harness => harness.Registration))
        {
            // A reason that begins with a way speaks of that way alone; any other speaks of the provider.
            var never = AllCases.All.Where(one => provider.All(harness => harness.Gaps.Contains(one.Id))).Select(one => one.Id);
            never.Where(id => provider.Key.Descriptor.Gaps.Any(gap => gap.CaseId == id && gap.Reason.Split(':')[0].EndsWith(" way", StringComparison.Ordinal))).ShouldBeEmpty();
        }
    }

    [Fact]
    public void Every_feature_that_a_case_names_is_declared_by_some_provider()
    {
        AllCases.All.SelectMany(one => one.Needs).Except(HostProviders.All.SelectMany(line => line.Descriptor.Features), StringComparer.Ordinal).ShouldBeEmpty();
    }
}
