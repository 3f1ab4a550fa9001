using System.Net.Sockets;

namespace AllowlistSync.TestKit;

/// <summary>
/// An origin with <c>eth0</c>, a client with the whole Internet behind it, and on wish a container, all as network namespaces without a name:
/// what a kernel does with the handshake of connections from any source. Cheap enough (some 20 ms) to be thrown away after each rule set,
/// which no flushing equals: no set, no tracked connection, no list of recent addresses is left for the next one.
/// </summary>
public sealed class HandshakeLab : IAsyncDisposable
{
    private readonly NetNamespace _client;
    private readonly NetNamespace? _container;
    private HandshakeListeners? _listeners;

    private HandshakeLab(NetNamespace client, NetNamespace origin, NetNamespace? container)
    {
        _client = client;
        Origin = origin;
        _container = container;
    }

    /// <summary>The hardware address that the origin's packets come from.</summary>
    public static string ClientMac => VethPair.ClientMac;

    /// <summary>The interface of the origin that packets come through.</summary>
    public static string Interface => "eth0";

    /// <summary>The origin's network.</summary>
    public NetNamespace Origin { get; }

    /// <summary>Makes the namespaces and listens.</summary>
    public static async Task<HandshakeLab> StartAsync(HandshakeOptions options, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(options);
        ct.ThrowIfCancellationRequested();
        return await JoinAsync(await NetNamespace.CreateAsync(), options);
    }

    /// <summary>Wires a client, and a container on wish, to a sandbox, for rule sets of programs that need files and a /run of their own. Once per sandbox.</summary>
    public static Task<HandshakeLab> JoinAsync(Sandbox sandbox, HandshakeOptions options, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        ArgumentNullException.ThrowIfNull(options);
        ct.ThrowIfCancellationRequested();
        return JoinAsync(NetNamespace.OfProcess(sandbox.Pid), options);
    }

    /// <summary>Runs a program in the origin's network. /run, /etc and the rest are this machine's: only for tools that work on the network.</summary>
    public Task<SandboxResult> RunAsync(IReadOnlyList<string> argv, string? stdin = null, CancellationToken ct = default)
    {
        return NetTool.RunAsync(Origin, argv, stdin, ct);
    }

    /// <summary>
    /// Tries all connections at once, one first packet each; what was neither accepted nor refused is tried once more, and where that goes
    /// differently the result is marked.
    /// </summary>
    /// <returns>One result per probe, in the same order.</returns>
    /// <exception cref="SocketException">A source could not be bound.</exception>
    public async Task<IReadOnlyList<HandshakeResult>> ProbeAsync(IReadOnlyList<HandshakeProbe> probes, HandshakeBudget budget, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(probes);
        ArgumentNullException.ThrowIfNull(budget);
        var results = await HandshakeBatch.RunAsync(_client, _listeners!, probes, budget.First, ct);
        int[] again = [.. Enumerable.Range(0, results.Length).Where(i => results[i].Handshake is not (Handshake.Accepted or Handshake.Refused))];
        if (again.Length > 0)
        {
            var seconds = await HandshakeBatch.RunAsync(_client, _listeners!, [.. again.Select(i => probes[i])], budget.Second, ct);
            foreach (var (i, second) in again.Zip(seconds))
            {
                results[i] = second with { IsFlaky = second.Handshake != results[i].Handshake };
            }
        }

        return results;
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _listeners?.Dispose();
        _client.Dispose();
        Origin.Dispose();
        _container?.Dispose();
        return ValueTask.CompletedTask;
    }

    private static async Task<HandshakeLab> JoinAsync(NetNamespace origin, HandshakeOptions options)
    {
        var client = await NetNamespace.CreateAsync();
        var container = options.Container is null ? null : await NetNamespace.CreateAsync();
        var lab = new HandshakeLab(client, origin, container);
        try
        {
            await HandshakeNetwork.WireAsync(client, origin, container, options);
            lab._listeners = await HandshakeListeners.StartAsync(container ?? origin, options.Ports);
            return lab;
        }
        catch
        {
            await lab.DisposeAsync();
            throw;
        }
    }
}
