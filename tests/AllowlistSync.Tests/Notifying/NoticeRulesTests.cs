using AllowlistSync.Core.State;
using AllowlistSync.Daemon;
using AllowlistSync.Notifying;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.Notifying;

public sealed class NoticeRulesTests
{
    private NoticeMemory _memory = NoticeMemory.Empty;

    [Theory]
    [InlineData("refused", "Problem refused")]
    [InlineData("failed", "Problem failed")]
    [InlineData("differs", "Problem drift")]
    [InlineData("inSync", "")]
    [InlineData("applied", "")]
    [InlineData("locked", "")]
    public void A_first_run_tells_what_is_wrong_and_nothing_else(string status, string told) => Run(Samples.Run(status)).ShouldBe(told);

    [Fact]
    public void A_problem_that_stays_is_told_once_and_its_end_is_told_once()
    {
        Run(Samples.Run("failed")).ShouldBe("Problem failed");
        Run(Samples.Run("failed")).ShouldBe("");
        Run(Samples.Run("locked")).ShouldBe("");
        Run(Samples.Run("inSync")).ShouldBe("Resolved failed");
        Run(Samples.Run("inSync")).ShouldBe("");
    }

    [Fact]
    public void A_run_that_failed_says_nothing_of_what_a_refusal_and_a_difference_were_about()
    {
        Run(Samples.Run("refused")).ShouldBe("Problem refused");
        Run(Samples.Run("failed")).ShouldBe("Problem failed");
        Run(Samples.Run("refused")).ShouldBe("Resolved failed");
        Run(Samples.Run("applied")).ShouldBe("Resolved refused");
    }

    [Fact]
    public void Each_target_has_its_own_standing()
    {
        Run(Samples.Run("failed", "web")).ShouldBe("Problem failed");
        Run(Samples.Run("failed", "db")).ShouldBe("Problem failed");
        Run(Samples.Run("inSync", "web")).ShouldBe("Resolved failed");
        _memory.Problems.ShouldHaveSingleItem().Name.ShouldBe("db");
    }

    [Fact]
    public void Blocked_traffic_that_makes_a_run_fail_is_one_message_and_names_the_rule()
    {
        var notice = NoticeRules.OfRun(_memory, Samples.Blocked("failed")).Notices.ShouldHaveSingleItem();
        notice.Key.Event.ShouldBe("blocked");
        notice.Summary.ShouldContain("522");
        notice.Detail.ShouldBe("104.16.0.0/13 on 443: ip saddr 104.16.0.0/13 drop in inet filter input");
        Run(Samples.Blocked("failed"));

        Run(Samples.Run("inSync")).ShouldBe("", "nothing was proved");
        Run(Samples.Run("inSync") with { ReachCounts = new ReachCounts(22, 0, 0) }).ShouldBe("Resolved blocked");
    }

    [Fact]
    public void A_change_that_failed_is_told_although_traffic_is_blocked_because_of_it() =>
        Run(Samples.Blocked("failed") with { Error = Samples.Run("failed").Error }).ShouldBe("Problem failed, Problem blocked");

    [Fact]
    public void A_repair_is_an_event_and_many_repairs_are_one_message_an_hour()
    {
        var repair = Samples.Run("applied") with { IsRepair = true, AddedCount = 2, Added = ["104.16.0.0/13 443", "2400:cb00::/32 443"] };
        NoticeRules.OfRun(_memory, repair).Notices.ShouldHaveSingleItem().Detail.ShouldBe("+ 104.16.0.0/13 443\n+ 2400:cb00::/32 443");
        Run(repair).ShouldBe("Event drift");
        Run(repair with { At = Samples.At.AddMinutes(15) }).ShouldBe("");
        Run(repair with { At = Samples.At.AddMinutes(30) }).ShouldBe("");
        NoticeRules.OfRun(_memory, repair with { At = Samples.At.AddMinutes(61) }).Notices.ShouldHaveSingleItem().Summary.ShouldContain("2 more repairs");
    }

    [Fact]
    public void A_list_that_is_refused_stale_or_changed_is_told()
    {
        Ask(Samples.Source(refused: true)).ShouldBe("Problem refused");
        Ask(Samples.Source(refused: true, days: 8)).ShouldBe("Problem stale");
        Ask(Samples.Source(answered: false, days: 8)).ShouldBe("");
        Ask(Samples.Source(), new ListRecord { Source = "cloudflare", At = Samples.At, Added = ["192.0.2.0/24"], Removed = ["198.51.100.0/24"], IPv4 = 15, IPv6 = 7 })
            .ShouldBe("Resolved refused, Resolved stale, Event changed");
    }

    [Fact]
    public void The_first_list_is_no_news() =>
        Ask(Samples.Source(), new ListRecord { Source = "cloudflare", IsFirst = true, At = Samples.At, Added = ["192.0.2.0/24"], IPv4 = 15, IPv6 = 7 }).ShouldBe("");

    [Fact]
    public void A_source_that_is_silent_once_or_twice_is_no_news()
    {
        Ask(Samples.Source(answered: false)).ShouldBe("");
        Ask(Samples.Source()).ShouldBe("");
        Ask(Samples.Source(answered: false)).ShouldBe("");
        Ask(Samples.Source(answered: false)).ShouldBe("");
        Ask(Samples.Source(answered: false)).ShouldBe("Problem failed");
        Ask(Samples.Source(answered: false)).ShouldBe("");
        Ask(Samples.Source()).ShouldBe("Resolved failed");
    }

    private string Run(RunRecord run) => Remember(NoticeRules.OfRun(_memory, run), NoticeKey.Target, run.Target);

    private string Ask(SourceStanding source, ListRecord? changed = null) => Remember(NoticeRules.OfSource(_memory, source, changed, Samples.At, "web-1"), NoticeKey.Source, source.Name);

    private string Remember(Judgement judgement, string kind, string name)
    {
        foreach (var notice in judgement.Notices.Where(notice => notice.State != NoticeState.Event))
        {
            var others = _memory.Problems.Where(problem => problem.Event != notice.Key.Event || problem.Name != notice.Key.Name);
            _memory = _memory with { Problems = notice.State == NoticeState.Problem ? [.. others, new ToldProblem(notice.Key.Event, kind, name, notice.At, notice.Summary)] : [.. others] };
        }

        _memory = _memory with { Untold = [.. _memory.Untold.Where(count => count.Name != name || count.Kind != kind), .. judgement.Untold] };
        return string.Join(", ", judgement.Notices.Select(notice => $"{notice.State} {notice.Key.Event}"));
    }
}
