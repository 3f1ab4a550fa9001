using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd;

/// <summary>The way back from a change when the machine has troubles of its own.</summary>
public sealed class UndoTroubleTests
{
    private const string Fill = $"cat /dev/zero > {Origin.StatePath}/fill 2>/dev/null; true";
    private const string Empty = $"rm {Origin.StatePath}/fill";
    private const string ReadOnly = $"mount -o remount,ro {Origin.StatePath}";
    private const string Writable = $"mount -o remount,rw {Origin.StatePath}";

    // Reads as ever, and refuses every script.
    private const string RefusingNft = "#!/bin/bash\nfor a in \"$@\"; do [ \"$a\" = -f ] && { echo 'Error: Could not process rule: Cannot allocate memory' >&2; exit 1; }; done\nexec /usr/sbin/nft \"$@\"\n";

    [Theory]
    [InlineData(Fill, Empty)]
    [InlineData(ReadOnly, Writable)]
    public async Task A_change_is_undone_in_time_although_nothing_can_be_written(string trouble, string repair)
    {
        await using var origin = await OnSmallDiskAsync();
        var before = await origin.RulesetAsync();
        (await origin.RunAsync("apply", "--yes", "--confirm-within", await Probation.ShortAsync(origin))).Ended(0);
        (await origin.RulesetAsync()).ShouldNotBe(before);
        await origin.ShellAsync("bash", "-c", trouble);

        await Origin.UntilAsync(async () => await origin.RulesetAsync() == before, "the change is undone");

        await Origin.UntilAsync(async () => (await origin.RunAsync("status")).Ended(2).Said.Contains("undone, and not written down since", StringComparison.Ordinal), "the guard has come so far");
        (await origin.RunAsync("status")).Ended(2).Saying("cannot be written", "make room on the disk").Said.ShouldNotContain("allowlist-sync confirm");
        (await origin.RunAsync("diff", "--output", "json")).Ended(2).Json["targets"]![0]!["findings"]!.ToJsonString().ShouldContain("undo-books-open");
        (await Guards.CountAsync(origin)).ShouldBe(1);
        await origin.ShellAsync("bash", "-c", repair);
        await Origin.UntilAsync(async () => await Guards.CountAsync(origin) == 0, "the guard has written it down and ends");
        (await origin.RunAsync("status")).Ended(0).Saying("undone: not confirmed in time");
        (await origin.RulesetAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData(Fill, Empty)]
    [InlineData(ReadOnly, Writable)]
    public async Task A_rollback_works_although_nothing_can_be_written_and_says_what_is_left(string trouble, string repair)
    {
        await using var origin = await OnSmallDiskAsync();
        var before = await origin.RulesetAsync();
        (await origin.RunAsync("apply", "--yes", "--confirm-within", Probation.Long)).Ended(0);
        await origin.ShellAsync("bash", "-c", trouble);
        (await origin.RunAsync("confirm")).Ended(2).Saying("receipt.json cannot be written");
        (await origin.RunAsync("status")).Ended(0).Saying("waits to be confirmed until");

        (await origin.RunAsync("rollback")).Ended(2).Saying("web: the change is undone: the firewall is as it was before", "receipt.json cannot be written", "then run `allowlist-sync rollback`");

        (await origin.RulesetAsync()).ShouldBe(before);
        (await origin.RunAsync("apply", "--yes")).Ended(2).Saying("cannot be written").Said.ShouldNotContain("locked by");
        await origin.ShellAsync("bash", "-c", repair);
        (await origin.RunAsync("rollback")).Ended(0).Saying("web: undone");
        (await origin.RunAsync("rollback")).Ended(0).Saying("nothing to undo");
        (await origin.RulesetAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task An_undo_that_fails_is_a_problem_of_every_command_until_it_is_made()
    {
        await using var origin = await Origin.StartAsync();
        var before = await origin.RulesetAsync();
        (await origin.RunAsync("apply", "--yes", "--confirm-within", await Probation.ShortAsync(origin))).Ended(0);
        await Guards.KillAsync(origin);
        await origin.WriteAsync("/usr/local/sbin/nft", RefusingNft);
        await origin.ShellAsync("chmod", "755", "/usr/local/sbin/nft");
        await Origin.UntilAsync(async () => (await origin.RunAsync("status")).ExitCode == 2, "the deadline is over");

        var status = (await origin.RunAsync("status")).Ended(2).Saying("undo overdue since", "Cannot allocate memory");
        status.Said.ShouldNotContain("allowlist-sync confirm");
        (await origin.RunAsync("status", "--output", "json")).Ended(2).Target["findings"]![0]!["id"]!.GetValue<string>().ShouldBe("undo-overdue");
        (await origin.RunAsync("diff")).Ended(2).Saying("Target web: failed", "problem: undo-overdue:", "is not undone yet").StdOut.ShouldNotContain("in sync");
        (await origin.RunAsync("apply", "--yes")).Ended(2).Saying("undo-overdue");
        var json = (await origin.RunAsync("diff", "--output", "json")).Ended(2);
        json.Json["exitCode"]!.GetValue<int>().ShouldBe(2);
        json.Target["findings"]![0]!["severity"]!.GetValue<string>().ShouldBe("problem");
        (await origin.RunAsync("confirm")).Ended(3).Saying("too late");

        await origin.ShellAsync("rm", "/usr/local/sbin/nft");
        (await origin.RunAsync("status")).Ended(0).Saying("and was undone");
        (await origin.RulesetAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Secrets_in_variables_of_the_apply_are_not_needed_by_what_undoes_it()
    {
        await using var origin = await Origin.StartAsync(config: new ConfigText { Others = "notify:\n  - { type: webhook, url: { env: HOOK_URL } }" });
        var before = await origin.RulesetAsync();
        (await origin.RunAsync("apply", "--yes")).Ended(78).Saying("environment variable of this secret is not set");

        string[] withSecret = ["env", "HOOK_URL=https://hooks.example.com/token"];
        (await origin.RunByAsync(withSecret, "apply", "--yes", "--confirm-within", await Probation.ShortAsync(origin, withSecret))).Ended(0);

        (await origin.RulesetAsync()).ShouldNotBe(before);
        await Origin.UntilAsync(async () => await origin.RulesetAsync() == before, "the change is undone");
        await Origin.UntilAsync(async () => await Guards.CountAsync(origin) == 0, "the guard ends");
    }

    [Fact]
    public async Task A_receipt_that_is_damaged_is_told_by_a_look_as_well()
    {
        await using var origin = await Origin.StartAsync();
        (await origin.RunAsync("apply", "--yes")).Ended(0);
        await origin.WriteAsync(Origin.StatePath + "/targets/web/receipt.json", "{ \"half");

        (await origin.RunAsync("diff")).Ended(2).Saying("whether an undo is due cannot be known", "receipt.json is damaged", "state-unreadable");
    }

    private static async Task<Origin> OnSmallDiskAsync()
    {
        var origin = await Origin.StartAsync();
        await origin.ShellAsync("mkdir", "-p", Origin.StatePath);
        await origin.ShellAsync("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", Origin.StatePath);
        return origin;
    }
}
