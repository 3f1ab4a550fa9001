using System.Collections.Concurrent;
using AllowlistSync.Configuration;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Hosts;
using AllowlistSync.Providers.Host.Hosts.Ssh;

namespace AllowlistSync;

/// <summary>Hosts over ssh, one for each machine and way to sign in, kept as long as this lives: for a command, or for a daemon between its runs. Connections end with it.</summary>
/// <param name="local">Where ssh runs.</param>
/// <param name="parallelism">How many are signed in to at once.</param>
internal sealed class SshHosts(LocalHost local, int parallelism) : IAsyncDisposable
{
    private const int MostDoubtful = 4;

    private readonly ConcurrentDictionary<(string, SshOptions), Kept> _hosts = new();
    private readonly SemaphoreSlim _ordinary = new(parallelism);

    // Hosts that were down at the last attempt wait for each other, and keep no other waiting.
    private readonly SemaphoreSlim _doubtful = new(MostDoubtful);

    /// <summary>The host of a target, signed in to or not.</summary>
    public SshHost Of(TargetConfig target) => KeptOf(target).Host;

    /// <summary>Signs in to the host of a target unless somebody is, also when that failed before. False when it failed; whoever works on the host meets the reason at once.</summary>
    public async ValueTask<bool> TryOpenAnewAsync(TargetConfig target, CancellationToken cancellationToken)
    {
        var kept = KeptOf(target);
        if (kept.Host.IsOpen)
        {
            return true;
        }

        var lane = kept.IsDown ? _doubtful : _ordinary;
        await lane.WaitAsync(cancellationToken);
        try
        {
            await kept.Host.OpenAnewAsync(cancellationToken);
            kept.IsDown = false;
        }
        catch (ProviderException)
        {
            kept.IsDown = true;
        }
        finally
        {
            lane.Release();
        }

        return !kept.IsDown;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_hosts.Values.Select(kept => kept.Host.DisposeAsync().AsTask()));

    private Kept KeptOf(TargetConfig target) =>
        _hosts.GetOrAdd((target.Target.Host, target.Ssh), _ => new Kept(new SshHost(SshAddress.Parse(target.Target.Host), target.Ssh, local)));

    private sealed class Kept(SshHost host)
    {
        public SshHost Host { get; } = host;

        public bool IsDown { get; set; }
    }
}
