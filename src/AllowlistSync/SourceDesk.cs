using System.Collections.Immutable;
using AllowlistSync.Configuration;
using AllowlistSync.Core;
using AllowlistSync.Core.Guards;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.Sources;
using AllowlistSync.Core.State;

namespace AllowlistSync;

/// <summary>Asks sources, each with what is remembered of it; the one way of fetching and judging of all commands.</summary>
internal sealed class SourceDesk(GuardPolicy policy, IStateStore state, TimeProvider time)
{
    private readonly SourceStage _stage = new(policy, time);

    /// <summary>Looks at several, side by side.</summary>
    public async Task<ImmutableArray<SourceOutcome>> LookAsync(IEnumerable<SourceConfig> sources, CancellationToken cancellationToken) =>
        [.. await Task.WhenAll(sources.Select(source => LookAsync(source, cancellationToken)))];

    /// <summary>Asks several, side by side, and remembers their answers.</summary>
    public async Task<ImmutableArray<SourceOutcome>> FetchAsync(IEnumerable<SourceConfig> sources, string runId, CancellationToken cancellationToken) =>
        [.. (await Task.WhenAll(sources.Select(source => FetchAsync(source, runId, cancellationToken)))).Select(fetch => fetch.Outcome)];

    /// <summary>Asks a source and remembers nothing; may fall back on what was built in, and goes on without a state that it may not read.</summary>
    public async Task<SourceOutcome> LookAsync(SourceConfig source, CancellationToken cancellationToken)
    {
        SourceMemory? memory = null;
        Finding? finding = null;
        try
        {
            memory = await state.LoadSourceAsync(source.Name, cancellationToken);
        }
        catch (StateException unreadable)
        {
            finding = new Finding("state-unreadable", Severity.Warning, $"source {source.Name}: {unreadable.Message}; what was believed before is not known to this look", unreadable.Remedy);
        }

        var outcome = await _stage.CollectAsync(Composition.Source(source, time), memory, mayUseEmbedded: true, cancellationToken);
        return finding is null ? outcome : outcome with { Findings = outcome.Findings.Add(finding) };
    }

    /// <summary>Asks a source and remembers its answer, before any target is touched: a list that began to lose a range keeps its date whatever happens next. Nobody else asks it meanwhile.</summary>
    public async Task<SourceFetch> FetchAsync(SourceConfig source, string runId, CancellationToken cancellationToken)
    {
        await using var hold = await state.LockSourceAsync(source.Name, runId, cancellationToken);
        var memory = await state.LoadSourceAsync(source.Name, cancellationToken);
        var outcome = await _stage.CollectAsync(Composition.Source(source, time), memory, mayUseEmbedded: false, cancellationToken);
        if (outcome.Next is null)
        {
            return new SourceFetch(outcome, memory, null);
        }

        await state.SaveSourceAsync(source.Name, outcome.Next, cancellationToken);
        var change = RunRecords.Of(memory, outcome.Next);
        return change is null
            ? new SourceFetch(outcome, outcome.Next, null)
            : new SourceFetch(await KeepAsync(outcome, change, cancellationToken), outcome.Next, change);
    }

    /// <summary>What is remembered of a source, without asking it.</summary>
    public async Task<SourceFetch> RecallAsync(SourceConfig source, CancellationToken cancellationToken)
    {
        var memory = await state.LoadSourceAsync(source.Name, cancellationToken);
        return new SourceFetch(_stage.Recall(source.Name, memory), memory, null);
    }

    // The list is in force; a history with a gap is told and stops nobody.
    private async ValueTask<SourceOutcome> KeepAsync(SourceOutcome outcome, ListRecord change, CancellationToken cancellationToken)
    {
        try
        {
            await state.History.AddAsync(change, cancellationToken);
            return outcome;
        }
        catch (StateException failure)
        {
            return outcome with { Findings = outcome.Findings.Add(new Finding("history-not-kept", Severity.Warning, failure.Message, failure.Remedy)) };
        }
    }
}

/// <summary>What came of asking a source.</summary>
/// <param name="Outcome">For the run.</param>
/// <param name="Memory">What is remembered now.</param>
/// <param name="Change">Set when its list became another one.</param>
internal sealed record SourceFetch(SourceOutcome Outcome, SourceMemory? Memory, ListRecord? Change);
