using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Planning;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Sources;
using AllowlistSync.Core.Tests.Fixtures;
using Shouldly;
using Xunit;

namespace AllowlistSync.Core.Tests.Planning;

public sealed class PlanFingerprintTests
{
    private static readonly Plan Known = Plans.Of(["11.0.0.0/24", "2606:4700::/32"], Lists.OnWeb("13.0.0.0/24"));

    [Fact]
    public void The_fingerprint_of_a_known_plan_does_not_change_between_versions() =>
        Known.Fingerprint.ShouldBe("b82b6ad3ea2755ed7b06995f437ba0f15fbc9a251f0af50f8424b2329a2548b3");

    [Fact]
    public void The_same_world_in_another_spelling_has_the_same_fingerprint() =>
        Plans.Of(["2606:4700::/32", "11.0.0.128/25", "11.0.0.0/25"], Lists.OnWeb("13.0.0.128/25", "13.0.0.0/25")).Fingerprint.ShouldBe(Known.Fingerprint);

    [Fact]
    public void Every_difference_that_matters_changes_the_fingerprint()
    {
        var allowed = Lists.OnWeb("13.0.0.0/24");
        string[] others =
        [
            Plans.Of(["11.0.0.0/24"], allowed).Fingerprint,
            Plans.Of(["11.0.0.0/24", "2606:4700::/32"], allowed.Union(Lists.OnWeb("14.0.0.0/24"))).Fingerprint,
            Plans.Of(["11.0.0.0/24", "2606:4700::/32"], allowed, observed => observed with { Revision = "r2" }).Fingerprint,
            Plans.Of(["11.0.0.0/24", "2606:4700::/32"], allowed, observed => observed with { Defects = [new Defect("jump-missing", "")] }).Fingerprint,
            Plans.Of(["11.0.0.0/24", "2606:4700::/32"], allowed, target: Lists.Target("db")).Fingerprint,
            (Known with { Pending = [new PendingRemoval(IpPrefix.Parse("11.0.0.0/25"), Lists.Morning, Lists.Morning)] }).Fingerprint,
            (Known with { Kept = allowed }).Fingerprint,
            Plans.Of(["11.0.0.0/24", "2606:4700::/32"], allowed, target: Lists.Target() with { Host = "ssh://root@db" }).Fingerprint,
        ];
        others.Append(Known.Fingerprint).Distinct(StringComparer.Ordinal).Count().ShouldBe(others.Length + 1);
    }

    [Theory]
    [InlineData(64, true)]
    [InlineData(12, true)]
    [InlineData(11, false)]
    [InlineData(0, false)]
    public void A_person_names_a_plan_by_at_least_twelve_characters(int characters, bool names)
    {
        PlanFingerprint.Matches(Known.Fingerprint, Known.Fingerprint[..characters]).ShouldBe(names);
        PlanFingerprint.Matches(Known.Fingerprint, Known.Fingerprint[..characters].ToUpperInvariant()).ShouldBe(names);
    }

    [Fact]
    public void Another_fingerprint_names_nothing() => PlanFingerprint.Matches(Known.Fingerprint, new string('0', 12)).ShouldBeFalse();
}
