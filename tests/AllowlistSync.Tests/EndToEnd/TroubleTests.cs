using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd;

public sealed class TroubleTests
{
    [Fact]
    public async Task Of_two_applies_at_once_one_waits_for_nobody_and_says_who_is_at_work()
    {
        await using var origin = await Origin.StartAsync();
        await origin.WriteAsync("/run/slow", "");
        await origin.WriteAsync("/usr/local/sbin/nft", "#!/bin/bash\nwhile [ -e /run/slow ]; do sleep 0.05; done\nexec /usr/sbin/nft \"$@\"\n");
        await origin.ShellAsync("chmod", "755", "/usr/local/sbin/nft");
        await using var first = await origin.Sandbox.StartProcessAsync([Origin.Program, "apply", "--yes"], TestContext.Current.CancellationToken);
        await Origin.UntilAsync(() => origin.Sandbox.ExistsAsync(Origin.StatePath + "/targets/web/holder", TestContext.Current.CancellationToken), "the first has the lock");

        var second = await origin.RunAsync("apply", "--yes");
        var rollback = await origin.RunAsync("rollback");
        await origin.ShellAsync("rm", "/run/slow");

        second.Ended(5).Saying("Target web: locked by another run", "nothing was changed by this one");
        second.Said.ShouldMatch("process [0-9]+ \\([0-9TZ-]+\\) since 20");
        rollback.Ended(5).Saying("process");
        Outcome.Of(await first.WaitForExitAsync(TestContext.Current.CancellationToken)).Ended(0);
    }

    [Fact]
    public async Task A_lock_of_another_program_is_respected_and_freed_with_its_end()
    {
        await using var origin = await Origin.StartAsync();
        (await origin.RunAsync("apply", "--yes")).Ended(0);
        await using (var other = await origin.Sandbox.StartProcessAsync(["flock", Origin.StatePath + "/targets/web/lock", "bash", "-c", "echo locked; sleep 600"], TestContext.Current.CancellationToken))
        {
            (await other.WaitForOutputAsync("locked", TestContext.Current.CancellationToken)).ShouldBeTrue();
            (await origin.RunAsync("apply", "--yes")).Ended(5).Saying("another process");
            (await origin.RunAsync("diff")).Ended(0);
        }

        await Origin.UntilAsync(async () => (await origin.RunAsync("apply", "--yes")).ExitCode == 0, "the lock is free");
    }

    [Fact]
    public async Task On_a_full_disk_nothing_is_changed()
    {
        await using var origin = await Origin.StartAsync();
        await origin.ShellAsync("mkdir", "-p", Origin.StatePath);
        await origin.ShellAsync("mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", Origin.StatePath);
        await origin.ShellAsync("bash", "-c", $"cat /dev/zero > {Origin.StatePath}/fill 2>/dev/null; true");
        var before = await origin.RulesetAsync();

        var full = await origin.RunAsync("apply", "--yes");

        full.Ended(2).Saying(Origin.StatePath, "cannot be written", "make room on the disk");
        full.Said.ShouldNotContain("internal error");
        (await origin.RulesetAsync()).ShouldBe(before);
        await origin.ShellAsync("rm", Origin.StatePath + "/fill");
        (await origin.RunAsync("apply", "--yes")).Ended(0);
    }

    [Fact]
    public async Task A_state_that_was_damaged_is_told_and_nothing_is_changed()
    {
        await using var origin = await Origin.StartAsync();
        (await origin.RunAsync("apply", "--yes")).Ended(0);
        var applied = await origin.RulesetAsync();
        await origin.WriteAsync(Origin.StatePath + "/sources/cloudflare.json", "{ \"half");

        var outcome = await origin.RunAsync("apply", "--yes");

        outcome.Ended(2).Saying("cloudflare.json is damaged");
        outcome.Said.ShouldNotContain("internal error");
        (await origin.RulesetAsync()).ShouldBe(applied);
    }

    [Fact]
    public async Task Without_nft_it_is_said_how_to_get_it()
    {
        await using var origin = await Origin.StartAsync();
        await origin.ShellAsync("bash", "-c", "rm -f $(type -ap nft)");

        foreach (var command in new[] { "diff", "apply" })
        {
            (await origin.RunAsync(command)).Ended(2).Saying("nft", "install it", "nothing was changed");
        }
    }

    [Fact]
    public async Task Without_rights_diff_says_so_and_still_lists_what_is_wanted()
    {
        await using var origin = await Origin.StartAsync();
        (await origin.RunAsync("apply", "--yes")).Ended(0);

        var diff = await origin.RunAsNobodyAsync("diff");

        diff.Ended(2).Saying("Operation not permitted", "run as root", "wanted (not compared):", "104.16.0.0/13", "2400:cb00::/32");
        diff.Said.ShouldNotContain("internal error");
        var apply = await origin.RunAsNobodyAsync("apply", "--yes");
        apply.Ended(2).Saying(Origin.StatePath).Said.ShouldNotContain("internal error");
        var status = await origin.RunAsNobodyAsync("status");
        status.Ended(2).Said.ShouldNotContain("internal error");
    }

    [Theory]
    [InlineData("settings: { table: inet other, chain: input }", "table inet other does not exist on this host; there is ip docker, inet filter")]
    [InlineData("settings: { table: inet filter, chain: inbound }", "chain inet filter inbound does not exist on this host; there is input")]
    [InlineData("settings: { sets: { ipv4: inet filter cf4 } }", "set inet filter cf4 does not exist on this host; there is bans")]
    public async Task What_is_missing_of_the_operators_is_named_together_with_what_is_there(string settings, string message)
    {
        await using var origin = await Origin.StartAsync(config: new ConfigText { Settings = settings });
        var before = await origin.RulesetAsync();

        (await origin.RunAsync("apply", "--yes")).Ended(2).Saying(message, "correct `settings` of this target");

        (await origin.RulesetAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_broken_target_does_not_stop_the_other()
    {
        const string Broken = """
              - name: broken
                provider: nftables
                allow: [cloudflare]
                settings: { table: inet nowhere, chain: input }
            """;
        await using var origin = await Origin.StartAsync(config: new ConfigText { Others = Broken });

        (await origin.RunAsync("apply", "--yes")).Ended(4).Saying("Target web: applied", "Target broken: failed", "table inet nowhere does not exist");

        (await origin.RunAsync("diff", "--target", "web")).Ended(0);
        (await origin.RunAsync("diff", "--target", "broken")).Ended(2);
        (await origin.RunAsync("diff", "--target", "webb")).Ended(64).Saying("there is no such target", "web, broken");
    }
}
