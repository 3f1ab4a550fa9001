using System.Runtime.CompilerServices;
using AllowlistSync.Core.Hosts;

namespace AllowlistSync.Providers.Host.Hosts.Ssh;

/// <summary>Watches a host over its connection: a program's lines, one channel for each. Files and signals are not watched there.</summary>
internal sealed class SshWatcher(SshConnection connection, string host) : IHostWatcher
{
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

            throw new HostException(HostFailure.CannotStart, $"{watch} ended on {host}: {SshErrors.Shorten((await held.EndAsync(Patience, cancellationToken))?.Error ?? "", "the connection was lost")}");
        }
        finally
        {
            await connection.LetGoAsync(held);
        }
    }

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
}
