using System.Net;
using AllowlistSync.Conformance.Stories;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.CrashHost;
using Shouldly;

namespace AllowlistSync.Conformance.Faults.RangeFiles;

/// <summary>kill -9 between the file and the reload: what nginx has in force is the old list, and the next run sees the debt.</summary>
public sealed class RangeFileCrashFaults
{
    private static readonly IPAddress Edge = IPAddress.Parse("172.64.0.1");

    private static CancellationToken Ct => RangeFileLab.Ct;

    [Theory]
    [InlineData("nginx -t")]
    [InlineData("nginx -s reload")]
    public async Task A_kill_before_a_program_is_seen_and_made_good_by_the_next_run(string program)
    {
        await using var lab = await RangeFileLab.StartAsync();
        await lab.ReachAsync("104.16.0.0/13");
        await KillAsync(lab, program, "172.64.0.0/13");

        (await EdgeRequest.VisitorAsync(lab.Subject.Client, Edge, Ct)).ShouldBe("172.64.0.1");
        var look = await lab.LookAsync("172.64.0.0/13");
        look.Status.ShouldBe(TargetStatus.Differs);
        look.Plan!.Changes.Repairs.ShouldHaveSingleItem().Id.ShouldBe("not-reloaded");

        (await lab.ReachAsync("172.64.0.0/13")).Status.ShouldBe(TargetStatus.Applied);

        await EdgeRequest.ExpectAsync(lab.Subject.Client, Edge, EdgeRequest.Visitor, Ct);
        await lab.DemandForeignAsync();
    }

    [Fact]
    public async Task After_a_kill_a_check_that_fails_goes_back_to_what_was_in_force_before()
    {
        await using var lab = await RangeFileLab.StartAsync();
        await lab.ReachAsync("104.16.0.0/13");
        var before = await lab.FileAsync();
        await KillAsync(lab, "nginx -s reload", "172.64.0.0/13");
        await lab.ShellAsync("printf '#!/bin/sh\\n[ \"$1\" = -t ] && grep -q 172.64 /etc/nginx/edge/*.conf && exit 1\\nexec /usr/sbin/nginx \"$@\"\\n' > /usr/local/sbin/nginx; chmod 755 /usr/local/sbin/nginx");

        var error = (await lab.ApplyAsync("172.64.0.0/13", "131.0.72.0/22")).Error.ShouldNotBeNull();

        error.Aftermath.ShouldBe(Aftermath.RolledBack, error.Message);
        (await lab.FileAsync()).ShouldBe(before);
        (await lab.HasNoteAsync()).ShouldBeFalse();
        await EdgeRequest.ExpectAsync(lab.Subject.Client, IPAddress.Parse("104.16.0.1"), EdgeRequest.Visitor, Ct);
    }

    [Fact]
    public async Task A_note_that_nobody_can_read_is_a_conflict()
    {
        await using var lab = await RangeFileLab.StartAsync();
        await lab.ReachAsync("104.16.0.0/13");
        foreach (var note in new[] { "half a no", "{}", "{\"mark\":\"als-other/web\",\"before\":null,\"mode\":420}" })
        {
            await lab.Subject.Sandbox.WriteFileAsync(RangeFileLab.NotePath, note, ct: Ct);

            var error = (await lab.ApplyAsync("172.64.0.0/13")).Error.ShouldNotBeNull(note);

            error.Kind.ShouldBe(FailureKind.Conflict);
            error.Aftermath.ShouldBe(Aftermath.Untouched);
            (await lab.FileAsync())!.ShouldContain("104.16.0.0/13");
        }
    }

    // The same apply, once more in a process of its own, that dies when the program is to be run.
    private static async Task KillAsync(RangeFileLab lab, string program, string list)
    {
        lab.Tap.Reset();
        await lab.ReachAsync("131.0.72.0/22");
        var at = lab.Tap.Operations.Index().First(operation => operation.Item is ProgramRun run && $"{run.Command}" == program).Index;
        await lab.ReachAsync("104.16.0.0/13");
        string[] argv = [Path.Combine(AppContext.BaseDirectory, "CrashHost"), "apply", "file", lab.Program.State.Place, $"before:{at}", "0", list, .. SettingArguments.Write(lab.Settings)];
        var killed = await lab.Subject.Sandbox.RunAsync(argv, ct: Ct);
        killed.ExitCode.ShouldBe(137, killed.StdOut + killed.StdErr);
        (await lab.FileAsync())!.ShouldContain(list);
        (await lab.HasNoteAsync()).ShouldBeTrue();
    }
}
