using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Ufw;
using Shouldly;

namespace AllowlistSync.Providers.Host.Tests.Ufw;

public sealed class UfwObservationTests
{
    private const string OursInFile = "-A ufw-user-input -p tcp -m multiport --dports 80,443 -s 104.16.0.0/13 -j ACCEPT";
    private const string OursInKernel = "-A ufw-user-input -s 104.16.0.0/13 -p tcp -m multiport --dports 80,443 -j ACCEPT\n";

    [Fact]
    public void File_and_kernel_in_step_have_no_defect_and_what_is_allowed_is_ours_alone()
    {
        var observed = UfwGolden.Observe(UfwGolden.State());

        observed.Existence.ShouldBe(Existence.Present);
        observed.Defects.ShouldBeEmpty();
        observed.Allowed.Entries().Select(entry => $"{entry.Prefix} {entry.Ports}").ShouldBe(["104.16.0.0/13 80,443", "131.0.72.1/32 443"]);
        observed.AllowedByOthers.IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void What_a_killed_run_left_apart_is_told_and_the_kernel_says_what_is_allowed()
    {
        var notLoaded = UfwGolden.Observe(UfwGolden.State(save: UfwGolden.Save.Replace(OursInKernel, "", StringComparison.Ordinal)));
        notLoaded.Defects.ShouldHaveSingleItem().Id.ShouldBe("not-loaded");
        notLoaded.Allowed.Sources.ShouldBe(PrefixSet.Of(IpPrefix.Parse("131.0.72.1/32")));

        var notSaved = UfwGolden.Observe(UfwGolden.State(save: UfwGolden.Save.Replace(OursInKernel, OursInKernel + OursInKernel.Replace("104.16.0.0/13", "172.64.0.0/13", StringComparison.Ordinal), StringComparison.Ordinal)));
        notSaved.Defects.ShouldHaveSingleItem().Id.ShouldBe("not-saved");
        notSaved.Allowed.Sources.Covers(IpPrefix.Parse("172.64.0.0/13")).ShouldBeTrue();
    }

    [Fact]
    public void Without_our_mark_in_the_files_nothing_in_the_kernel_is_taken_for_ours()
    {
        var state = UfwGolden.State(UfwWriter.Edits(UfwGolden.State(), UfwGolden.Mark, [])[0].After);

        UfwGolden.Observe(state).Existence.ShouldBe(Existence.Absent);
        UfwGolden.Observe(state).Foreign.ShouldContain(finding => finding.Id == "rules-by-hand");
    }

    [Fact]
    public void An_edited_rule_is_told_and_lets_nobody_in()
    {
        var observed = UfwGolden.Observe(UfwGolden.State(
            UfwGolden.Rules.Replace(OursInFile, OursInFile.Replace("ACCEPT", "DROP", StringComparison.Ordinal), StringComparison.Ordinal),
            UfwGolden.Save.Replace(OursInKernel, OursInKernel.Replace("ACCEPT", "DROP", StringComparison.Ordinal), StringComparison.Ordinal)));

        observed.Defects.ShouldHaveSingleItem().Id.ShouldBe("rule-edited");
        observed.Foreign.ShouldBeEmpty();
        observed.Allowed.Sources.ShouldBe(PrefixSet.Of(IpPrefix.Parse("131.0.72.1/32")));
    }

    [Fact]
    public void A_block_ahead_of_ours_is_too_late_and_the_revision_tells_every_change()
    {
        var blocked = UfwGolden.Rules.Replace("### RULES ###\n", "### RULES ###\n\n### tuple ### deny tcp 443 0.0.0.0/0 any 0.0.0.0/0 in\n-A ufw-user-input -p tcp --dport 443 -j DROP\n", StringComparison.Ordinal);
        var observed = UfwGolden.Observe(UfwGolden.State(blocked, UfwGolden.Save.Replace("-A ufw-user-input -s 198", "-A ufw-user-input -p tcp -m tcp --dport 443 -j DROP\n-A ufw-user-input -s 198", StringComparison.Ordinal)));

        observed.Defects.ShouldHaveSingleItem().Id.ShouldBe("rule-too-late");
        new[]
        {
            observed.Revision,
            UfwGolden.Observe(UfwGolden.State()).Revision,
            UfwGolden.Observe(UfwGolden.State(blocked)).Revision,
            UfwGolden.Observe(UfwGolden.State(isEnabled: false)).Revision,
            UfwGolden.Observe(UfwGolden.State(save: "")).Revision,
            UfwGolden.Observe(UfwGolden.State(rules6: UfwGolden.Rules6 + "\n")).Revision,
        }.ShouldBeUnique();
    }
}
