using System.Collections.Concurrent;
using AllowlistSync.Configuration;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Providers.Host.Hosts;
using AllowlistSync.Providers.Host.Hosts.Ssh;

namespace AllowlistSync;

/// <summary>The hosts of a run, one for each machine whatever the number of targets on it, so that what one target has listed no other lists again. Connections end with it.</summary>
internal sealed class HostTable(LocalHost local) : IAsyncDisposable
{
    private readonly ConcurrentDictionary<(string, SshOptions), SshHost> _distant = new();
    private readonly ConcurrentDictionary<(string, SshOptions), RememberingHost> _remembering = new();

    /// <summary>The hosts as seen from this machine.</summary>
    public HostTable()
        : this(new LocalHost())
    {
    }

    /// <summary>The host of a target, signed in to; a host that cannot be worked on is a <see cref="Core.Providers.ProviderException"/>, and costs its time-out once.</summary>
    public async ValueTask<IHost> OfAsync(TargetConfig target, CancellationToken cancellationToken)
    {
        var key = (target.Target.Host, target.Ssh);
        if (IsLocal(target))
        {
            return _remembering.GetOrAdd(key, _ => new RememberingHost(local));
        }

        var distant = _distant.GetOrAdd(key, _ => new SshHost(SshAddress.Parse(target.Target.Host), target.Ssh, local));
        await distant.OpenAsync(cancellationToken);
        return _remembering.GetOrAdd(key, _ => new RememberingHost(distant));
    }

    /// <summary>The same without a memory: for what asks again and again, or once.</summary>
    public async ValueTask<IHost> FreshAsync(TargetConfig target, CancellationToken cancellationToken)
    {
        if (IsLocal(target))
        {
            return local;
        }

        await OfAsync(target, cancellationToken);
        return _distant[(target.Target.Host, target.Ssh)];
    }

    /// <summary>True for the firewall of this machine.</summary>
    public static bool IsLocal(TargetConfig target) => target.Target.Host == "local";

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await Task.WhenAll(_distant.Values.Select(host => host.DisposeAsync().AsTask()));
}
