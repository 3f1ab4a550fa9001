using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using Shouldly;

namespace AllowlistSync.Conformance.Faults.RangeFiles;

/// <summary>Check and reload fail, hang, or were failing before us.</summary>
public sealed class RangeFileCommandFaults
{
    private const string One = "104.16.0.0/13";
    private const string Two = "172.64.0.0/13";

    // Passes as long as the second list is not in the file.
    private const string NotTwo = "if grep -q 172.64 /etc/nginx/edge/*.conf; then echo 'no good: 172.64' >&2; exit 3; fi";

    [Fact]
    public async Task Check_and_reload_run_once_for_a_change_and_not_at_all_without_one()
    {
        await using var lab = await RangeFileLab.WithScriptsAsync("", "");

        var report = await lab.ReachAsync(One);
        report.Actions.ShouldBe(["/etc/nginx/edge/cloudflare.conf written: 1 prefix (1 IPv4, 0 IPv6) as nginx-realip", "checked by `/usr/local/bin/check`", "reloaded by `/usr/local/bin/reload`"]);
        (await lab.RanAsync()).ShouldBe(["check", "reload"]);
        (await lab.ReachAsync(One)).Status.ShouldBe(TargetStatus.InSync);
        (await lab.RanAsync()).ShouldBeEmpty();
        (await lab.RemoveAsync()).Status.ShouldBe(TargetStatus.Applied);
        (await lab.RanAsync()).ShouldBe(["check", "reload"]);
        await lab.DemandForeignAsync();
    }

    [Fact]
    public async Task A_check_that_fails_puts_the_old_file_back_and_nothing_is_reloaded()
    {
        await using var lab = await RangeFileLab.WithScriptsAsync(NotTwo, "");
        await lab.ReachAsync(One);
        var before = await lab.FileAsync();
        await lab.RanAsync();

        var error = (await lab.ApplyAsync(Two)).Error.ShouldNotBeNull();

        error.Kind.ShouldBe(FailureKind.Conflict);
        error.Aftermath.ShouldBe(Aftermath.RolledBack);
        error.Message.ShouldBe("`/usr/local/bin/check` ended with 3: no good: 172.64; the old /etc/nginx/edge/cloudflare.conf was put back and passes the check");
        (await lab.FileAsync()).ShouldBe(before);
        (await lab.RanAsync()).ShouldBe(["check", "check"]);
        (await lab.LookAsync(One)).Status.ShouldBe(TargetStatus.InSync);
        await lab.DemandForeignAsync();
    }

    [Fact]
    public async Task A_check_that_fails_for_the_first_file_leaves_none()
    {
        await using var lab = await RangeFileLab.WithScriptsAsync(NotTwo, "");

        var error = (await lab.ApplyAsync(Two)).Error.ShouldNotBeNull();

        error.Aftermath.ShouldBe(Aftermath.RolledBack);
        error.Message.ShouldContain("was taken away again, as there was none before");
        (await lab.FileAsync()).ShouldBeNull();
        (await lab.HasNoteAsync()).ShouldBeFalse();
        await lab.DemandForeignAsync();
    }

