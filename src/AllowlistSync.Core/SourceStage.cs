using System.Collections.Immutable;
using System.Globalization;
using AllowlistSync.Core.Guards;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Sources;

namespace AllowlistSync.Core;

/// <summary>What became of one source in one run.</summary>
public sealed record SourceOutcome
{
    /// <summary>The source's name.</summary>
    public required string Name { get; init; }

    /// <summary>What may be planned with; null when nothing was ever believed.</summary>
    public required AcceptedRanges? InForce { get; init; }

    /// <summary>Why the list was not believed, or not fetched.</summary>
    public ImmutableArray<Refusal> Refusals { get; init; } = [];

    /// <summary>False when the source did not answer.</summary>
    public bool Answered { get; init; } = true;

    /// <summary>What a person may approve in spite of the refusals.</summary>
    public AcceptedRanges? IfAccepted { get; init; }

    /// <summary>What to remember, when the run writes.</summary>
    public SourceMemory? Next { get; init; }

    /// <summary>What to remember when the refused list was approved.</summary>
    public SourceMemory? NextIfAccepted { get; init; }

    /// <summary>What the operator should know.</summary>
    public ImmutableArray<Finding> Findings { get; init; } = [];
}

/// <summary>Source and guard: the first two words of the sentence. Fetches, judges, and falls back to what was believed before.</summary>
public sealed class SourceStage(GuardPolicy policy, TimeProvider time)
{
    /// <summary>Asks one source.</summary>
    /// <param name="source">The source.</param>
    /// <param name="memory">What is remembered of it.</param>
    /// <param name="mayUseEmbedded">True for a look; false when something is to be written.</param>
    /// <param name="cancellationToken">Ends the request.</param>
    public async ValueTask<SourceOutcome> CollectAsync(IRangeSource source, SourceMemory? memory, bool mayUseEmbedded, CancellationToken cancellationToken)
    {
        SourceOutcome outcome;
        try
        {
            var snapshot = await source.FetchAsync(memory?.LastGood, cancellationToken);
            outcome = Judged(source, GuardChain.For(source.Kind, policy).Judge(snapshot, memory, time.GetUtcNow()));
        }
        catch (SourceException failure)
        {
            outcome = new SourceOutcome { Name = source.Name, InForce = GuardChain.FallBack(memory), Refusals = [failure.Refusal], Answered = failure.Answered };
        }

        if (outcome.InForce is null && mayUseEmbedded && source.Embedded is { } embedded)
        {
            outcome = outcome with { InForce = GuardChain.Embedded(embedded) };
        }

        return outcome with { Findings = Findings(outcome) };
    }

    /// <summary>What can be said of a source without asking it: what is remembered.</summary>
    public SourceOutcome Recall(string source, SourceMemory? memory)
    {
        var outcome = new SourceOutcome { Name = source, InForce = GuardChain.FallBack(memory) };
        return outcome with { Findings = Findings(outcome) };
    }

    private static SourceOutcome Judged(IRangeSource source, GuardVerdict verdict) => new()
    {
        Name = source.Name,
        InForce = verdict.InForce,
        Refusals = verdict.Refusals,
        IfAccepted = verdict.IfAccepted,
        Next = verdict.Next,
        NextIfAccepted = verdict.NextIfAccepted,
    };

    private ImmutableArray<Finding> Findings(SourceOutcome outcome)
    {
        if (outcome.InForce is not { } ranges)
        {
            return [new Finding("no-list", Severity.Problem, $"source {outcome.Name}: no list was ever believed, so there is nothing to go by", "let this machine reach the source once; a list that was built in is shown by `diff` and never applied")];
        }

        var basis = ranges.Basis;
        if (basis.Provenance == Provenance.Embedded)
        {
            return [new Finding("embedded-list", Severity.Warning, $"source {outcome.Name}: shown with the list that was built into this program (etag {basis.ETag}); it is never applied", "let this machine reach the source, then run again")];
        }

        var age = time.GetUtcNow() - basis.FetchedAt;
        return age > policy.MaxAge
            ? [new Finding("list-stale", Severity.Warning, string.Create(CultureInfo.InvariantCulture, $"source {outcome.Name}: the last good list is {age.TotalDays:0.0} days old (guard.maxAge = {policy.MaxAge.TotalDays:0.#} days)"), "find out why the source cannot be reached; the old list stays in force")]
            : [];
    }
}
