using System.Text;
using AllowlistSync.Core.Hosts;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Conformance.Ssh;

/// <summary>Programs, files and locks over a real sshd, as on this machine, and what a lost connection leaves.</summary>
public sealed class SshWorkFaults
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    [Fact]
    public async Task Programs_get_their_words_input_and_environment_and_end_as_on_this_machine()
    {
        await using var lab = await SshLab.StartAsync();
        var host = lab.Host("h1");
        var words = await host.RunAsync(new HostCommand("printf", ["%s|", "a b", "it's", "", "$HOME", "*", "\n;", "\"\\"]), SshLab.Ct);
        Encoding.UTF8.GetString(words.Output.Span).ShouldBe("a b|it's||$HOME|*|\n;|\"\\|");
        var echoed = await host.RunAsync(new HostCommand("cat", []) { Input = new byte[300_000], InputIsIndivisible = true }, SshLab.Ct);
        echoed.Output.Length.ShouldBe(300_000);
        var environment = await host.RunAsync(new HostCommand("env", []) { Environment = System.Collections.Immutable.ImmutableDictionary<string, string>.Empty.Add("A", "b c") }, SshLab.Ct);
        Encoding.UTF8.GetString(environment.Output.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)
            .ShouldBe(["A=b c", "LC_ALL=C", "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"]);
        var failed = await host.RunAsync(new HostCommand("sh", ["-c", "echo no >&2; exit 255"]), SshLab.Ct);
        (failed.ExitCode, failed.Error).ShouldBe((255, "no\n"));
        (await host.RunAsync(new HostCommand("sh", ["-c", "kill -9 $$"]), SshLab.Ct)).ExitCode.ShouldBe(137);
        (await Should.ThrowAsync<HostException>(async () => await host.RunAsync(new HostCommand("no-such-program", []), SshLab.Ct))).Failure.ShouldBe(HostFailure.NotFound);
    }

    [Fact]
    public async Task A_program_that_takes_too_long_is_stopped_on_the_other_side()
    {
        await using var lab = await SshLab.StartAsync();
        var slow = await Should.ThrowAsync<HostException>(async () => await lab.Host("h1").RunAsync(new HostCommand("sleep", ["1234"]) { Timeout = TimeSpan.FromSeconds(1) }, SshLab.Ct));
        slow.Failure.ShouldBe(HostFailure.TimedOut);
        (await lab.Server.ShellAsync("pgrep -x -f 'sleep 1234' || true", SshLab.Ct)).ShouldBe("");
    }

    [Fact]
    public async Task Files_are_read_listed_replaced_and_taken_away_as_on_this_machine()
    {
        await using var lab = await SshLab.StartAsync();
        var files = lab.Host("h1").Files;
        (await files.ReadAsync("/etc/als/none", SshLab.Ct)).ShouldBeNull();
        (await files.ListAsync("/etc/als", SshLab.Ct)).ShouldBeEmpty();
        await lab.Server.ShellAsync("mkdir /etc/als && cd /etc/als && echo old > 'it is' && chown 7:8 'it is' && chmod 640 'it is' && ln -s 'it is' link && touch .hidden", SshLab.Ct);
        await files.ReplaceAsync("/etc/als/link", "new\n"u8.ToArray(), UnixFileMode.UserRead, SshLab.Ct);
        await files.ReplaceAsync("/etc/als/fresh", new byte[200_000], Mode, SshLab.Ct);
        (await files.ListAsync("/etc/als", SshLab.Ct)).ShouldBe([".hidden", "fresh", "it is", "link"]);
        (await lab.Server.ShellAsync("cd /etc/als && stat -c '%n %u:%g %a %F %s' 'it is' fresh link", SshLab.Ct)).ShouldBe("it is 7:8 640 regular file 4\nfresh 0:0 640 regular file 200000\nlink 0:0 777 symbolic link 5\n");
        var read = (await files.ReadAsync("/etc/als/link", SshLab.Ct))!;
        (read.Text, read.Mode).ShouldBe(("new\n", Mode));
        await files.DeleteAsync("/etc/als/fresh", SshLab.Ct);
        await files.DeleteAsync("/etc/als/fresh", SshLab.Ct);
        (await Should.ThrowAsync<HostException>(async () => await files.ReplaceAsync("/etc/no/such", default, Mode, SshLab.Ct))).Failure.ShouldBe(HostFailure.FileFailed);
        (await Should.ThrowAsync<HostException>(async () => await files.ReadAsync("/etc/als", SshLab.Ct))).Failure.ShouldBe(HostFailure.Denied);
    }

    [Theory]
    [InlineData("python3")]
    [InlineData("perl")]
    public async Task A_lock_is_the_kind_that_lockf_takes_and_ends_with_its_holder(string language)
    {
        await using var lab = await SshLab.StartAsync();
        if (language == "perl")
        {
            await lab.Server.ShellAsync("rm -f /usr/bin/python3", SshLab.Ct);
        }

        var there = lab.Host("h1").Files;
        var here = SandboxHost.Of(lab.Sandbox).Files;
        await using (var held = await there.TryLockAsync("/run/als.lock", SshLab.Ct))
        {
            held.ShouldNotBeNull();
            (await here.TryLockAsync("/run/als.lock", SshLab.Ct)).ShouldBeNull();
            (await there.TryLockAsync("/run/als.lock", SshLab.Ct)).ShouldBeNull();
        }

        await using var ours = await here.TryLockAsync("/run/als.lock", SshLab.Ct);
        ours.ShouldNotBeNull();
        (await there.TryLockAsync("/run/als.lock", SshLab.Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task Half_an_input_is_never_obeyed_when_the_connection_breaks()
    {
        // A place of its own: other tests send inputs to hosts as well, and share /tmp with this one.
        await using var lab = await SshLab.StartAsync("SetEnv TMPDIR=/run/spool");
        await lab.Server.ShellAsync("mkdir /run/spool", SshLab.Ct);
        var host = lab.Host("h1");
        await host.OpenAsync(SshLab.Ct);
        var script = "add table inet half\n" + string.Concat(Enumerable.Repeat("# nothing, but much of it\n", 3_000_000));

        var running = host.RunAsync(new HostCommand("nft", ["-f", "-"]) { Input = Encoding.UTF8.GetBytes(script), InputIsIndivisible = true }, SshLab.Ct).AsTask();
        await lab.Server.ShellAsync("for i in $(seq 1000); do [ -n \"$(find /run/spool -name 'allowlist-sync.*' -size +20k 2>/dev/null)\" ] && exit 0; sleep 0.01; done; exit 1", SshLab.Ct);
        lab.Server.Cut();

        var lost = await Should.ThrowAsync<HostException>(() => running);
        lost.Failure.ShouldBe(HostFailure.TimedOut);
        lost.Message.ShouldContain("it may have been done");
        await lab.Server.ShellAsync("sleep 0.5; ! nft list table inet half 2>/dev/null", SshLab.Ct);
        (await lab.Server.ShellAsync("find /run/spool -name 'allowlist-sync.*'", SshLab.Ct)).ShouldBe("");
    }

    [Fact]
    public async Task After_a_lost_connection_the_next_thing_makes_another_but_not_without_its_lock()
    {
        await using var lab = await SshLab.StartAsync();
        var host = lab.Host("h1");
        await host.OpenAsync(SshLab.Ct);
        lab.Server.Cut();
        (await host.RunAsync(new HostCommand("true", []) { OnlyLooks = true }, SshLab.Ct)).ExitCode.ShouldBe(0);

        await using var held = await host.Files.TryLockAsync("/run/als.lock", SshLab.Ct);
        lab.Server.Cut();
        while (host.IsOpen)
        {
            await Task.Delay(10, SshLab.Ct);
        }

        var refused = await Should.ThrowAsync<HostException>(async () => await host.Files.ReplaceAsync("/etc/als", default, Mode, SshLab.Ct));
        refused.Message.ShouldContain("a lock that was held");
        (await lab.Sandbox.ExistsAsync("/etc/als", SshLab.Ct)).ShouldBeFalse();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_only_looks_is_run_again_when_the_connection_breaks_in_the_middle_and_nothing_else_is(bool onlyLooks)
    {
        await using var lab = await SshLab.StartAsync();
        var host = lab.Host("h1");
        await host.OpenAsync(SshLab.Ct);

        var running = host.RunAsync(new HostCommand("sh", ["-c", "echo begun >> /run/als.runs; sleep 1"]) { OnlyLooks = onlyLooks }, SshLab.Ct).AsTask();
        await lab.Server.ShellAsync("for i in $(seq 500); do [ -s /run/als.runs ] && exit 0; sleep 0.02; done; exit 1", SshLab.Ct);
        lab.Server.Cut();

        if (onlyLooks)
        {
            (await running).ExitCode.ShouldBe(0);
        }
        else
        {
            (await Should.ThrowAsync<HostException>(() => running)).Message.ShouldContain("it may have been done");
        }

        (await lab.Server.ShellAsync("wc -l < /run/als.runs", SshLab.Ct)).Trim().ShouldBe(onlyLooks ? "2" : "1");
    }

    [Fact]
    public async Task A_watched_program_that_ends_ends_the_watch()
    {
        await using var lab = await SshLab.StartAsync();
        await using var signs = lab.Host("h1").Watcher.WatchAsync(new ProgramWatch("sleep", "1"), SshLab.Ct).GetAsyncEnumerator(SshLab.Ct);
        (await signs.MoveNextAsync()).ShouldBeTrue();
        var ended = await Should.ThrowAsync<HostException>(async () => await signs.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), SshLab.Ct));
        (ended.Failure, ended.Message).ShouldBe((HostFailure.CannotStart, "`sleep 1` ended on ssh://root@h1: it said nothing"));
    }

    [Fact]
    public async Task A_watch_tells_what_happens_and_leaves_no_program_behind()
    {
        await using var lab = await SshLab.StartAsync();
        var host = lab.Host("h1");
        using (var stop = CancellationTokenSource.CreateLinkedTokenSource(SshLab.Ct))
        {
            await using var signs = host.Watcher.WatchAsync(ProgramWatch.NftMonitor, stop.Token).GetAsyncEnumerator(stop.Token);
            (await signs.MoveNextAsync()).ShouldBeTrue();
            await lab.Server.ShellAsync("for i in $(seq 100); do pgrep -f 'nft [m]onitor' >/dev/null && break; sleep 0.05; done", SshLab.Ct);

            // It is there a little before it listens.
            var sign = signs.MoveNextAsync().AsTask();
            for (var table = 0; !sign.IsCompleted; table++)
            {
                await lab.Server.ShellAsync($"nft add table inet seen{table}; sleep 0.3", SshLab.Ct);
            }

            (await sign).ShouldBeTrue();
            signs.Current.ShouldContain("add table inet seen");
            await stop.CancelAsync();
            await Should.ThrowAsync<OperationCanceledException>(async () =>
            {
                // What it had said before, such as who made the change, still comes.
                while (await signs.MoveNextAsync())
                {
                }
            });
        }

        await lab.Server.ShellAsync("for i in $(seq 100); do pgrep -f 'nft [m]onitor' >/dev/null || exit 0; sleep 0.05; done; exit 1", SshLab.Ct);
        await using var missing = host.Watcher.WatchAsync(new ProgramWatch("no-such-program", "monitor"), SshLab.Ct).GetAsyncEnumerator(SshLab.Ct);
        await missing.MoveNextAsync();
        (await Should.ThrowAsync<HostException>(async () => await missing.MoveNextAsync())).Failure.ShouldBe(HostFailure.NotFound);
    }
}
