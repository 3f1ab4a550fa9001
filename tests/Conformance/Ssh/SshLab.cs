using AllowlistSync.Providers.Host.Hosts.Ssh;
using AllowlistSync.TestKit;

namespace AllowlistSync.Conformance.Ssh;

/// <summary>A sandbox with a real sshd, for what goes wrong on the way.</summary>
internal sealed class SshLab : IAsyncDisposable
{
    private readonly List<SshHost> _hosts = [];

    private SshLab(Sandbox sandbox, SshServer server) => (Sandbox, Server) = (sandbox, server);

    public Sandbox Sandbox { get; }

    public SshServer Server { get; }

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static async Task<SshLab> StartAsync(string more = "")
    {
        Needs.Sandbox([.. SshServer.Programs, "nft"]);
        var sandbox = await Sandbox.StartAsync(SandboxOptions.Default, Ct);
        return new SshLab(sandbox, await SshServer.StartAsync(sandbox, more, ct: Ct));
    }

    /// <summary>A host by its name in the client's configuration.</summary>
    public SshHost Host(string name, SshOptions? options = null, string user = "root", int? port = null)
    {
        var host = new SshHost(new SshAddress(user, name, port), options ?? SshOptions.Default, SandboxHost.Of(Sandbox));
        _hosts.Add(host);
        return host;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        await Server.DisposeAsync();
        await Sandbox.DisposeAsync();
    }
}
