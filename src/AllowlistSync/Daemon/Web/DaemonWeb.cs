using AllowlistSync.Configuration;
using AllowlistSync.Daemon.Web.Metrics;
using Microsoft.Extensions.Logging;

namespace AllowlistSync.Daemon.Web;

/// <summary>All that a daemon shows of itself: counted and served from its start to its end, over all reloads of the configuration.</summary>
internal sealed partial class DaemonWeb : IAsyncDisposable
{
    private readonly ILogger _log;
    private readonly WebEndpoints _endpoints;
    private readonly IDisposable? _export;

    /// <summary>Counts from now on, and exports where the environment says so; serves nothing yet.</summary>
    public DaemonWeb(IDaemonBoard board, ILogger log)
    {
        _log = log;
        Metrics = new DaemonMetrics(board.Look, Process);
        _endpoints = new WebEndpoints(new WebPages(board.Look, Metrics.Measure), log);
        var now = board.Look();
        _export = OtlpExport.Start(now.Version, now.Node);
    }

    /// <summary>To be told of runs and sources.</summary>
    public DaemonMetrics Metrics { get; }

    /// <summary>Serves as the configuration says, and logs where, or why not; to be called at the start and after each reload.</summary>
    public async Task ServeAsync(ListenConfig listen, CancellationToken cancellationToken)
    {
        if (await _endpoints.ServeAsync(listen, cancellationToken) is { } problem)
        {
            LogProblem(_log, problem.Message, problem.Remedy);
        }
        else if (_endpoints.Address is { } address)
        {
            LogServed(_log, listen.Tls is null ? "http" : "https", address.ToString());
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _endpoints.DisposeAsync();
        _export?.Dispose();
        Metrics.Dispose();
    }

    [LoggerMessage(600, LogLevel.Information, "health, metrics and the status page: {Scheme}://{Address}/")]
    private static partial void LogServed(ILogger log, string scheme, string address);

    [LoggerMessage(601, LogLevel.Error, "{Problem}; {Remedy}")]
    private static partial void LogProblem(ILogger log, string problem, string remedy);

    private static ProcessNumbers Process()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        return new(new DateTimeOffset(process.StartTime).ToUniversalTime(), Environment.WorkingSet);
    }
}
