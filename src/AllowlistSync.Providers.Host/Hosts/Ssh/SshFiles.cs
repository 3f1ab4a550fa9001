using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using AllowlistSync.Core.Hosts;

namespace AllowlistSync.Providers.Host.Hosts.Ssh;

/// <summary>The files of a host that is reached by ssh: a script for each of the things that can be done, one way there and back.</summary>
internal sealed class SshFiles(SshConnection connection, string host) : IHostFiles
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <inheritdoc/>
    public async ValueTask<HostFile?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var answer = await connection.RunAsync(new RemoteTask($"read {path}", RemoteScripts.Read, [path], Limit) { OnlyLooks = true }, cancellationToken);
        if (answer.Word != "exit 0")
        {
            return SshErrors.IsAbsent(answer.Error) ? null : throw Failed(path, "read", answer);
        }

        var end = answer.Output.Span.IndexOf((byte)'\n');
        return new HostFile(answer.Output[(end + 1)..], (UnixFileMode)Convert.ToInt32(Encoding.ASCII.GetString(answer.Output.Span[..end]), 8));
    }

    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<string>> ListAsync(string directory, CancellationToken cancellationToken)
    {
        var answer = await connection.RunAsync(new RemoteTask($"list {directory}", RemoteScripts.List, [directory], Limit) { OnlyLooks = true }, cancellationToken);
        return answer.Word == "exit 0"
            ? [.. Encoding.UTF8.GetString(answer.Output.Span).Split('\0', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal)]
            : throw Failed(directory, "listed", answer);
    }

    /// <inheritdoc/>
    public async ValueTask ReplaceAsync(string path, ReadOnlyMemory<byte> content, UnixFileMode mode, CancellationToken cancellationToken)
    {
        var suffix = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
        ImmutableArray<string> words = [content.Length.ToString(CultureInfo.InvariantCulture), path, Convert.ToString((int)mode, 8), suffix];
        Demand(path, "written", await connection.RunAsync(new RemoteTask($"write {path}", RemoteScripts.Replace, words, Limit) { Input = content }, cancellationToken));
    }

    /// <inheritdoc/>
    public async ValueTask DeleteAsync(string path, CancellationToken cancellationToken) =>
        Demand(path, "taken away", await connection.RunAsync(new RemoteTask($"delete {path}", RemoteScripts.Delete, [path], Limit), cancellationToken));

    /// <inheritdoc/>
    public async ValueTask<IAsyncDisposable?> TryLockAsync(string path, CancellationToken cancellationToken)
    {
        var held = await connection.HoldAsync($"lock {path}", RemoteScripts.Lock, [path], cancellationToken);
        var isHeld = false;
        try
        {
            var line = await held.ReadLineAsync(Limit, cancellationToken);
            var word = line is not null && line.StartsWith(connection.Mark + " ", StringComparison.Ordinal) ? line[(connection.Mark.Length + 1)..] : "";
            isHeld = word == "held";
            if (isHeld)
            {
                connection.DependOn(held);
            }

            return word switch
            {
                "held" => new Hold(connection, held),
                "busy" => null,
                "none" => throw new HostException(HostFailure.FileFailed, $"{path} could not be locked on {host}: neither python3 nor perl (64 bits) is there to take a record lock; install python3 on the host"),
                "" => throw new HostException(HostFailure.FileFailed, $"{path} could not be locked on {host}: the connection was lost"),
                _ => throw new HostException(SshErrors.OfFile(word), $"{path} could not be locked on {host}: {word}"),
            };
        }
        finally
        {
            if (!isHeld)
            {
                await connection.LetGoAsync(held);
            }
        }
    }

    private void Demand(string path, string what, RemoteAnswer answer)
    {
        if (answer.Word != "exit 0")
        {
            throw Failed(path, what, answer);
        }
    }

    private HostException Failed(string path, string what, RemoteAnswer answer) => answer.Word == "short"
        ? new(HostFailure.FileFailed, $"{path} could not be {what} on {host}: the content did not get there as a whole; the file is as it was")
        : new(SshErrors.OfFile(answer.Error), $"{path} could not be {what} on {host}: {SshErrors.Shorten(answer.Error, answer.Word)}");

    private sealed class Hold(SshConnection connection, HeldProgram held) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => connection.LetGoAsync(held);
    }
}
