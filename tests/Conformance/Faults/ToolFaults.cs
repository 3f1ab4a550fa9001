using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Conformance.Faults;

/// <summary>nft itself fails, dies, is slow, or is given a lot.</summary>
public sealed class ToolFaults
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_missing_nft_is_named_with_the_package_to_install()
    {
        await using var lab = await FaultLab.StartAsync(FaultLab.Chain, FaultLab.RuleWay);
        (await lab.Sandbox.RunAsync(["mv", "/usr/sbin/nft", "/usr/sbin/nft.away"], ct: Ct)).EnsureSuccess();

        var report = await lab.ApplyAsync("104.16.0.0/13");

        report.Error.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Unavailable);
        report.Error.Remedy.ShouldContain("apt install nftables");
    }

    [Fact]
    public async Task A_transaction_that_the_kernel_refuses_changes_nothing_of_it()
    {
        await using var lab = await FaultLab.StartAsync(FaultLab.Chain, FaultLab.RuleWay);
        (await lab.ApplyAsync("104.16.0.0/13")).Status.ShouldBe(TargetStatus.Applied);
        lab.Tap.Before = async (_, command) =>
        {
            if (command.Arguments is ["-f", ..])
            {
                // What we want to delete is gone at the last moment.
                await lab.NftAsync("delete element inet filter als-test/web/v4 { 104.16.0.0/13 }");
            }

            return null;
        };

        var report = await lab.ApplyAsync("172.64.0.0/13", "2400:cb00::/32");
        lab.Tap.Reset();

        report.Error.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Conflict);
        report.Error.Message.ShouldContain("element does not exist");
        report.Error.Remedy.ShouldContain("run again");
        (await lab.SourcesAsync()).IsEmpty.ShouldBeTrue("neither half of the transaction was made");
        (await lab.ApplyAsync("172.64.0.0/13", "2400:cb00::/32")).Error.ShouldBeNull();
    }

    [Fact]
    public async Task An_apply_that_changed_nothing_leaves_the_way_back_of_the_one_before()
    {
        await using var lab = await FaultLab.StartAsync(FaultLab.Chain, FaultLab.RuleWay);
        var books = lab.Program.State.Target("web");
        lab.Tap.Before = RefuseWrites;
        (await lab.Program.RunAsync(lab.Provider, lab.Target, Lists.Small, CrashHost.Installation.Apply(TimeSpan.FromHours(1)), Ct)).Error!.Aftermath.ShouldBe(Aftermath.Untouched);
        lab.Tap.Reset();
        (await books.LoadReceiptAsync(Ct))!.AwaitsConfirmation.ShouldBeFalse("nothing was made, so nothing is to be confirmed");
        (await lab.ApplyAsync("104.16.0.0/13")).Status.ShouldBe(TargetStatus.Applied);
        (await lab.ApplyAsync("104.16.0.0/13", "131.0.72.0/22")).Status.ShouldBe(TargetStatus.Applied);
        var made = await books.LoadReceiptAsync(Ct);

        lab.Tap.Before = RefuseWrites;
        (await lab.ApplyAsync("172.64.0.0/13")).Error!.Aftermath.ShouldBe(Aftermath.Untouched);
        lab.Tap.Reset();

        (await books.LoadReceiptAsync(Ct))!.Fingerprint.ShouldBe(made!.Fingerprint);
        (await books.ReadJournalAsync(1, Ct)).ShouldHaveSingleItem().Step.ShouldBe("failed");
        await new Core.Applying.Undo(TimeProvider.System).RollBackAsync(lab.Provider, lab.Target, books, "test", Ct);
        (await lab.SourcesAsync()).ShouldBe(PrefixSet.Of(Lists.Of("104.16.0.0/13")));
    }

    [Fact]
    public async Task A_killed_nft_is_told_as_such_and_the_next_run_ends_in_sync()
    {
        // A stand-in in the sandbox's own /usr: it does the work of nft and dies of SIGKILL before it can say so.
        await using var lab = await FaultLab.StartAsync(FaultLab.Chain, FaultLab.RuleWay);
        (await lab.Sandbox.RunAsync(["mv", "/usr/sbin/nft", "/usr/sbin/nft.true"], ct: Ct)).EnsureSuccess();
        const string Script = "#!/bin/sh\n/usr/sbin/nft.true \"$@\" || exit\nif [ \"$1\" = -f ]; then kill -9 $$; fi\n";
        await lab.Sandbox.WriteFileAsync("/usr/sbin/nft", Script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, Ct);

        var report = await lab.ApplyAsync("104.16.0.0/13");

        report.Error.ShouldNotBeNull().Message.ShouldContain("signal 9");
        report.Error.Kind.ShouldBe(FailureKind.Transient);
        report.Error.Aftermath.ShouldBe(Aftermath.Unknown);
        (await lab.ApplyAsync("104.16.0.0/13")).Status.ShouldBe(TargetStatus.InSync);
    }

    [Fact]
    public async Task An_nft_that_hangs_is_stopped()
    {
        await using var lab = await FaultLab.StartAsync(FaultLab.Chain, FaultLab.RuleWay);
        var host = SandboxHost.Of(lab.Sandbox);
        var start = System.Diagnostics.Stopwatch.GetTimestamp();

        var slow = await Should.ThrowAsync<HostException>(async () =>
            await host.RunAsync(new HostCommand("sleep", ["60"]) { Timeout = TimeSpan.FromMilliseconds(200) }, Ct));

        slow.Failure.ShouldBe(HostFailure.TimedOut);
        System.Diagnostics.Stopwatch.GetElapsedTime(start).ShouldBeLessThan(TimeSpan.FromSeconds(10));

        // It has been sent the signal and ends a moment later; a zombie that nobody has collected yet does not count.
        (await lab.Sandbox.RunAsync(["sh", "-c", "for i in $(seq 200); do pgrep -r R,S,D -f '^sleep 60' >/dev/null || exit 0; sleep 0.05; done; exit 1"], ct: Ct)).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task Ten_thousand_prefixes_go_through_a_file_of_which_nothing_stays()
    {
        await using var lab = await FaultLab.StartAsync(FaultLab.Chain, FaultLab.RuleWay);
        var before = Spooled();
        string? argument = null;
        lab.Tap.Before = (_, command) =>
        {
            argument = command.Input.Length > 0 ? $"{command.Input.Length} {command.InputIsIndivisible}" : argument;
            return Task.FromResult<CommandResult?>(null);
        };
        var list = Lists.Many(10_000);

        var report = await lab.Program.RunAsync(lab.Provider, lab.Target, list, CrashHost.Installation.Apply(), Ct);

        report.Status.ShouldBe(TargetStatus.Applied);
        argument.ShouldNotBeNull().ShouldEndWith("True");
        int.Parse(argument.Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture).ShouldBeGreaterThan(64 * 1024);
        (await lab.SourcesAsync()).ShouldBe(PrefixSet.Of(list));
        await GoneAsync([.. Spooled().Except(before, StringComparer.Ordinal)]);
    }

    private static string[] Spooled() => Directory.GetDirectories(Path.GetTempPath(), "allowlist-sync-*");

    // What came meanwhile may be of a test beside this one, which has it for a moment; ours would stay.
    private static async Task GoneAsync(string[] fresh)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (fresh.Intersect(Spooled(), StringComparer.Ordinal).Any())
        {
            TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromMinutes(2), string.Join(' ', fresh));
            await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Ct);
        }
    }

    [Theory]
    [InlineData("mkdir /run/spool; mount -t tmpfs -o size=32k none /run/spool", "No space left")]
    [InlineData("mkdir /run/spool; mount -t tmpfs none /run/spool; mount -o remount,ro /run/spool", "Read-only file system")]
    [InlineData("true", "")]
    public async Task A_place_for_the_file_that_is_full_or_cannot_be_written_is_named_and_nothing_is_done(string prepare, string why)
    {
        await using var lab = await FaultLab.StartAsync(FaultLab.Chain, FaultLab.RuleWay);
        (await lab.Sandbox.RunAsync(["sh", "-c", prepare], ct: Ct)).EnsureSuccess();
        var before = await lab.DumpAsync();

        var ended = await lab.Sandbox.RunAsync(
            [
                "env", "DOTNET_EnableDiagnostics=0", "TMPDIR=/run/spool", Path.Combine(AppContext.BaseDirectory, "CrashHost"), "apply", "nftables", lab.Program.State.Place, "none", "0",
                string.Join(',', Lists.Many(8_000)), "table=inet filter", "chain=input",
            ],
            ct: Ct);

        ended.ExitCode.ShouldBe(2, ended.StdOut + ended.StdErr);
        ended.StdOut.ShouldStartWith("Failed the input of `nft -f -`");
        ended.StdOut.ShouldContain("below /run/spool");
        ended.StdOut.ShouldContain(why);
        ended.StdOut.ShouldContain("the program was not started");
        (await lab.DumpAsync()).ShouldBe(before);
        (await lab.ApplyAsync("104.16.0.0/13")).Status.ShouldBe(TargetStatus.Applied);
    }

    // A drop that is put ahead of us between our writing and our reading back is told as a conflict; the last run repairs it.
    [Theory]
    [InlineData("add", true)]
    [InlineData("insert", false)]
    public async Task An_operator_who_edits_all_the_time_loses_nothing_and_does_not_stop_us(string where, bool goesThrough)
    {
        await using var lab = await FaultLab.StartAsync(FaultLab.Chain, FaultLab.RuleWay);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var edits = EditAsync(lab, where, stop);
        var applied = 0;
        for (var i = 0; i < 20; i++)
        {
            var report = await lab.ApplyAsync("104.16.0.0/13", $"172.{i}.0.0/16");
            (report.Error is null || report.Error.Kind == FailureKind.Conflict).ShouldBeTrue($"{report.Error}");
            applied += report.Status == TargetStatus.Applied ? 1 : 0;
        }

        await stop.CancelAsync();
        var made = await edits;
        (applied > 0 || !goesThrough).ShouldBeTrue();
        made.ShouldBeGreaterThan(5);
        TestContext.Current.TestOutputHelper?.WriteLine($"{applied} of 20 applies went through beside {made} edits");
        var dump = await lab.DumpAsync();
        Enumerable.Range(0, made).ShouldAllBe(number => dump.Contains($"\"edit {number}\"", StringComparison.Ordinal));
        (await lab.ApplyAsync("104.16.0.0/13")).Error.ShouldBeNull();
        (await lab.LookAsync("104.16.0.0/13")).Status.ShouldBe(TargetStatus.InSync);
    }

    private static Task<CommandResult?> RefuseWrites(int number, HostCommand command) => Task.FromResult(
        command.Arguments is ["-f", ..] ? new CommandResult(1, ReadOnlyMemory<byte>.Empty, "Error: Could not process rule: File exists\n") : null);

    private static async Task<int> EditAsync(FaultLab lab, string where, CancellationTokenSource stop)
    {
        var number = 0;
        while (!stop.IsCancellationRequested)
        {
            await lab.NftAsync($"{where} rule inet filter input tcp dport {1000 + number} drop comment \"edit {number}\"");
            number++;
        }

        return number;
    }
}
