using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;
using AllowlistSync.CrashHost;
using AllowlistSync.TestKit;

namespace AllowlistSync.Conformance.Harnesses;

/// <summary>What real targets share whose tools are programs: a sandbox, a client, a shell inside, and the ways in which programs break.</summary>
/// <param name="place">Where it is.</param>
public abstract class SandboxTarget(SandboxPlace place) : IConformanceTarget
{
    /// <inheritdoc/>
    public Sandbox Sandbox => place.Sandbox;

    /// <inheritdoc/>
    public PacketClient Client => place.Client;

    /// <inheritdoc/>
    public IHost Host { get; } = SandboxHost.Of((place ?? throw new ArgumentNullException(nameof(place))).Sandbox);

    /// <inheritdoc/>
    public virtual ProviderSettings Settings => ProviderSettings.None;

    /// <inheritdoc/>
    public virtual ProviderSettings IPv4Only => throw new NotSupportedException("no setting of this target leaves a family out");

    /// <summary>The shell line that takes the tool away.</summary>
    protected abstract string TakeToolAway { get; }

    /// <inheritdoc/>
    public abstract bool IsWrite(HostCommand command);

    /// <inheritdoc/>
    public abstract Task<string> ForeignAsync(CancellationToken cancellationToken);

    /// <inheritdoc/>
    public abstract Task ChangeAsync(ForeignChange change, CancellationToken cancellationToken);

    /// <summary>Runs a shell script as root inside, which must go well; what it printed.</summary>
    public Task<string> ShellAsync(string script, CancellationToken cancellationToken) => Sandbox.ShellAsync(script, cancellationToken);

    /// <inheritdoc/>
    public async Task<IHost> BreakAsync(Breakage breakage, CancellationToken cancellationToken)
    {
        switch (breakage)
        {
            case Breakage.ToolMissing:
                await ShellAsync(TakeToolAway, cancellationToken);
                return Host;
            case Breakage.NoPermission:
                return SandboxHost.Of(Sandbox, "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--");
            default:
                return new HostTap(Host) { After = (_, _, result) => result with { Output = Damage(breakage, result.Output) } };
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        await place.DisposeAsync();
    }

    private static ReadOnlyMemory<byte> Damage(Breakage breakage, ReadOnlyMemory<byte> output) => breakage switch
    {
        Breakage.Garbage => "table inet filter {\n}\n"u8.ToArray(),
        Breakage.Silence => ReadOnlyMemory<byte>.Empty,
        _ => output[..(output.Length / 2)],
    };
}

/// <summary>A sandbox, a client that connects to it from anywhere, and something that listens on ports 22, 80, 443 and 8443.</summary>
/// <param name="Sandbox">The sandbox.</param>
/// <param name="Client">The client.</param>
/// <param name="Listener">The listener; null where the target listens itself.</param>
public sealed record SandboxPlace(Sandbox Sandbox, PacketClient Client, Listener? Listener) : IAsyncDisposable
{
    /// <summary>A fresh one.</summary>
    public static async Task<SandboxPlace> OpenAsync(bool listens, CancellationToken cancellationToken)
    {
        var sandbox = await Sandbox.StartAsync(SandboxOptions.Default, cancellationToken);
        var client = await sandbox.ConnectClientAsync(cancellationToken);
        return new SandboxPlace(sandbox, client, listens ? await Listener.StartAsync(sandbox, 22, 80, 443, 8443) : null);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Listener is not null)
        {
            await Listener.DisposeAsync();
        }

        await Client.DisposeAsync();
        await Sandbox.DisposeAsync();
    }
}
