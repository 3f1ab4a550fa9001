using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Applying;
using AllowlistSync.Core.Reporting;
using AllowlistSync.CrashHost;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Conformance.Faults;

/// <summary>kill -9 at every step of an apply.</summary>
public sealed class CrashFaults
{
    private const string Set = """
        table inet filter {
          set cf4 {
            type ipv4_addr
            flags interval
          }
          chain input {
            type filter hook input priority filter
            policy accept
            ip saddr @cf4 accept
          }
        }

        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(true, 0)]
    [InlineData(true, 600)]
    [InlineData(false, 0)]
    public async Task A_kill_at_any_step_leaves_old_or_new_and_the_next_run_ends_in_sync(bool ruleWay, int confirmSeconds)
    {
        await using var lab = ruleWay ? await FaultLab.StartAsync(FaultLab.Chain, FaultLab.RuleWay) : await FaultLab.StartAsync(Set, FaultLab.SetWay);
        string[] old = ["104.16.0.0/13", "131.0.72.0/22"];
        string[] fresh = ["104.16.0.0/13", "172.64.0.0/13"];
        (await lab.ApplyAsync(old)).Status.ShouldBe(TargetStatus.Applied);
        foreach (var step in Enum.GetValues<ApplyStep>())
        {
            var killed = await RunAsync(lab, step, confirmSeconds, fresh);
            killed.ExitCode.ShouldBe(137, $"{step}: {killed.StdOut}{killed.StdErr}");

            var now = await lab.SourcesAsync();
            now.ShouldBe(PrefixSet.Of(Lists.Of(step > ApplyStep.Change ? fresh : old)), $"killed before {step}");
            var receipt = await lab.Program.State.Target("web").LoadReceiptAsync(Ct);
            if (confirmSeconds > 0 && step > ApplyStep.WriteReceipt)
            {
                receipt!.AwaitsConfirmation.ShouldBeTrue($"killed before {step}");
                receipt.Before.ShouldNotBeNull();
                await new Undo(TimeProvider.System).RollBackAsync(lab.Provider, lab.Target, lab.Program.State.Target("web"), "test", Ct);
                (await lab.SourcesAsync()).ShouldBe(PrefixSet.Of(Lists.Of(old)), $"killed before {step}");
            }

            // After an undo only a person goes on.
            var attended = Installation.Apply() with { Ask = (_, _) => ValueTask.FromResult(true) };
            var next = await lab.Program.RunAsync(lab.Provider, lab.Target, Lists.Of(fresh), attended, Ct);
            next.Status.ShouldBeOneOf([TargetStatus.Applied, TargetStatus.InSync], $"{step}: {next.Error} {string.Join(' ', next.Refusals)}");
            (await lab.LookAsync(fresh)).Status.ShouldBe(TargetStatus.InSync);
            (old, fresh) = (fresh, old);
        }

        var listing = await lab.DumpAsync();
        listing.ShouldContain(ruleWay ? "tcp dport 22 accept comment \"ssh\"" : "ip saddr @cf4 accept");
    }

    [Fact]
    public async Task The_program_in_the_sandbox_does_its_work_when_nobody_kills_it()
    {
        await using var lab = await FaultLab.StartAsync(FaultLab.Chain, FaultLab.RuleWay);

        (await RunAsync(lab, null, 0, ["104.16.0.0/13"])).EnsureSuccess().StdOut.ShouldStartWith("Applied");

        (await lab.LookAsync("104.16.0.0/13")).Status.ShouldBe(TargetStatus.InSync);
    }

    private static Task<SandboxResult> RunAsync(FaultLab lab, ApplyStep? step, int confirmSeconds, string[] list)
    {
        string[] argv =
        [
            Path.Combine(AppContext.BaseDirectory, "CrashHost"),
            "apply",
            "nftables",
            lab.Program.State.Place,
            step?.ToString() ?? "none",
            $"{confirmSeconds}",
            string.Join(',', list),
            .. SettingArguments.Write(lab.Settings),
        ];
        return lab.Sandbox.RunAsync(argv, ct: Ct);
    }
}
