using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Hosts.Ssh;
using Shouldly;

namespace AllowlistSync.Conformance.Ssh;

/// <summary>Why nobody can sign in: each is told apart, has a remedy, and costs its time-out once.</summary>
public sealed class SshLoginFaults
{
    private static readonly SshOptions Short = SshOptions.Default with { ConnectTimeout = TimeSpan.FromSeconds(3) };

    [Fact]
    public async Task A_host_whose_key_nobody_checked_is_not_signed_in_to()
    {
        await using var lab = await SshLab.StartAsync();
        var failure = await FailsAsync(lab.Host("stranger"), FailureKind.Permission, "not in known_hosts");
        failure.Remedy.ShouldContain("ssh-keyscan");
    }

    [Fact]
    public async Task A_host_with_another_key_than_before_is_not_signed_in_to()
    {
        await using var lab = await SshLab.StartAsync();
        await lab.Server.ShellAsync("sed 's/^/als-test /' /etc/ssh/als/other.pub > /etc/ssh/ssh_known_hosts", SshLab.Ct);
        await FailsAsync(lab.Host("h1"), FailureKind.Permission, "another key than known_hosts says");
    }

    [Fact]
    public async Task A_key_that_the_host_does_not_know_is_refused_and_the_right_file_mends_it()
    {
        await using var lab = await SshLab.StartAsync();
        await FailsAsync(lab.Host("locked", SshOptions.Default with { IdentityFile = "/etc/ssh/als/other" }), FailureKind.Permission, "none of our keys");
        await lab.Host("locked", SshOptions.Default with { IdentityFile = "/etc/ssh/als/id" }).OpenAsync(SshLab.Ct);
    }

    [Fact]
    public async Task A_closed_port_and_an_unknown_name_are_told_apart()
    {
        await using var lab = await SshLab.StartAsync();
        await FailsAsync(lab.Host("h1", port: 2229), FailureKind.Unavailable, "nobody listens");
        await FailsAsync(lab.Host("no-such-host.invalid"), FailureKind.Unavailable, "name of the host is not known");
    }

    [Fact]
    public async Task A_host_that_drops_packets_costs_its_time_out_once()
    {
        await using var lab = await SshLab.StartAsync();
        await lab.Server.ShellAsync("nft 'add table inet t; add chain inet t i { type filter hook input priority 0; }; add rule inet t i tcp dport 2229 drop'", SshLab.Ct);
        var host = lab.Host("h1", Short, port: 2229);
        var begin = TimeProvider.System.GetTimestamp();
        await FailsAsync(host, FailureKind.Unavailable, "does not answer");
        TimeProvider.System.GetElapsedTime(begin).ShouldBeInRange(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(10));
        begin = TimeProvider.System.GetTimestamp();
        (await Should.ThrowAsync<HostException>(async () => await host.RunAsync(new HostCommand("true", []), SshLab.Ct))).Failure.ShouldBe(HostFailure.CannotStart);
        TimeProvider.System.GetElapsedTime(begin).ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_host_that_hangs_after_the_sign_in_costs_its_time_out()
    {
        await using var lab = await SshLab.StartAsync("ForceCommand sleep 60");
        var begin = TimeProvider.System.GetTimestamp();
        await FailsAsync(lab.Host("h1", Short), FailureKind.Transient, "did not answer within 3 s");
        TimeProvider.System.GetElapsedTime(begin).ShouldBeLessThan(TimeSpan.FromSeconds(15));
    }

    [Fact]
    public async Task A_forced_command_in_place_of_ours_is_no_answer()
    {
        await using var lab = await SshLab.StartAsync("ForceCommand echo hello");
        await FailsAsync(lab.Host("h1"), FailureKind.Unavailable, "did not run our command");
    }

    [Fact]
    public async Task Sudo_that_wants_a_password_is_refused_before_anything_is_done()
    {
        await using var lab = await SshLab.StartAsync();
        await lab.Sandbox.WriteFileAsync("/usr/local/bin/sudo", "#!/bin/sh\necho 'sudo: a password is required' >&2\nexit 1\n", (UnixFileMode)0x1ed, SshLab.Ct);
        var failure = await FailsAsync(lab.Host("h1", SshOptions.Default with { Sudo = true }), FailureKind.Permission, "sudo does not let this user");
        failure.Remedy.ShouldContain("NOPASSWD");
    }

    private static async Task<ProviderException> FailsAsync(SshHost host, FailureKind kind, string says)
    {
        var failure = await Should.ThrowAsync<ProviderException>(async () => await host.OpenAsync(SshLab.Ct));
        failure.Message.ShouldContain(says);
        failure.Kind.ShouldBe(kind);
        failure.Aftermath.ShouldBe(Aftermath.Untouched);
        failure.Message.ShouldStartWith(host.Name);
        return failure;
    }
}