    [Fact]
    public async Task A_check_that_hangs_is_ended_and_the_old_file_put_back()
    {
        await using var lab = await RangeFileLab.WithScriptsAsync("if grep -q 172.64 /etc/nginx/edge/*.conf; then exec sleep 60; fi", "", "1s");
        await lab.ReachAsync(One);
        var before = await lab.FileAsync();

        var error = (await lab.ApplyAsync(Two)).Error.ShouldNotBeNull();

        error.Kind.ShouldBe(FailureKind.Transient);
        error.Aftermath.ShouldBe(Aftermath.RolledBack);
        error.Remedy.ShouldContain("timeout");
        (await lab.FileAsync()).ShouldBe(before);
        (await lab.HasNoteAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task A_configuration_that_was_broken_before_us_is_told_from_a_bad_list()
    {
        await using var lab = await RangeFileLab.StartAsync();
        await lab.ReachAsync(One);
        var before = await lab.FileAsync();
        await lab.ShellAsync("echo 'frobnicate on;' > /etc/nginx/edge/office.conf");
        await lab.RebaseAsync();

        var error = (await lab.ApplyAsync(Two)).Error.ShouldNotBeNull();

        error.Aftermath.ShouldBe(Aftermath.RolledBack);
        error.Message.ShouldContain("unknown directive \"frobnicate\" in /etc/nginx/edge/office.conf:1");
        error.Message.ShouldEndWith("the configuration was broken before this change, which made it no worse");
        (await lab.FileAsync()).ShouldBe(before);
        (await lab.HasNoteAsync()).ShouldBeFalse();
        await lab.DemandForeignAsync();
    }

    [Fact]
    public async Task A_reload_that_fails_puts_the_old_file_back_and_reloads_it()
    {
        await using var lab = await RangeFileLab.WithScriptsAsync("", NotTwo);
        await lab.ReachAsync(One);
        var before = await lab.FileAsync();
        await lab.RanAsync();

        var error = (await lab.ApplyAsync(Two)).Error.ShouldNotBeNull();

        error.Aftermath.ShouldBe(Aftermath.RolledBack);
        error.Message.ShouldBe("`/usr/local/bin/reload` ended with 3: no good: 172.64; the old /etc/nginx/edge/cloudflare.conf was put back and reloaded");
        (await lab.FileAsync()).ShouldBe(before);
        (await lab.RanAsync()).ShouldBe(["check", "reload", "reload"]);
        (await lab.LookAsync(One)).Status.ShouldBe(TargetStatus.InSync);
    }

    [Fact]
    public async Task A_reload_that_fails_with_the_old_file_too_is_not_called_undone_and_is_owed()
    {
        await using var lab = await RangeFileLab.WithScriptsAsync("", "test -e /run/works || { echo 'nobody is there'; exit 1; }");
        await lab.ShellAsync("touch /run/works");
        await lab.ReachAsync(One);
        await lab.ShellAsync("rm /run/works");
        await lab.RanAsync();

        var error = (await lab.ApplyAsync(Two)).Error.ShouldNotBeNull();

        error.Aftermath.ShouldBe(Aftermath.Unknown);
        error.Message.ShouldContain("could not be reloaded either: `/usr/local/bin/reload` ended with 1: nobody is there");
        (await lab.HasNoteAsync()).ShouldBeTrue();
        (await lab.LookAsync(One)).Plan!.Changes.Repairs.ShouldHaveSingleItem().Id.ShouldBe("not-reloaded");
        await lab.ShellAsync("touch /run/works");
        await lab.ReachAsync(One);
        (await lab.RanAsync()).ShouldBe(["check", "reload", "reload", "check", "reload"]);
    }

    [Fact]
    public async Task A_program_that_is_not_there_changes_nothing_for_good()
    {
        await using var lab = await RangeFileLab.WithScriptsAsync("", "");
        await lab.ReachAsync(One);
        await lab.ShellAsync("rm /usr/local/bin/reload");

        var error = (await lab.ApplyAsync(Two)).Error.ShouldNotBeNull();

        error.Kind.ShouldBe(FailureKind.Unavailable);
        error.Message.ShouldContain("/usr/local/bin/reload is not installed");
        (await lab.FileAsync())!.ShouldContain(One);
        await lab.ScriptAsync("reload", "");
        await lab.ReachAsync(Two);
    }

    [Fact]
    public async Task A_file_that_something_includes_comes_back_when_it_is_removed_and_the_line_is_named()
    {
        await using var lab = await RangeFileLab.StartAsync();
        await lab.ReachAsync(One);
        await lab.ShellAsync($"chmod 640 {RangeFileLab.Path}; sed -i 's|/edge/.*conf;|/edge/cloudflare.conf;|' /etc/nginx/nginx.conf");
        await lab.RebaseAsync();
        var before = await lab.FileAsync();

        var error = (await lab.RemoveAsync()).Error.ShouldNotBeNull();

        error.Aftermath.ShouldBe(Aftermath.RolledBack);
        error.Message.ShouldContain("No such file or directory");
        error.Remedy.ShouldBe($"take the line that includes {RangeFileLab.Path} out of the program's configuration first, then run this again");
        (await lab.FileAsync()).ShouldBe(before);
        (await lab.ShellAsync($"stat -c %a {RangeFileLab.Path}")).ShouldBe("640\n");
        await lab.DemandForeignAsync();

        await lab.ShellAsync("sed -i '/edge.cloudflare.conf/d' /etc/nginx/nginx.conf");
        (await lab.RemoveAsync()).Status.ShouldBe(TargetStatus.Applied);
        (await lab.FileAsync()).ShouldBeNull();
    }
}
