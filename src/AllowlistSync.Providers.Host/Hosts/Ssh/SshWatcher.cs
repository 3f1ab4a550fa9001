using System.Runtime.CompilerServices;
using AllowlistSync.Core.Hosts;

namespace AllowlistSync.Providers.Host.Hosts.Ssh;

/// <summary>Watches a host over its connection: a program's lines, one channel for each. Files and signals are not watched there.</summary>
internal sealed class SshWatcher(SshConnection connection, string host) : IHostWatcher
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <inheritdoc/>
    public IAsyncEnumerable<string> WatchAsync(HostWatch watch, CancellationToken cancellationToken) => watch is ProgramWatch program
        ? LinesAsync(program, cancellationToken)
        : throw new ArgumentOutOfRangeException(nameof(watch), watch, "a kind of watch that is not done over ssh");

    private async IAsyncEnumerable<string> LinesAsync(ProgramWatch watch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        var held = await connection.HoldAsync($"{watch.Program} {watch.Argument}", RemoteScripts.Watch, [watch.Program, watch.Argument], cancellationToken);
        try
        {
            yield return LocalWatcher.Begun;
            while (await held.ReadLineAsync(Timeout.InfiniteTimeSpan, cancellationToken) is { } line)
            {
                yield return line;
            }

            throw Ended(watch, (await held.EndAsync(Patience, cancellationToken))?.Error ?? "");
        }
        finally
        {
            await connection.LetGoAsync(held);
        }
    }

    private HostException Ended(ProgramWatch watch, string said)
    {
        var at = said.IndexOf(connection.Mark, StringComparison.Ordinal);
        return at >= 0 && said[at..].TrimEnd() == $"{connection.Mark} missing"
            ? new HostException(HostFailure.NotFound, $"{watch.Program} is not installed on {host}")
            : new HostException(HostFailure.CannotStart, $"{watch} ended on {host}: {SshErrors.Shorten(at < 0 ? said : said[..at], at < 0 ? "the connection was lost" : "it said nothing")}");
    }
}
