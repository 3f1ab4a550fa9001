using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Providers.Host.Firewalld;
using Shouldly;

namespace AllowlistSync.Providers.Host.Tests.Firewalld;

public sealed class MarkTests
{
    internal static Target Target(string owner = "allowlist-sync", string name = "web") => new()
    {
        Name = name,
        Provider = "firewalld",
        Allow = ["list"],
        Ports = PortSet.Of(PortRange.Tcp(443)),
        Owner = Owner.TryCreate(owner, out var made) ? made : throw new ArgumentException("no owner", nameof(owner)),
    };

    [Fact]
    public void Names_are_those_that_the_readme_shows()
    {
        var mark = FirewalldMark.Of(Target());

        mark.Set(IpFamily.IPv4, isSpare: false).ShouldBe("allowlist-sync-web-65a4c7-v4");
        mark.Set(IpFamily.IPv6, isSpare: true).ShouldBe("allowlist-sync-web-65a4c7-v6b");
        mark.Policy.ShouldBe("web-65a4c7");
        mark.Priority.ShouldBeInRange(20_000, 29_999);
    }

    [Fact]
    public void The_longest_names_fit_and_differ_although_they_are_cut()
    {
        var (one, other) = (FirewalldMark.Of(Target(new string('o', 32), new string('t', 32))), FirewalldMark.Of(Target(new string('o', 32), new string('t', 31) + "x")));

        foreach (var mark in new[] { one, other })
        {
            mark.Sets().ShouldAllBe(set => set.Name.Length <= 31);
            mark.Policy.Length.ShouldBeLessThanOrEqualTo(17);
        }

        one.Stem.ShouldNotBe(other.Stem);
        one.Policy.ShouldNotBe(other.Policy);
    }

    [Fact]
    public void An_owner_and_a_target_that_read_alike_together_do_not_share_names()
    {
        FirewalldMark.Of(Target("a-b", "c")).Stem.ShouldNotBe(FirewalldMark.Of(Target("a", "b-c")).Stem);
        FirewalldMark.Of(Target("a.b", "c")).Stem.ShouldNotContain(".");
    }

    [Fact]
    public void The_mark_is_found_in_a_description_with_the_place_and_another_targets_is_not_ours()
    {
        var mark = FirewalldMark.Of(Target());

        mark.PlaceIn(mark.Describe(FirewalldPlace.Zone("public"))).ShouldBe(FirewalldPlace.Zone("public"));
        mark.PlaceIn(mark.Describe(FirewalldPlace.Policy("web-65a4c7"))).ShouldBe(FirewalldPlace.Policy("web-65a4c7"));
        mark.IsOn(FirewalldMark.Of(Target(name: "web2")).Describe(FirewalldPlace.Zone("public"))).ShouldBeFalse();
        mark.IsOn("allowlist-sync owner=allowlist-sync target=web").ShouldBeFalse();
    }
}
