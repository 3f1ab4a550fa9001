using System.Collections.Concurrent;
using System.Collections.Immutable;

namespace AllowlistSync.Core.Hosts;

/// <summary>
/// A host that answers a look from memory as long as nothing was changed in between: in one run no listing is made twice, no file read twice and no service asked twice,
/// however many targets are on the host. Whatever is not only a look makes it forget everything, before and after.
/// </summary>
public sealed class RememberingHost : IHost
{
    private readonly ConcurrentDictionary<string, CommandResult> _looks = new(StringComparer.Ordinal);
    private readonly IHost _inner;
    private readonly RememberedFiles _files;
    private readonly RememberedBus _bus;

    /// <summary>Remembers what a host says.</summary>
    public RememberingHost(IHost inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        _inner = inner;
        _files = new RememberedFiles(inner.Files, Forget);
        _bus = new RememberedBus(inner.Bus, Forget);
    }

    /// <inheritdoc/>
    public string Name => _inner.Name;

    /// <inheritdoc/>
    public IHostFiles Files => _files;

    /// <inheritdoc/>
    public ISystemBus Bus => _bus;

    /// <inheritdoc/>
    public async ValueTask<CommandResult> RunAsync(HostCommand command, CancellationToken cancellationToken)
    {
        if (command.OnlyLooks)
        {
            return _looks.TryGetValue(KeyOf(command), out var known) ? known : _looks[KeyOf(command)] = await _inner.RunAsync(command, cancellationToken);
        }

        Forget();
        try
        {
            return await _inner.RunAsync(command, cancellationToken);
        }
        finally
        {
            Forget();
        }
    }

    private void Forget()
    {
        _looks.Clear();
        _files.Forget();
        _bus.Forget();
    }

    private static string KeyOf(HostCommand command) => string.Join('\0', command.Arguments.Prepend(command.Program));

    /// <summary>Files that were read, by path.</summary>
    private sealed class RememberedFiles(IHostFiles inner, Action forgetAll) : IHostFiles
    {
        private readonly ConcurrentDictionary<string, HostFile?> _read = new(StringComparer.Ordinal);

        public void Forget() => _read.Clear();

        public async ValueTask<HostFile?> ReadAsync(string path, CancellationToken cancellationToken) =>
            _read.TryGetValue(path, out var known) ? known : _read[path] = await inner.ReadAsync(path, cancellationToken);

        public ValueTask<ImmutableArray<string>> ListAsync(string directory, CancellationToken cancellationToken) => inner.ListAsync(directory, cancellationToken);

        public async ValueTask ReplaceAsync(string path, ReadOnlyMemory<byte> content, UnixFileMode mode, CancellationToken cancellationToken)
        {
            forgetAll();
            try
            {
                await inner.ReplaceAsync(path, content, mode, cancellationToken);
            }
            finally
            {
                forgetAll();
            }
        }

        public async ValueTask DeleteAsync(string path, CancellationToken cancellationToken)
        {
            forgetAll();
            try
            {
                await inner.DeleteAsync(path, cancellationToken);
            }
            finally
            {
                forgetAll();
            }
        }

        // What was read before the lock was taken may have been changed by its last holder.
        public async ValueTask<IAsyncDisposable?> TryLockAsync(string path, CancellationToken cancellationToken)
        {
            var hold = await inner.TryLockAsync(path, cancellationToken);
            forgetAll();
            return hold;
        }
    }

    /// <summary>What services answered, by call.</summary>
    private sealed class RememberedBus(ISystemBus inner, Action forgetAll) : ISystemBus
    {
        private readonly ConcurrentDictionary<string, ImmutableArray<BusValue>> _answers = new(StringComparer.Ordinal);

        public void Forget() => _answers.Clear();

        public async ValueTask<ImmutableArray<BusValue>> CallAsync(BusCall call, CancellationToken cancellationToken)
        {
            if (call.OnlyLooks)
            {
                return _answers.TryGetValue(KeyOf(call), out var known) ? known : _answers[KeyOf(call)] = await inner.CallAsync(call, cancellationToken);
            }

            forgetAll();
            try
            {
                return await inner.CallAsync(call, cancellationToken);
            }
            finally
            {
                forgetAll();
            }
        }

        private static string KeyOf(BusCall call) => $"{call.Service}\0{call.Path}\0{call.Interface}\0{call.Method}\0{string.Join('\0', call.Arguments)}";
    }
}
