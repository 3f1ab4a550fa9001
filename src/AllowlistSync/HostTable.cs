using System.Collections.Concurrent;
using AllowlistSync.Configuration;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Providers.Host.Hosts;
using AllowlistSync.Providers.Host.Hosts.Ssh;

namespace AllowlistSync;

/// <summary>The hosts of a run, one for each machine whatever the number of targets on it, so that what one target has listed no other lists again.</summary>
/// <param name="local">This machine.</param>
/// <param name="distant">The others; their connections are kept by whoever hands them in.</param>
internal sealed class HostTable(LocalHost local, SshHosts distant)
{
    private readonly ConcurrentDictionary<(string, SshOptions), RememberingHost> _remembering = new();

    /// <summary>The host of a target, signed in to; a host that cannot be worked on is a <see cref="Core.Providers.ProviderException"/>, and costs its time-out once.</summary>
    public async ValueTask<IHost> OfAsync(TargetConfig target, CancellationToken cancellationToken)
    {
        var host = await FreshAsync(target, cancellationToken);
        return _remembering.GetOrAdd((target.Target.Host, target.Ssh), _ => new RememberingHost(host));
    }

    /// <summary>The same without a memory: for what asks again and again, or once.</summary>
    public async ValueTask<IHost> FreshAsync(TargetConfig target, CancellationToken cancellationToken)
    {
        if (IsLocal(target))
        {
            return local;
        }

        var host = distant.Of(target);
        await host.OpenAsync(cancellationToken);
        return host;
    }

    /// <summary>True for the firewall of this machine.</summary>
    public static bool IsLocal(TargetConfig target) => target.Target.Host == "local";
}
