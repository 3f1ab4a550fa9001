using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Csf;
using Shouldly;

namespace AllowlistSync.Providers.Host.Tests.Csf;

public sealed class CsfWriterTests
{
    private static readonly string[] InForce = ["104.16.0.0/13", "131.0.72.0/22", "2400:cb00::/32"];

    [Theory]
    [InlineData("", "Include /x\n")]
    [InlineData("a\n", "a\nInclude /x\n")]
    [InlineData("a\nb", "a\nInclude /x\nb")]
    [InlineData("a", "Include /x\na")]
    [InlineData("Include /x\na\nInclude /x\n", "a\nInclude /x\n")]
    public void A_list_includes_our_file_once_and_every_other_byte_stays(string before, string after)
    {
        CsfWriter.WithInclude(before, "/x").ShouldBe(after);
        CsfWriter.WithoutInclude(after, "/x").ShouldBe(CsfWriter.WithoutInclude(before, "/x"));
    }

    [Fact]
    public void A_first_apply_writes_ignore_before_allow_and_restarts_both()
    {
        var plan = Plan(CsfGolden.State(null, null), CsfGolden.Rules("104.16.0.0/13"));

        plan.First.Select(edit => edit.Path).ShouldBe([CsfGolden.Mark.IgnoreFile, CsfPlaces.Ignore, CsfGolden.Mark.AllowFile, CsfPlaces.Allow]);
        plan.First[0].After.ShouldBe("# allowlist-sync als-test/web\n# Made by allowlist-sync and written again by it: what is changed here by hand is lost.\n# lfd has not read this yet\n104.16.0.0/13\n");
        plan.First[2].After.ShouldEndWith("\ntcp|in|d=80,443|s=104.16.0.0/13 # als-test/web\n");
        plan.Restart.ShouldBe(CsfRestart.Firewall | CsfRestart.Lfd);
        plan.Last.ShouldHaveSingleItem().After.ShouldNotBeNull().ShouldNotContain("lfd has not read");
    }

    [Fact]
    public void What_is_in_order_is_left_alone_and_a_mere_edit_of_a_file_costs_no_restart_of_the_firewall()
    {
        var rules = CsfGolden.Rules(InForce);
        var right = CsfGolden.State(CsfWriter.AllowText(CsfGolden.Mark, rules), Ignore(rules), save: Ours);
        Plan(right, rules).IsEmpty.ShouldBeTrue();
        CsfObservation.Of(right, CsfGolden.Mark).Defects.ShouldBeEmpty();

        var edited = CsfGolden.State(CsfWriter.AllowText(CsfGolden.Mark, rules) + "# a note\n", Ignore(rules), save: Ours);
        CsfObservation.Of(edited, CsfGolden.Mark).Defects.ShouldHaveSingleItem().Message.ShouldContain("line 6: # a note");
        Plan(edited, rules).Restart.ShouldBe(CsfRestart.None);

        Plan(right with { Lfd = null }, CsfGolden.Rules("104.16.0.0/13")).Restart.ShouldBe(CsfRestart.Firewall);
        Plan(right with { IsDisabled = true, Lfd = null }, CsfGolden.Rules("104.16.0.0/13")).Restart.ShouldBe(CsfRestart.None);
    }

    [Fact]
    public void A_removal_empties_the_files_restarts_and_only_then_takes_them_away()
    {
        var rules = CsfGolden.Rules(InForce);

        var plan = Plan(CsfGolden.State(CsfWriter.AllowText(CsfGolden.Mark, rules), Ignore(rules)), []);

        plan.First.ShouldAllBe(edit => edit.After!.StartsWith("# allowlist-sync als-test/web\n", StringComparison.Ordinal) && !edit.After.Contains("104.16", StringComparison.Ordinal));
        plan.Restart.ShouldBe(CsfRestart.Firewall | CsfRestart.Lfd);
        plan.Last.Select(edit => edit.Path).ShouldBe([CsfPlaces.Allow, CsfGolden.Mark.AllowFile, CsfPlaces.Ignore, CsfGolden.Mark.IgnoreFile]);
        plan.Last[0].After.ShouldBe(CsfGolden.Operator);
        plan.Last[1].After.ShouldBeNull();
    }

    [Fact]
    public void Few_bans_are_lifted_by_csf_and_many_by_one_restart()
    {
        var rules = CsfGolden.Rules(InForce);
        var deny = string.Concat(Enumerable.Range(1, 9).Select(i => $"104.16.0.{i} # bot\n"));
        var state = CsfGolden.State(CsfWriter.AllowText(CsfGolden.Mark, rules), Ignore(rules), deny + "8.8.8.8\n", save: Ours);
        var bans = CsfBans.Of(state).Select(ban => ban.Ban).Where(ban => ban.Prefix != IpPrefix.Parse("8.8.8.8/32")).ToImmutableArray();

        var few = CsfWriter.Plan(CsfView.Of(state, CsfGolden.Mark), rules, bans[..8]);
        (few.First.Length, few.Restart, few.Lift.Length).ShouldBe((0, CsfRestart.None, 8));

        var many = CsfWriter.Plan(CsfView.Of(state, CsfGolden.Mark), rules, bans);
        many.First.ShouldHaveSingleItem().After.ShouldBe("8.8.8.8\n");
        (many.Restart, many.Lift.Length).ShouldBe((CsfRestart.Firewall, 0));
    }

