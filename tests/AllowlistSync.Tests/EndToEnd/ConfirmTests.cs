using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd;

public sealed class ConfirmTests
{
    [Fact]
    public async Task A_change_that_nobody_confirms_is_undone_by_itself()
    {
        await using var origin = await Origin.StartAsync();
        var before = await origin.RulesetAsync();

        (await origin.RunAsync("apply", "--yes", "--confirm-within", await Probation.ShortAsync(origin))).Ended(0).Saying("run `allowlist-sync confirm` before");

        (await origin.RulesetAsync()).ShouldNotBe(before);
        await Origin.UntilAsync(async () => await origin.RulesetAsync() == before, "the change is undone");
        await Origin.UntilAsync(async () => await Guards.CountAsync(origin) == 0, "the guard ends");
        (await origin.RunAsync("status")).Ended(0).Saying("undone: not confirmed in time");
        (await origin.RunAsync("confirm")).Ended(3).Saying("web: too late");
    }

    [Fact]
    public async Task A_change_that_was_confirmed_in_time_stays()
    {
        await using var origin = await Origin.StartAsync();
        (await origin.RunAsync("apply", "--yes", "--confirm-within", Probation.Long)).Ended(0);
        var applied = await origin.RulesetAsync();
        (await origin.RunAsync("status")).Ended(0).Saying("waits to be confirmed until");

        (await origin.RunAsync("confirm")).Ended(0).Saying("web: confirmed: the last apply stays");

        await Origin.UntilAsync(async () => await Guards.CountAsync(origin) == 0, "the guard ends when it sees the confirmation, long before the deadline");
        (await origin.RulesetAsync()).ShouldBe(applied);
        (await origin.RunAsync("diff")).Ended(0);
    }

    [Fact]
    public async Task When_the_guard_was_killed_the_next_command_undoes_the_change()
    {
        await using var origin = await Origin.StartAsync();
        var before = await origin.RulesetAsync();
        (await origin.RunAsync("apply", "--yes", "--confirm-within", await Probation.ShortAsync(origin))).Ended(0);
        (await Guards.CountAsync(origin)).ShouldBe(1);
        await Guards.KillAsync(origin);

        Outcome? undoing = null;
        await Origin.UntilAsync(
            async () => (undoing = await origin.RunAsync("status")).Ended(0).StdErr.Length > 0,
            "status finds the deadline over");

        undoing!.Saying("web: the apply of", "was not confirmed by", "and was undone");
        (await origin.RulesetAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task While_a_change_waits_to_be_confirmed_no_other_is_made()
    {
        await using var origin = await Origin.StartAsync();
        var before = await origin.RulesetAsync();
        (await origin.RunAsync("apply", "--yes", "--confirm-within", Probation.Long)).Ended(0);
        await origin.NftAsync($"delete element inet filter {Origin.Mark}/web/v4 {{ 103.21.244.0/22 }}");
        var drifted = await origin.RulesetAsync();

        (await origin.RunAsync("apply", "--yes")).Ended(3).Saying("confirm-pending", "`allowlist-sync confirm`", "`allowlist-sync rollback`");
        (await origin.RulesetAsync()).ShouldBe(drifted);

        (await origin.RunAsync("rollback")).Ended(0).Saying("web: undone");
        (await origin.RulesetAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task An_apply_does_not_keep_its_caller_until_the_deadline()
    {
        await using var origin = await Origin.StartAsync();
        var begun = TimeProvider.System.GetTimestamp();

        // cat ends when everybody has let go of the pipes, the guard among them.
        await origin.ShellAsync("timeout", "120", "bash", "-c", $"{Origin.Program} apply --yes --confirm-within {Probation.Long} 2>&1 | cat");

        TimeProvider.System.GetElapsedTime(begun).ShouldBeLessThan(TimeSpan.FromSeconds(100));
        (await Guards.CountAsync(origin)).ShouldBe(1);
        (await origin.RunAsync("rollback")).Ended(0);
    }

    [Fact]
    public async Task The_guard_outlives_the_session_that_started_it()
    {
        await using var origin = await Origin.StartAsync();
        var before = await origin.RulesetAsync();
        var window = await Probation.ShortAsync(origin);

        // The end of a session: its leader goes, and everything in its process group is sent a HUP.
        await origin.ShellAsync("setsid", "--wait", "bash", "-c", $"trap '' HUP; {Origin.Program} apply --yes --confirm-within {window}; kill -HUP 0");

        (await Guards.CountAsync(origin)).ShouldBe(1);
        (await origin.RulesetAsync()).ShouldNotBe(before);
        await Origin.UntilAsync(async () => await origin.RulesetAsync() == before, "the change is undone");
    }

    [Fact]
    public async Task A_rollback_puts_back_what_was_there_and_a_second_one_has_nothing_to_do()
    {
        await using var origin = await Origin.StartAsync(config: new ConfigText { Guard = "removalGrace: 0s" });
        (await origin.RunAsync("rollback")).Ended(0).Saying("web: nothing to undo");
        (await origin.RunAsync("apply", "--yes")).Ended(0);
        var first = await origin.RulesetAsync();
        origin.Cloudflare.Publication = TestKit.Publication.Real.Without("190.93.240.0/20").Plus("45.64.64.0/22");
        (await origin.RunAsync("apply", "--yes")).Ended(0);
        (await origin.RulesetAsync()).ShouldNotBe(first);

        (await origin.RunAsync("rollback")).Ended(0).Saying("web: undone: as it was before the last apply");
        (await origin.RulesetAsync()).ShouldBe(first);
        (await origin.RunAsync("rollback")).Ended(0).Saying("web: nothing to undo");
        (await origin.RulesetAsync()).ShouldBe(first);
    }

    [Fact]
    public async Task Without_setsid_nothing_is_changed_on_probation()
    {
        await using var origin = await Origin.StartAsync();
        var before = await origin.RulesetAsync();
        await origin.ShellAsync("bash", "-c", "rm -f $(type -ap setsid)");

        (await origin.RunAsync("apply", "--yes", "--confirm-within", Probation.Long)).Ended(2).Saying("util-linux", "nothing was changed");

        (await origin.RulesetAsync()).ShouldBe(before);
        (await origin.RunAsync("apply", "--yes")).Ended(0);
    }
}
