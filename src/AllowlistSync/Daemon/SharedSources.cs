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

    /// <summary>What is to be planned with.</summary>
    /// <param name="names">The sources.</param>
    /// <param name="due">An answer that was asked for since then will do; null for whatever is known, if anything is.</param>
    /// <param name="patience">The longest random wait before a source is asked, so that many servers do not ask at one moment.</param>
    /// <param name="runId">The run.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async Task<ImmutableArray<SourceOutcome>> GetAsync(ImmutableArray<string> names, DateTimeOffset? due, TimeSpan patience, string runId, CancellationToken cancellationToken) =>
        [.. await Task.WhenAll(_slots.Where(slot => names.Contains(slot.Source.Name)).Select(slot => GetAsync(slot, due, patience, runId, cancellationToken)))];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var slot in _slots)
        {
            slot.Gate.Dispose();
        }
    }

    private const int ShownLists = 20;

    private async Task<SourceOutcome> GetAsync(Slot slot, DateTimeOffset? due, TimeSpan patience, string runId, CancellationToken cancellationToken)
    {
        await slot.Gate.WaitAsync(cancellationToken);
        try
        {
            if (slot.Outcome is { InForce: not null } known && (due is null || slot.Standing.AskedAt >= due))
            {
                return known;
            }

            await Task.Delay(Random.Shared.NextDouble() * patience, _time, cancellationToken);
            var asked = _time.GetUtcNow();
            var fetch = await _desk.FetchAsync(slot.Source, runId, cancellationToken);
            Keep(slot, fetch);
            var lists = fetch.Change is null ? slot.Standing.Lists : [.. slot.Standing.Lists.Append(fetch.Change).TakeLast(ShownLists)];
            slot.Standing = slot.Standing with { AskedAt = asked, Answered = fetch.Outcome.Answered, Refusals = fetch.Outcome.Refusals, Lists = lists };
            await _tell(Aged(slot.Standing), fetch.Change, cancellationToken);
            return fetch.Outcome;
        }
        finally
        {
            slot.Gate.Release();
        }
    }

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
        public SourceConfig Source { get; } = source;

        public SemaphoreSlim Gate { get; } = new(1);

        public SourceOutcome? Outcome { get; set; }

        public SourceStanding Standing { get; set; } = new(source.Name);
    }
}
