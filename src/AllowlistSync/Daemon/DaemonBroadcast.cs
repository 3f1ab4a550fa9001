using System.Collections.Immutable;
using AllowlistSync.Core.State;
using Microsoft.Extensions.Logging;

namespace AllowlistSync.Daemon;

/// <summary>Tells the history and all listeners; none of them stops the others or a run.</summary>
internal sealed class DaemonBroadcast(IHistory history, ImmutableArray<IDaemonListener> listeners, ILogger log)
{
    /// <summary>A run ended.</summary>
    public async ValueTask RunEndedAsync(RunRecord run, CancellationToken cancellationToken)
    {
        try
        {
            await history.AddAsync(run, cancellationToken);
        }
        catch (StateException failure)
        {
            log.NotKept(run.Target, $"{failure.Message}; {failure.Remedy}");
        }

        await TellAsync(listener => listener.RunEndedAsync(run, cancellationToken));
    }

    /// <summary>A source was asked.</summary>
    public async ValueTask SourceAskedAsync(SourceStanding source, ListRecord? changed, CancellationToken cancellationToken)
    {
        if (changed is not null)
        {
            log.ListChanged(source.Name, changed.Added.Length, changed.Removed.Length, changed.IPv4, changed.IPv6);
        }

        foreach (var refusal in source.Refusals)
        {
            log.ListRefused(source.Name, $"{refusal.RuleId}: {refusal.Message}");
        }

        if (source.IsStale)
        {
            log.ListStale(source.Name, source.Age!.Value.TotalDays);
        }

        await TellAsync(listener => listener.SourceAskedAsync(source, changed, cancellationToken));
    }

    private async ValueTask TellAsync(Func<IDaemonListener, ValueTask> tell)
    {
        foreach (var listener in listeners)
        {
            try
            {
                await tell(listener);
            }
#pragma warning disable CA1031 // A listener with a bug must not stop a run, nor the other listeners.
            catch (Exception failure) when (failure is not OperationCanceledException)
#pragma warning restore CA1031
            {
                log.ListenerFailed(listener.GetType().Name, failure);
            }
        }
    }
}
