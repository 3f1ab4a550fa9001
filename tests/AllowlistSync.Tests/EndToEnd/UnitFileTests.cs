using AllowlistSync.TestKit;
using AllowlistSync.Tests.Configuration;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd;

/// <summary>The units that are shipped, judged by systemd's own tool.</summary>
public sealed class UnitFileTests
{
    // Tenths: 3.0 is the most that systemd may complain.
    private const string Threshold = "--threshold=30";

    private static readonly string[] Services = ["allowlist-sync.service", "allowlist-sync-boot.service", "allowlist-sync-daemon.service"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Systemd_finds_nothing_wrong_with_them_and_little_exposed()
    {
        Needs.Sandbox("systemd-analyze");
        await using var sandbox = await Sandbox.StartAsync(SandboxOptions.Default, Ct);
        await sandbox.WriteFileAsync("/usr/local/sbin/allowlist-sync", "#!/bin/sh\n", UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, Ct);
        foreach (var unit in Services.Append("allowlist-sync.timer"))
        {
            await sandbox.WriteFileAsync($"/run/units/{unit}", await File.ReadAllTextAsync(Repository.PathOf($"config/systemd/{unit}"), Ct), ct: Ct);
        }

        // It ends with 0 for some faults and says them all the same (systemd 252).
        var verified = await sandbox.RunAsync(["systemd-analyze", "verify", "--man=no", .. Services.Append("allowlist-sync.timer").Select(unit => $"/run/units/{unit}")], ct: Ct);
        (verified.ExitCode, verified.StdOut + verified.StdErr).ShouldBe((0, ""));
        foreach (var service in Services)
        {
            var judged = await sandbox.RunAsync(["systemd-analyze", "security", "--offline=yes", Threshold, $"/run/units/{service}"], ct: Ct);
            judged.ExitCode.ShouldBe(0, judged.StdOut);
        }
    }
}
