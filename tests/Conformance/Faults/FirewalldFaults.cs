using AllowlistSync.Conformance.Harnesses;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.CrashHost;
using Shouldly;

namespace AllowlistSync.Conformance.Faults;

/// <summary>What is changed behind our back in firewalld, on the real one: each ends as a plan that mends it, what is foreign stays, and the host is neither open nor locked.</summary>
public sealed class FirewalldFaults
{
    private static readonly string[] List = ["104.16.0.0/13", "131.0.72.0/22", "2400:cb00::/32"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Entries_and_rules_that_were_changed_by_hand_are_put_in_order_on_both_sides()
    {
        await using var lab = await FirewalldLab.StartAsync();
        (await lab.ApplyAsync(List)).Status.ShouldBe(TargetStatus.Applied);
        (await lab.LookAsync(List)).Plan!.Findings.ShouldContain(finding => finding.Id == "reload-pending");
        await lab.ReloadAsync();
        var (main, spare) = (lab.Mark.Set(IpFamily.IPv4, isSpare: false), lab.Mark.Set(IpFamily.IPv4, isSpare: true));

        await lab.Firewalld.RuntimeCallAsync("ipset", "removeEntry", Ct, new BusText(main), new BusText("104.16.0.0/13"));
        await lab.MendedAsync(List);

        await lab.Firewalld.RuntimeCallAsync("ipset", "addEntry", Ct, new BusText(spare), new BusText("9.9.9.0/24"));
        (await lab.MendedAsync(List)).Plan!.Changes.Remove.Sources.ShouldBe(PrefixSet.Of(Lists.Of("9.9.9.0/24")));

        await lab.SetAsync(main, "addEntry", new BusText("9.9.9.0/24"));
        (await lab.MendedAsync(List)).Plan!.Changes.Repairs.ShouldHaveSingleItem().Id.ShouldBe("permanent-apart");

        var rule = $"rule family=\"ipv4\" source ipset=\"{main}\" port port=\"443\" protocol=\"tcp\" accept";
        await lab.Firewalld.RuntimeCallAsync("zone", "removeRichRule", Ct, new BusText(FirewalldOperator.Zone), new BusText(rule));
        await lab.MendedAsync(List);

        await lab.ZoneAsync("removeRichRule", rule);
        (await lab.MendedAsync(List)).Plan!.Changes.Repairs.ShouldHaveSingleItem().Message.ShouldContain("permanent");
    }

    [Fact]
    public async Task A_permanent_set_that_was_deleted_under_its_rules_is_made_again_before_the_next_reload_dies_of_it()
    {
        await using var lab = await FirewalldLab.StartAsync();
        (await lab.ApplyAsync(List)).Status.ShouldBe(TargetStatus.Applied);
        await lab.SetAsync(lab.Mark.Set(IpFamily.IPv6, isSpare: true), "remove");

        (await lab.MendedAsync(List)).Plan!.Changes.Repairs.ShouldHaveSingleItem().Id.ShouldBe("permanent-apart");
    }

    [Fact]
    public async Task A_permanent_set_of_ours_that_was_given_another_type_is_made_right()
    {
        await using var lab = await FirewalldLab.StartAsync();
        (await lab.ApplyAsync(List)).Status.ShouldBe(TargetStatus.Applied);
        await lab.SetAsync(lab.Mark.Set(IpFamily.IPv4, isSpare: false), "update", FirewalldBus.Set("hash:ip", $"{lab.Mark.Comment} at zone web", "9.9.9.9"));

        (await lab.MendedAsync(List)).Plan!.Changes.Repairs.ShouldHaveSingleItem().Id.ShouldBe("permanent-apart");
    }

    [Fact]
    public async Task A_reload_between_our_permanent_steps_and_those_in_force_leaves_old_or_new_and_is_mended()
    {
        await using var lab = await FirewalldLab.StartAsync();
        (await lab.ApplyAsync("104.16.0.0/13", "2400:cb00::/32")).Status.ShouldBe(TargetStatus.Applied);
        var isDone = false;
        lab.Tap.BeforeOther = async (_, operation) =>
        {
            if (!isDone && operation is BusUse { Changes: true, Call.Interface: var part } && !part.Contains(".config", StringComparison.Ordinal))
            {
                isDone = true;
                await lab.ReloadAsync();
            }
        };

        await lab.ApplyAsync(List);

        isDone.ShouldBeTrue();
        lab.Tap.Reset();
        await lab.DemandSafeAsync();
        await lab.ReachesAsync(List);
        (await lab.ApplyAsync(List)).Status.ShouldBeOneOf(TargetStatus.Applied, TargetStatus.InSync);
        (await lab.LookAsync(List)).Status.ShouldBe(TargetStatus.InSync);
        await lab.DemandSafeAsync();
    }

    [Fact]
    public async Task A_reload_that_deals_out_object_numbers_anew_lets_us_hit_a_block_list_and_we_put_it_back()
    {
        await using var lab = await FirewalldLab.StartAsync();
        (await lab.ApplyAsync(List)).Status.ShouldBe(TargetStatus.Applied);
        await lab.ReloadAsync();
        var isDone = false;
        lab.Tap.BeforeOther = async (_, operation) =>
        {
            if (!isDone && operation is BusUse { Changes: true, Call.Method: "setEntries" })
            {
                isDone = true;
                await lab.Subject.ChangeAsync(ForeignChange.RemoveOurs, Ct);
            }
        };

        var report = await lab.ApplyAsync("172.64.0.0/13", "2400:cb00::/32");

        isDone.ShouldBeTrue();
        lab.Tap.Reset();
        report.Status.ShouldBe(TargetStatus.Failed);
        report.Error!.Kind.ShouldBe(FailureKind.Conflict);
        report.Error.Message.ShouldContain("bans in its place; that was put back");
        await lab.DemandSafeAsync();
        await lab.ReloadAsync();
        await lab.DemandSafeAsync();
    }

    [Fact]
    public async Task A_complete_reload_and_rules_that_were_made_permanent_leave_nothing_doubled()
    {
        await using var lab = await FirewalldLab.StartAsync();
        (await lab.ApplyAsync(List)).Status.ShouldBe(TargetStatus.Applied);
        await lab.Firewalld.RuntimeCallAsync("", "runtimeToPermanent", Ct);
        await lab.Firewalld.RuntimeCallAsync("", "completeReload", Ct);
        await lab.RebaseAsync();

        var look = await lab.MendedAsync(List);

        look.Plan!.Changes.Repairs.ShouldNotBeEmpty();
        FirewalldBus.Texts((await lab.Firewalld.RuntimeCallAsync("zone", "getRichRules", Ct, new BusText(FirewalldOperator.Zone)))[0])
            .ShouldNotContain(rule => rule.Contains($"priority=\"{lab.Mark.Priority}\"", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_target_that_moves_to_another_zone_or_to_a_policy_takes_its_rules_along()
    {
        await using var lab = await FirewalldLab.StartAsync();
        lab.Configure("lab");
        (await lab.ApplyAsync(List)).Status.ShouldBe(TargetStatus.Applied);
        await lab.ExpectAsync(["104.16.0.1"], [443], isBlocked: true);
        await lab.ReloadAsync();
        foreach (var place in new[] { FirewalldOperator.Zone, null, FirewalldOperator.Zone })
        {
            lab.Configure(place);

            (await lab.MendedAsync(List)).Plan!.Changes.Repairs.ShouldContain(defect => defect.Id == "ours-elsewhere");
        }

        (await lab.RemoveAsync()).Status.ShouldBe(TargetStatus.Applied);
        await lab.ReloadAsync();
        await lab.DemandSafeAsync();
        await lab.ExpectAsync(["104.16.0.1", "2400:cb00::1"], [80, 443], isBlocked: true);
    }

    [Fact]
    public async Task A_set_that_somebodys_rule_borrows_is_not_taken_out()
    {
        await using var lab = await FirewalldLab.StartAsync();
        (await lab.ApplyAsync(List)).Status.ShouldBe(TargetStatus.Applied);
        await lab.Subject.ChangeAsync(ForeignChange.AddUnreadable, Ct);

        var report = await lab.RemoveAsync();

        report.Status.ShouldBe(TargetStatus.Failed);
        report.Error!.Kind.ShouldBe(FailureKind.Conflict);
        report.Error.Aftermath.ShouldBe(Aftermath.Untouched);
        report.Error.Message.ShouldContain("service name=\"ssh\"");
        (await lab.LookAsync(List)).Status.ShouldBe(TargetStatus.InSync);
        await lab.ReloadAsync();
        (await lab.Firewalld.StateAsync(Ct)).ShouldBe("RUNNING");
    }
}
