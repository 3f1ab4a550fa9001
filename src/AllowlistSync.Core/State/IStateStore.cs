using System.Collections.Immutable;
using AllowlistSync.Core.Sources;

namespace AllowlistSync.Core.State;

/// <summary>What is kept between two runs. Unreadable is an exception (<see cref="StateException"/>), absent is null.</summary>
public interface IStateStore : ISourceBooks
{
    /// <summary>For messages: where the state is kept.</summary>
    string Place { get; }

    /// <summary>Takes the state for a daemon until disposed. Throws <see cref="TargetLockedException"/> when another daemon of this node has it.</summary>
    ValueTask<IAsyncDisposable> LockDaemonAsync(CancellationToken cancellationToken);

    /// <summary>Moves aside what is damaged, so that the rest can be worked with, and says what, a sentence each; none when all is whole. What a run is working with is left for the next time.</summary>
    ValueTask<ImmutableArray<string>> SetAsideDamagedAsync(CancellationToken cancellationToken);

    /// <summary>The state of one target.</summary>
    ITargetState Target(string target);

    /// <summary>What happened before.</summary>
    IHistory History { get; }

    /// <summary>What people were told.</summary>
    INoticeBook Notices { get; }
}

/// <summary>What is remembered of sources.</summary>
public interface ISourceBooks
{
    /// <summary>What is remembered of a source.</summary>
    ValueTask<SourceMemory?> LoadSourceAsync(string source, CancellationToken cancellationToken);

    /// <summary>Remembers a source, all or nothing.</summary>
    ValueTask SaveSourceAsync(string source, SourceMemory memory, CancellationToken cancellationToken);

    /// <summary>Takes a source for this process until disposed, so that nobody judges a fetch by what another run has just replaced. Waits for another holder; throws <see cref="StateException"/> when it does not let go in time.</summary>
    ValueTask<IAsyncDisposable> LockSourceAsync(string source, string purpose, CancellationToken cancellationToken);
}

/// <summary>What happened, for people: nothing is ever decided by it. Old entries are forgotten.</summary>
public interface IHistory
{
    /// <summary>Adds a run.</summary>
    ValueTask AddAsync(RunRecord run, CancellationToken cancellationToken);

    /// <summary>The newest runs of a target, oldest first.</summary>
    ValueTask<ImmutableArray<RunRecord>> RunsAsync(string target, int newest, CancellationToken cancellationToken);

    /// <summary>Adds a list that replaced another.</summary>
    ValueTask AddAsync(ListRecord list, CancellationToken cancellationToken);

    /// <summary>The newest lists of a source, oldest first.</summary>
    ValueTask<ImmutableArray<ListRecord>> ListsAsync(string source, int newest, CancellationToken cancellationToken);
}

/// <summary>What is kept of one target.</summary>
public interface ITargetState
{
    /// <summary>Takes the target for this process until disposed. Throws <see cref="TargetLockedException"/> when another run has it.</summary>
    ValueTask<IAsyncDisposable> LockAsync(string purpose, CancellationToken cancellationToken);

    /// <summary>Asked right before a target is changed: throws <see cref="StateException"/> when the lock that was taken here is no longer ours, because it was lost while this process, or what it needs, stood still.</summary>
    ValueTask EnsureHeldAsync(CancellationToken cancellationToken);

    /// <summary>The last receipt, or null.</summary>
    ValueTask<Receipt?> LoadReceiptAsync(CancellationToken cancellationToken);

    /// <summary>Replaces the receipt, all or nothing.</summary>
    ValueTask SaveReceiptAsync(Receipt receipt, CancellationToken cancellationToken);

    /// <summary>Adds a line to the journal.</summary>
    ValueTask AppendAsync(JournalEntry entry, CancellationToken cancellationToken);

    /// <summary>The newest lines of the journal, oldest first. A torn last line is left out.</summary>
    ValueTask<ImmutableArray<JournalEntry>> ReadJournalAsync(int newest, CancellationToken cancellationToken);
}

/// <summary>Another run works on the target.</summary>
public sealed class TargetLockedException(string target, string holder)
    : Exception($"target {target} is being worked on by {holder}")
{
    /// <summary>Who holds it: process id, purpose, since when.</summary>
    public string Holder { get; } = holder;
}

/// <summary>The state could not be read or written.</summary>
public sealed class StateException(string message, string remedy, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>What a person can do.</summary>
    public string Remedy { get; } = remedy;
}
