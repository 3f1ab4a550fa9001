using System.Collections.Immutable;
using AllowlistSync.Core.Hosts;

namespace AllowlistSync.Providers.Host.Hosts.Ssh;

/// <summary>The system bus of a host that is reached by ssh: a socket here leads to the bus there. The bus sees the user who signed in, so sudo does not reach it.</summary>
internal sealed class SshBus(SshConnection connection, string host, bool isSudo) : ISystemBus
{
    private readonly Lock _gate = new();
    private Task<SystemBus>? _bus;
    private int _generation;

    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<BusValue>> CallAsync(BusCall call, CancellationToken cancellationToken)
    {
        if (isSudo)
        {
            throw new HostException(HostFailure.Denied, $"{call} was not called: the system bus of {host} sees the user who signs in, and not sudo's; sign in as root (ssh://root@host) for this target");
        }

        var bus = await ForwardAsync(cancellationToken);
        try
        {
            return await bus.CallAsync(call, cancellationToken);
        }
        catch (HostException failed)
        {
            throw new HostException(failed.Failure, $"{host}: {failed.Message}", failed);
        }
    }

    private async ValueTask<SystemBus> ForwardAsync(CancellationToken cancellationToken)
    {
        try
        {
            var shell = await connection.OpenAsync(cancellationToken);
            Task<SystemBus> bus;
            lock (_gate)
            {
                if (_bus is null or { IsFaulted: true } or { IsCanceled: true } || _generation != connection.Generation)
                {
                    _generation = connection.Generation;
                    _bus = OpenAsync(shell, cancellationToken);
                }

                bus = _bus;
            }

            return await bus;
        }
        catch (SshLoginException failure)
        {
            throw new HostException(HostFailure.CannotStart, $"the system bus of {host} was not asked: {failure.Message}", failure);
        }
    }

    private async Task<SystemBus> OpenAsync(RemoteShell shell, CancellationToken cancellationToken) =>
        new(await connection.ForwardAsync(SystemBus.DefaultSocket, cancellationToken), shell.User);
}
