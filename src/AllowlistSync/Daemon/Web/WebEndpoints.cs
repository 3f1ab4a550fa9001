using System.Net;
using AllowlistSync.Configuration;
using AllowlistSync.Core.Providers;
using Microsoft.Extensions.Logging;

namespace AllowlistSync.Daemon.Web;

/// <summary>
/// Serves health, metrics and the status page. That it cannot is a problem to be told, and never a reason to stop: firewalls are the
/// daemon's job, and whoever asks /readyz learns from silence.
/// </summary>
internal sealed class WebEndpoints(WebPages pages, ILogger log) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly SemaphoreSlim _oneAtATime = new(1, 1);
    private WebServer? _server;

    /// <summary>Where it listens; null while it does not.</summary>
    public IPEndPoint? Address => _server?.Address;

    /// <summary>
    /// Serves as the configuration says; to be called at the start and after each reload. What serves already as it should is left
    /// alone, and what failed before is tried again.
    /// </summary>
    /// <returns>What kept it from serving; null when nothing did. The caller tells it.</returns>
    public async Task<Finding?> ServeAsync(ListenConfig listen, CancellationToken cancellationToken)
    {
        await _oneAtATime.WaitAsync(cancellationToken);
        try
        {
            if (_server is { } running && Same(running.Listen, listen))
            {
                return null;
            }

            await StopAsync();
            if (listen.Address is null)
            {
                return null;
            }

            (_server, var problem) = await WebServer.TryStartAsync(listen, pages, log, cancellationToken);
            return problem;
        }
        finally
        {
            _oneAtATime.Release();
        }
    }

    /// <summary>Ends what is being served; open requests have two seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _oneAtATime.Dispose();
    }

    // Secrets are compared by what they hold: each reading of the configuration makes a new one.
    private static bool Same(ListenConfig one, ListenConfig other) =>
        one.Token?.Reveal() == other.Token?.Reveal() && (one with { Token = null }) == (other with { Token = null });

    private async ValueTask StopAsync()
    {
        if (_server is { } server)
        {
            _server = null;
            using var limit = new CancellationTokenSource(Patience);
            await server.StopAsync(limit.Token);
        }
    }
}