    [Fact]
    public void Rules_of_our_shape_that_others_explain_are_not_ours_and_a_strangers_file_is_a_conflict()
    {
        var view = CsfView.Of(CsfGolden.State(CsfWriter.AllowText(CsfGolden.Mark, CsfGolden.Rules("104.16.0.0/13")), null), CsfGolden.Mark);
        view.InForce.Select(rule => rule.Source.ToString()).ShouldNotContain("198.51.100.0/24");
        view.NotWritten.ShouldBe(4, "two prefixes and a range that no file has, and IPv6");

        CsfView.Of(CsfGolden.State(null, null), CsfGolden.Mark).InForce.ShouldBeEmpty();
        Should.Throw<ProviderException>(() => CsfView.Of(CsfGolden.State("104.16.0.0/13\n", null), CsfGolden.Mark)).Kind.ShouldBe(FailureKind.Conflict);
    }

    [Fact]
    public void A_test_script_holds_what_a_start_would_and_knows_where_each_line_comes_from()
    {
        var state = CsfGolden.State(null, null, "9.9.9.9\n2620:fe::fe\n", configuration: "IPV6 = \"1\"\nFASTSTART = \"1\"\nTCP_IN = \"22, 80\"\n");

        var test = CsfTest.Of(state, CsfGolden.Mark, CsfGolden.Rules("104.16.0.0/13")).First();

        test.Script.ShouldBe(
            "*filter\n:ALLOWIN - [0:0]\n:ALLOWOUT - [0:0]\n:DENYIN - [0:0]\n:DENYOUT - [0:0]\n-A DENYIN ! -i lo -s 9.9.9.9 -j DROP\n-A DENYOUT ! -o lo -d 9.9.9.9 -j DROP\n"
            + "-A ALLOWIN ! -i lo -s 198.51.100.10 -j ACCEPT\n-A ALLOWOUT ! -o lo -d 198.51.100.10 -j ACCEPT\n-A ALLOWIN ! -i lo -p tcp -s 198.51.100.0/24 --dport 22 -j ACCEPT\n"
            + "-A ALLOWIN ! -i lo -p tcp -s 104.16.0.0/13 -m multiport --dport 80,443 -j ACCEPT\n-A INPUT -p tcp --dport 22 -j ACCEPT\n-A INPUT -p tcp --dport 80 -j ACCEPT\nCOMMIT\n");
        test.Origin(10).ShouldBe("/etc/csf/csf.allow line 3: tcp|in|d=22|s=198.51.100.0/24");
        test.Origin(12).ShouldBe("/etc/csf/csf.conf: TCP_IN = \"22, 80\"");
        CsfTest.Of(state with { Configuration = CsfReader.ReadConfiguration("IPV6 = \"0\"\n") }, CsfGolden.Mark, []).ShouldHaveSingleItem().Script.ShouldNotContain("-s", customMessage: "without FASTSTART a bad entry of others is left out by csf");
    }

    [Fact]
    public void A_snapshot_is_read_back_as_it_was_taken()
    {
        var rules = CsfGolden.Rules(InForce);
        var picture = CsfSnapshot.Of(CsfGolden.Target, CsfGolden.State(CsfWriter.AllowText(CsfGolden.Mark, rules), Ignore(rules)));

        CsfSnapshot.Read(picture, "web").ShouldBe(rules);
        CsfRule.Traffic(rules).ShouldBe(TrafficSet.Of(PrefixSet.Of(InForce.Select(IpPrefix.Parse)), CsfGolden.Target.Ports));
    }

    // The kernel with our two IPv4 prefixes and what the operator's list explains.
    private static string Ours => string.Join('\n', CsfGolden.Save.Split('\n').Where(line => !line.Contains("192.0.2.7", StringComparison.Ordinal) && !line.Contains("8000:8010", StringComparison.Ordinal)));

    private static CsfPlan Plan(CsfState state, ImmutableArray<CsfRule> rules) => CsfWriter.Plan(CsfView.Of(state, CsfGolden.Mark), rules, []);

    private static string Ignore(IEnumerable<CsfRule> rules) => CsfWriter.IgnoreText(CsfGolden.Mark, PrefixSet.Of(rules.Select(rule => rule.Source)), isUnread: false);
}
