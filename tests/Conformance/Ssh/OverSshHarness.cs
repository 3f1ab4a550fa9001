using System.Collections.Immutable;
using AllowlistSync.Conformance.Harnesses;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Hosts.Ssh;
using AllowlistSync.TestKit;

namespace AllowlistSync.Conformance.Ssh;

/// <summary>Any harness, with the provider at the other end of a real sshd.</summary>
public sealed class OverSshHarness(IConformanceHarness inner) : IConformanceHarness
{
    /// <inheritdoc/>
    public string Name => inner.Name + ", over ssh";

    /// <inheritdoc/>
    public ProviderRegistration Registration => inner.Registration;

    /// <inheritdoc/>
    public ImmutableArray<string> Programs => [.. inner.Programs, .. SshServer.Programs];

    /// <inheritdoc/>
    public ImmutableArray<string> Gaps => inner.Gaps;

    /// <inheritdoc/>
    public bool IsSlow => true;

    /// <inheritdoc/>
    public async Task<IConformanceTarget> StartAsync(CancellationToken cancellationToken)
    {
        var target = await inner.StartAsync(cancellationToken);
        return new OverSshTarget(target, await SshServer.StartAsync(target.Sandbox, listens: false, ct: cancellationToken));
    }
}

/// <summary>The target of another harness, reached by ssh. What breaks a tool's answer stands on this side of the connection; who may not is asked without one.</summary>
public sealed class OverSshTarget : IConformanceTarget
{
    private readonly IConformanceTarget _inner;
    private readonly SshServer _server;
    private readonly SshHost _host;

    internal OverSshTarget(IConformanceTarget inner, SshServer server)
    {
        (_inner, _server) = (inner, server);
        _host = new SshHost(new SshAddress("root", SshServer.Pipe, null), SshOptions.Default with { ConnectTimeout = TimeSpan.FromSeconds(30) }, SandboxHost.Of(inner.Sandbox));
    }

    /// <inheritdoc/>
    public Sandbox Sandbox => _inner.Sandbox;

    /// <inheritdoc/>
    public IHost Host => _host;

    /// <inheritdoc/>
    public ProviderSettings Settings => _inner.Settings;

    /// <inheritdoc/>
    public ProviderSettings IPv4Only => _inner.IPv4Only;

    /// <inheritdoc/>
    public PacketClient Client => _inner.Client;

    /// <inheritdoc/>
    public bool IsWrite(HostCommand command) => _inner.IsWrite(command);

    /// <inheritdoc/>
    public Task<string> ForeignAsync(CancellationToken cancellationToken) => _inner.ForeignAsync(cancellationToken);

    /// <inheritdoc/>
    public Task ChangeAsync(ForeignChange change, CancellationToken cancellationToken) => _inner.ChangeAsync(change, cancellationToken);

    /// <inheritdoc/>
    public async Task<IHost> BreakAsync(Breakage breakage, CancellationToken cancellationToken)
    {
        var broken = await _inner.BreakAsync(breakage, cancellationToken);
        return breakage == Breakage.ToolMissing ? _host : broken;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _server.DisposeAsync();
        await _inner.DisposeAsync();
    }
}
