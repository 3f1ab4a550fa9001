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

    // What no way of a provider can do lies in its tool; another provider does it.
    [Fact]
    public void A_case_that_one_harness_cannot_do_is_done_by_another() =>
        AllCases.All.Where(one => HostHarnesses.All.All(harness => harness.Gaps.Contains(one.Id))).ShouldBeEmpty();

    [Fact]
    public void A_reason_names_the_way_that_it_speaks_of_exactly_when_another_way_of_the_provider_does_the_case()
    {
        foreach (var provider in HostHarnesses.All.GroupBy(harness => harness.Registration))
        {
            foreach (var gap in provider.Key.Descriptor.Gaps)
            {
                gap.Reason.Split(':')[0].EndsWith(" way", StringComparison.Ordinal).ShouldBe(provider.Any(harness => !harness.Gaps.Contains(gap.CaseId)), $"{provider.Key.Descriptor.Name} {gap.CaseId}");
            }
        }
    }

    [Fact]
    public void Every_feature_that_a_case_names_is_declared_by_some_provider()
    {
        AllCases.All.SelectMany(one => one.Needs).Except(HostProviders.All.SelectMany(line => line.Descriptor.Features), StringComparer.Ordinal).ShouldBeEmpty();
    }
}
