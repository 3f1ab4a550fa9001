using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Planning;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.Tests.Fixtures;
using Shouldly;
using Xunit;

namespace AllowlistSync.Core.Tests.Planning;

public sealed class BansTests
{
    private static readonly ImmutableArray<Ban> All = [Of("198.51.100.7/32"), Of("104.16.0.1/32"), Of("104.0.0.0/8"), Of("2400:cb00::1/128"), Of("104.16.0.1/32", "jail web")];

    private static readonly Target Lifting = Lists.Target() with { LiftBans = true };

    [Fact]
    public void Bans_inside_of_what_is_wanted_are_lifted_and_no_others()
    {
        var plan = Plan(Lifting);
        plan.Changes.Lift.Select(ban => ban.ToString()).ShouldBe(["104.16.0.1/32 by jail sshd", "104.16.0.1/32 by jail web", "2400:cb00::1/128 by jail sshd"]);
        plan.IsEmpty.ShouldBeFalse();
        plan.Findings.Single(finding => finding.Id == Bans.Banned).Message.ShouldStartWith("3 bans keep wanted sources out");
        plan.Findings.Single(finding => finding.Id == Bans.Wider).Message.ShouldContain("104.0.0.0/8 by jail sshd");
    }

    [Fact]
    public void Without_liftBans_they_are_told_and_left()
    {
        var plan = Plan(Lists.Target());
        plan.IsEmpty.ShouldBeTrue();
        plan.Findings.Single(finding => finding.Id == Bans.Banned).Remedy.ShouldContain("liftBans: true");
    }

    [Fact]
    public void Whoever_takes_us_out_lifts_nothing()
    {
        var observed = Plans.Observed(Lists.OnWeb(Lists.Cloudflare)) with { Bans = All };
        var plan = Planner.Plan(new Preparation(DesiredState.Nothing(Lifting, PrefixSet.Empty), []), observed, []);
        plan.Changes.Lift.ShouldBeEmpty();
        plan.Findings.ShouldNotContain(finding => finding.Id == Bans.Banned);
    }

    [Fact]
    public void Bans_are_part_of_the_fingerprint_and_their_notes_are_not()
    {
        var without = Plan(Lifting, []).Fingerprint;
        var with = Plan(Lifting, [Of("104.16.0.1/32")]).Fingerprint;
        with.ShouldNotBe(without);
        Plan(Lifting, [Of("104.16.0.1/32") with { Note = "9 minutes left" }]).Fingerprint.ShouldBe(with);
        Plan(Lifting, [Of("198.51.100.7/32")]).Fingerprint.ShouldBe(without);
    }

    [Fact]
    public async Task An_apply_lifts_them_writes_them_down_and_has_nothing_more_to_do()
    {
        using var bench = new Bench { Target = Lifting };
        await bench.ApplyAsync();
        bench.Provider.Bans = [Of("104.16.0.1/32"), Of("198.51.100.7/32")];
        var report = (await bench.ApplyAsync()).Targets[0];
        report.Status.ShouldBe(TargetStatus.Applied);
        bench.Provider.Bans.ShouldHaveSingleItem().Prefix.ToString().ShouldBe("198.51.100.7/32");
        (await bench.Store.Target("web").LoadReceiptAsync(TestContext.Current.CancellationToken))!.Lifted.ShouldHaveSingleItem().By.ShouldBe("jail sshd");
        (await bench.ApplyAsync()).Targets[0].Status.ShouldBe(TargetStatus.InSync);
    }

    [Fact]
    public async Task A_ban_that_is_back_at_once_is_a_failure()
    {
        using var bench = new Bench { Target = Lifting };
        bench.Provider.Bans = [Of("104.16.0.1/32")];
        bench.Provider.BansAgain = true;
        var report = (await bench.ApplyAsync()).Targets[0];
        report.Status.ShouldBe(TargetStatus.Failed);
        report.Error!.Message.ShouldContain("banned again as soon as they were lifted: 104.16.0.1/32 by jail sshd");
    }

    private static Ban Of(string prefix, string by = "jail sshd") => new(IpPrefix.Parse(prefix), by);

    private static Plan Plan(Target target, ImmutableArray<Ban>? bans = null) =>
        Plans.Of(Lists.Cloudflare, Lists.OnWeb(Lists.Cloudflare), observed => observed with { Bans = bans ?? All }, target);
}
