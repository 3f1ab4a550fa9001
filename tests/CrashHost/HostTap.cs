using System.Collections.Immutable;
using AllowlistSync.Core.Hosts;

namespace AllowlistSync.CrashHost;

/// <summary>One thing that a provider asked of its host.</summary>
/// <param name="Changes">True when it may change something.</param>
public abstract record HostOperation(bool Changes);

/// <summary>A program was to be run.</summary>
/// <param name="Command">The program.</param>
/// <param name="Changes">True when it may change something.</param>
public sealed record ProgramRun(HostCommand Command, bool Changes) : HostOperation(Changes);

/// <summary>A file was to be read, replaced, taken away or locked.</summary>
/// <param name="Verb">What was to be done.</param>
/// <param name="Path">The file.</param>
/// <param name="Changes">True when its content changes.</param>
public sealed record FileUse(string Verb, string Path, bool Changes) : HostOperation(Changes);

/// <summary>A method of a service was to be called.</summary>
/// <param name="Call">The call.</param>
/// <param name="Changes">True when it may change something.</param>
public sealed record BusUse(BusCall Call, bool Changes) : HostOperation(Changes)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Call}({string.Join(", ", Call.Arguments.Select(argument => $"{argument}").Select(text => text.Length > 60 ? text[..60] + "..." : text))})";
}

/// <summary>Stands between a provider and its host: counts, and lets a test act before something is done, in its place, or after it.</summary>
public sealed class HostTap : IHost
{
    private readonly IHost _inner;
    private int _calls;

    /// <summary>Listens between a provider and a host.</summary>
    public HostTap(IHost inner)
    {
        ArgumentNullException.ThrowIfNull(inner);
        _inner = inner;
        Files = new TappedFiles(this, inner.Files);
        Bus = new TappedBus(this, inner.Bus);
    }

    /// <summary>Acts before the command; a result that is not null is given in place of running it.</summary>
    public Func<int, HostCommand, Task<CommandResult?>>? Before { get; set; }

    /// <summary>Acts when the command has run; its result takes the place of the true one.</summary>
    public Func<int, HostCommand, CommandResult, CommandResult>? After { get; set; }

    /// <summary>Acts before anything else than a command; what it throws is given in place of doing it.</summary>
    public Func<int, HostOperation, Task>? BeforeOther { get; set; }

    /// <summary>Acts when anything else than a command was done; what it throws is the answer.</summary>
    public Action<int, HostOperation>? AfterOther { get; set; }

    /// <summary>Acts when a service has answered; its result takes the place of the true one.</summary>
    public Func<BusCall, ImmutableArray<BusValue>, ImmutableArray<BusValue>>? AfterCall { get; set; }

    /// <summary>What was asked, in order.</summary>
    public ImmutableArray<HostOperation> Operations { get; private set; } = [];

    /// <summary>How many programs were run, or would have been.</summary>
    public int Programs => Operations.OfType<ProgramRun>().Count();

    /// <summary>How many things were asked.</summary>
    public int Calls => Operations.Length;

    /// <inheritdoc/>
    public string Name => _inner.Name;

    /// <inheritdoc/>
    public IHostFiles Files { get; }

    /// <inheritdoc/>
    public ISystemBus Bus { get; }

    /// <summary>Tells which commands change something; without it those that do not say that they only look.</summary>
    public Func<HostCommand, bool> IsWrite { get; set; } = command => !command.OnlyLooks;

    /// <summary>Forgets what was set and counted.</summary>
    public void Reset()
    {
        Before = null;
        After = null;
        BeforeOther = null;
        AfterOther = null;
        AfterCall = null;
        Operations = [];
        _calls = 0;
    }

    /// <inheritdoc/>
    public async ValueTask<CommandResult> RunAsync(HostCommand command, CancellationToken cancellationToken)
    {
        var number = Note(new ProgramRun(command, IsWrite(command)));
        if (Before is { } before && await before(number, command) is { } answer)
        {
            return answer;
        }

        var result = await _inner.RunAsync(command, cancellationToken);
        return After is { } after ? after(number, command, result) : result;
    }

    // Programs may be run side by side.
    private int Note(HostOperation operation)
    {
        lock (Files)
        {
            Operations = Operations.Add(operation);
            return _calls++;
        }
    }

    private async ValueTask<T> PassAsync<T>(HostOperation operation, Func<ValueTask<T>> work)
    {
        var number = Note(operation);
        if (BeforeOther is { } before)
        {
            await before(number, operation);
        }

        var result = await work();
        AfterOther?.Invoke(number, operation);
        return result;
    }

    private sealed class TappedFiles(HostTap tap, IHostFiles inner) : IHostFiles
    {
        public ValueTask<HostFile?> ReadAsync(string path, CancellationToken cancellationToken) =>
            tap.PassAsync(new FileUse("read", path, Changes: false), () => inner.ReadAsync(path, cancellationToken));

        public ValueTask<ImmutableArray<string>> ListAsync(string directory, CancellationToken cancellationToken) =>
            tap.PassAsync(new FileUse("list", directory, Changes: false), () => inner.ListAsync(directory, cancellationToken));

        public async ValueTask ReplaceAsync(string path, ReadOnlyMemory<byte> content, UnixFileMode mode, CancellationToken cancellationToken) =>
            await tap.PassAsync(new FileUse("replace", path, Changes: true), () => Done(inner.ReplaceAsync(path, content, mode, cancellationToken)));

        public async ValueTask DeleteAsync(string path, CancellationToken cancellationToken) =>
            await tap.PassAsync(new FileUse("delete", path, Changes: true), () => Done(inner.DeleteAsync(path, cancellationToken)));

        public ValueTask<IAsyncDisposable?> TryLockAsync(string path, CancellationToken cancellationToken) =>
            tap.PassAsync(new FileUse("lock", path, Changes: false), () => inner.TryLockAsync(path, cancellationToken));

        private static async ValueTask<bool> Done(ValueTask work)
        {
            await work;
            return true;
        }
    }

    private sealed class TappedBus(HostTap tap, ISystemBus inner) : ISystemBus
    {
        public async ValueTask<ImmutableArray<BusValue>> CallAsync(BusCall call, CancellationToken cancellationToken)
        {
            var answer = await tap.PassAsync(new BusUse(call, !call.OnlyLooks), () => inner.CallAsync(call, cancellationToken));
            return tap.AfterCall is { } after ? after(call, answer) : answer;
        }
    }
}
