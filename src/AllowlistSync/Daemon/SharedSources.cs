using System.Collections.Immutable;
using AllowlistSync.Configuration;
using AllowlistSync.Core;
using AllowlistSync.Core.State;

namespace AllowlistSync.Daemon;

/// <summary>The lists of the daemon: each is asked once for all targets of a tick, and not at all for drift, which is mended by what was believed last.</summary>
internal sealed class SharedSources : IDisposable
{
    private readonly ImmutableArray<Slot> _slots;
    private readonly AllowlistConfig _config;
    private readonly SourceDesk _desk;
    private readonly IHistory _history;
    private readonly TimeProvider _time;
    private readonly Func<SourceStanding, ListRecord?, CancellationToken, ValueTask> _tell;

    /// <summary>The sources of a configuration; asks nobody.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="state">What is remembered.</param>
    /// <param name="time">The clock.</param>
    /// <param name="tell">Is told of each answer.</param>
    public SharedSources(AllowlistConfig config, IStateStore state, TimeProvider time, Func<SourceStanding, ListRecord?, CancellationToken, ValueTask> tell)
    {
        (_config, _history, _time, _tell) = (config, state.History, time, tell);
        _desk = new SourceDesk(config.Guard, state, time);
        _slots = [.. config.Sources.Select(source => new Slot(source))];
    }

    /// <summary>How the sources stand.</summary>
    public ImmutableArray<SourceStanding> Standings => [.. _slots.Select(slot => Aged(slot.Standing))];

    /// <summary>Reads what is remembered, so that the first look at the board shows it.</summary>
    public async Task RecallAsync(CancellationToken cancellationToken)
    {
        foreach (var slot in _slots)
        {
            await slot.Gate.WaitAsync(cancellationToken);
            try
            {
                Keep(slot, await _desk.RecallAsync(slot.Source, cancellationToken));
                slot.Standing = slot.Standing with { Lists = await _history.ListsAsync(slot.Source.Name, ShownLists, cancellationToken) };
            }
            finally
            {
                slot.Gate.Release();
            }
        }
    }

    /// <summary>Sees to it that lists are known.</summary>
    /// <param name="names">The sources.</param>
    /// <param name="due">An answer that was asked for since then will do; null for whatever is known, if anything is.</param>
    /// <param name="patience">The longest random wait before a source is asked, so that many servers do not ask at one moment.</param>
    /// <param name="runId">The run.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task AskAsync(ImmutableArray<string> names, DateTimeOffset? due, TimeSpan patience, string runId, CancellationToken cancellationToken) =>
        Task.WhenAll(SlotsOf(names).Select(slot => AskAsync(slot, due, patience, runId, cancellationToken)));

    /// <summary>Whether each of some sources has ranges in force.</summary>
    public bool AreKnown(ImmutableArray<string> names) => SlotsOf(names).All(slot => slot.Outcome is { InForce: not null });

    /// <summary>The newest answers of sources that were asked or recalled: what is to be planned with.</summary>
    public ImmutableArray<SourceOutcome> Newest(ImmutableArray<string> names) => [.. SlotsOf(names).Select(slot => slot.Outcome!)];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var slot in _slots)
        {
            slot.Gate.Dispose();
        }
    }

    private const int ShownLists = 20;

    private IEnumerable<Slot> SlotsOf(ImmutableArray<string> names) => _slots.Where(slot => names.Contains(slot.Source.Name));

    // Whatever is known will do for drift, which waits for nobody who waits for an answer.
    private bool Suffices(Slot slot, DateTimeOffset? due) => slot.Outcome is { InForce: not null } && (due is null || IsAnswer(slot.Standing.AskedAt, due.Value));

    private async Task AskAsync(Slot slot, DateTimeOffset? due, TimeSpan patience, string runId, CancellationToken cancellationToken)
    {
        if (Suffices(slot, due))
        {
            return;
        }

        // Ahead of the gate: the first list is waited for there by the run of a start, which should not have to for this.
        await Task.Delay(slot.ShareAt(due) * patience, _time, cancellationToken);
        await slot.Gate.WaitAsync(cancellationToken);
        try
        {
            if (Suffices(slot, due))
            {
                return;
            }

            var asked = _time.GetUtcNow();
            var fetch = await _desk.FetchAsync(slot.Source, runId, cancellationToken);
            Keep(slot, fetch);
            var lists = fetch.Change is null ? slot.Standing.Lists : [.. slot.Standing.Lists.Append(fetch.Change).TakeLast(ShownLists)];
            slot.Standing = slot.Standing with { AskedAt = asked, Answered = fetch.Outcome.Answered, Refusals = fetch.Outcome.Refusals, Lists = lists };
            await _tell(Aged(slot.Standing), fetch.Change, cancellationToken);
        }
        finally
        {
            slot.Gate.Release();
        }
    }

    // A time that has not come yet is of a clock that was set back since, and says nothing.
    private bool IsAnswer(DateTimeOffset? asked, DateTimeOffset due) => asked >= due && asked <= _time.GetUtcNow();

    private static void Keep(Slot slot, SourceFetch fetch)
    {
        slot.Outcome = fetch.Outcome;
        slot.Standing = slot.Standing with { Memory = fetch.Memory };
    }

    private SourceStanding Aged(SourceStanding standing)
    {
        var age = _time.GetUtcNow() - standing.Memory?.LastGood.FetchedAt;
        return standing with { Age = age, IsStale = age > _config.Guard.MaxAge };
    }

    private sealed class Slot(SourceConfig source)
    {
        private readonly Lock _turn = new();
        private (DateTimeOffset? Due, double Share) _tick;

        public SourceConfig Source { get; } = source;

        public SemaphoreSlim Gate { get; } = new(1);

        public SourceOutcome? Outcome { get; set; }

        public SourceStanding Standing { get; set; } = new(source.Name);

        /// <summary>How much of the longest wait is waited at a tick: the same for all targets, so that they ask together.</summary>
        public double ShareAt(DateTimeOffset? due)
        {
            lock (_turn)
            {
                _tick = _tick.Due == due ? _tick : (due, Random.Shared.NextDouble());
                return _tick.Share;
            }
        }
    }
}
