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

    // systemd.kill(5): otherwise a stop would end the firewall's own tools in the middle of what they do for us.
    [Fact]
    public async Task A_stop_is_told_to_the_program_alone()
    {
        foreach (var service in Services)
        {
            (await File.ReadAllLinesAsync(Repository.PathOf($"config/systemd/{service}"), Ct)).ShouldContain("KillMode=mixed", service);
        }
    }

    // What the READMEs of the providers say that they write, and what ssh reads.
    [Theory]
    [InlineData("ReadWritePaths=", "/run")]
    [InlineData("ReadWritePaths=", "-/etc/ufw")]
    [InlineData("ReadWritePaths=", "-/etc/iptables")]
    [InlineData("ReadWritePaths=", "-/etc/sysconfig")]
    [InlineData("ReadWritePaths=", "-/etc/fail2ban")]
    [InlineData("ReadWritePaths=", "-/etc/csf")]
    [InlineData("ReadWritePaths=", "-/var/lib/csf")]
    [InlineData("ReadWritePaths=", "-/etc/crowdsec")]
    [InlineData("ReadWritePaths=", "-/var/lib/crowdsec")]
    [InlineData("ReadWritePaths=", "-/www/server/panel")]
    [InlineData("BindReadOnlyPaths=", "-/root/.ssh")]
    public async Task What_the_firewalls_and_ssh_need_is_not_shut_off_by_the_hardening(string setting, string path)
    {
        foreach (var service in Services)
        {
            var lines = await File.ReadAllLinesAsync(Repository.PathOf($"config/systemd/{service}"), Ct);
            lines.Where(line => line.StartsWith(setting, StringComparison.Ordinal)).SelectMany(line => line[setting.Length..].Split(' ')).ShouldContain(path, service);
            lines.ShouldNotContain("ProtectHome=yes", service);
        }
    }
}
