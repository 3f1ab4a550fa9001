using System.Collections.Immutable;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Providers.Host.Hosts;

namespace AllowlistSync.TestKit;

/// <summary>A sandbox as the host that providers work on: the program's own code, inside its namespaces.</summary>
public static class SandboxHost
{
    /// <summary>The host of a sandbox; every program is started behind these words as well.</summary>
    public static LocalHost Of(Sandbox sandbox, params ReadOnlySpan<string> prefix)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        return new LocalHost(new InsideFiles(sandbox), new SystemBus($"/proc/{sandbox.Pid}/root{SystemBus.DefaultSocket}"), [.. sandbox.EnterPrefix, .. prefix]);
    }

    private sealed class InsideFiles(Sandbox sandbox) : IHostFiles
    {
        private readonly LocalFiles _files = new();

        public ValueTask<HostFile?> ReadAsync(string path, CancellationToken cancellationToken) => Inside(() => _files.ReadAsync(path, cancellationToken));

        public ValueTask<ImmutableArray<string>> ListAsync(string directory, CancellationToken cancellationToken) => Inside(() => _files.ListAsync(directory, cancellationToken));

        public async ValueTask ReplaceAsync(string path, ReadOnlyMemory<byte> content, UnixFileMode mode, CancellationToken cancellationToken) =>
            await Inside(() => Done(_files.ReplaceAsync(path, content, mode, cancellationToken)));

        public async ValueTask DeleteAsync(string path, CancellationToken cancellationToken) => await Inside(() => Done(_files.DeleteAsync(path, cancellationToken)));

        public ValueTask<IAsyncDisposable?> TryLockAsync(string path, CancellationToken cancellationToken) => Inside(() => _files.TryLockAsync(path, cancellationToken));

        // LocalFiles has done its work when it returns; the thread that entered the sandbox is not left by an await.
        private async ValueTask<T> Inside<T>(Func<ValueTask<T>> work) => await sandbox.WithFilesAsync(() => work().AsTask().GetAwaiter().GetResult());

        private static ValueTask<bool> Done(ValueTask work)
        {
            work.AsTask().GetAwaiter().GetResult();
            return ValueTask.FromResult(true);
        }
    }
}
