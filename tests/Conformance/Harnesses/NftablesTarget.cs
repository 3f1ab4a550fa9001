using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;
using AllowlistSync.CrashHost;
using AllowlistSync.TestKit;

namespace AllowlistSync.Conformance.Harnesses;

/// <summary>The real nftables of a sandbox of its own.</summary>
public sealed class NftablesTarget : IConformanceTarget
{
    private readonly Listener _listener;
    private readonly NftablesWay _way;

    private NftablesTarget(NftablesWay way, Sandbox sandbox, PacketClient client, Listener listener)
    {
        _way = way;
        Sandbox = sandbox;
        Client = client;
        _listener = listener;
        Host = SandboxHost.Of(sandbox);
    }

    /// <inheritdoc/>
    public Sandbox Sandbox { get; }

    /// <inheritdoc/>
    public IHost Host { get; }

    /// <inheritdoc/>
    public ProviderSettings Settings => _way.Settings;

    /// <inheritdoc/>
    public ProviderSettings IPv4Only => _way.IPv4Only;

    /// <inheritdoc/>
    public PacketClient Client { get; }

    /// <summary>Starts a host whose operator has loaded his rule set from /etc/nftables.conf.</summary>
    public static async Task<IConformanceTarget> StartAsync(NftablesWay way, CancellationToken cancellationToken)
    {
        var sandbox = await Sandbox.StartAsync(SandboxOptions.Default, cancellationToken);
        var client = await sandbox.ConnectClientAsync(cancellationToken);
        var target = new NftablesTarget(way, sandbox, client, await Listener.StartAsync(sandbox, 22, 80, 443, 8443));
        await sandbox.WriteFileAsync("/etc/nftables.conf", way.Ruleset, ct: cancellationToken);
        await target.ChangeAsync(ForeignChange.Reload, cancellationToken);
        return target;
    }

    /// <inheritdoc/>
    public bool IsWrite(HostCommand command) => command.Arguments is ["-f", ..];

    /// <inheritdoc/>
    public async Task<string> ForeignAsync(CancellationToken cancellationToken)
    {
        var dump = await RulesetDump.ReadAsync(Sandbox, ct: cancellationToken);
        return _way.WithoutOurs(dump.Objects);
    }

    /// <summary>Runs a script of nft.</summary>
    public async Task NftAsync(string script, CancellationToken cancellationToken) =>
        (await Sandbox.RunAsync(["nft", "-f", "-"], script + "\n", ct: cancellationToken)).EnsureSuccess();

    /// <inheritdoc/>
    public async Task ChangeAsync(ForeignChange change, CancellationToken cancellationToken)
    {
        if (change == ForeignChange.Reload)
        {
            (await Sandbox.RunAsync(["nft", "-f", "/etc/nftables.conf"], ct: cancellationToken)).EnsureSuccess();
            return;
        }

        if (change != ForeignChange.Settle)
        {
            await NftAsync(_way.Script(change), cancellationToken);
        }
    }

    /// <inheritdoc/>
    public async Task<IHost> BreakAsync(Breakage breakage, CancellationToken cancellationToken)
    {
        switch (breakage)
        {
            case Breakage.ToolMissing:
                (await Sandbox.RunAsync(["mv", "/usr/sbin/nft", "/usr/sbin/nft.away"], ct: cancellationToken)).EnsureSuccess();
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
        await _listener.DisposeAsync();
        await Client.DisposeAsync();
        await Sandbox.DisposeAsync();
    }

    private static ReadOnlyMemory<byte> Damage(Breakage breakage, ReadOnlyMemory<byte> output) => breakage switch
    {
        Breakage.Garbage => "table inet filter {\n}\n"u8.ToArray(),
        Breakage.Silence => ReadOnlyMemory<byte>.Empty,
        _ => output[..(output.Length / 2)],
    };
}
