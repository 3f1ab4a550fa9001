using AllowlistSync.Core.Hosts;
using AllowlistSync.Providers.Host.Hosts.Ssh;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Conformance.Ssh;

/// <summary>Signing in takes as long as the host takes, whatever else this machine does and whatever lives on behind the connection.</summary>
public sealed class SshSignInTests(ITestOutputHelper output)
{
    private const int Times = 50;

    // By a program that makes the way (ProxyCommand) as well, which lives as long as the connection.
    [Theory]
    [InlineData("h1")]
    [InlineData(SshServer.Pipe)]
    public async Task Fifty_sign_ins_beside_load_wait_for_nothing_but_the_host(string name)
    {
        await using var lab = await SshLab.StartAsync();
        await using var first = await lab.Sandbox.StartProcessAsync(["sh", "-c", "while :; do :; done"], SshLab.Ct);
        await using var second = await lab.Sandbox.StartProcessAsync(["sh", "-c", "while :; do :; done"], SshLab.Ct);
        var times = new List<TimeSpan>();
        for (var i = 0; i < Times; i++)
        {
            var begin = TimeProvider.System.GetTimestamp();
            await using var host = lab.Host(name, SshOptions.Default with { ConnectTimeout = TimeSpan.FromSeconds(30) });
            await host.OpenAsync(SshLab.Ct);
            (await host.RunAsync(new HostCommand("true", []), SshLab.Ct)).ExitCode.ShouldBe(0);
            await host.DisposeAsync();
            times.Add(TimeProvider.System.GetElapsedTime(begin));
        }

        // How long it takes here and now is what most of them took.
        times.Sort();
        var (usual, slowest) = (times[Times / 2], times[^1]);
        output.WriteLine($"of {Times} to {name} half took up to {usual.TotalSeconds:0.00} s, the slowest {slowest.TotalSeconds:0.00} s");
        slowest.ShouldBeLessThan(TimeSpan.FromSeconds(7) + (usual * 3));
    }
}
