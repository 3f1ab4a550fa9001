using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Sources;

namespace AllowlistSync.Core.Guards;

/// <summary>What the guards say about one source in one run.</summary>
/// <param name="InForce">What may be planned with: the new list, or after a refusal the last known good one; null when there is none.</param>
/// <param name="Next">What is to be remembered once the run has been carried out; null when nothing changes.</param>
/// <param name="Refusals">Why the new list was not believed; empty when it was.</param>
/// <param name="IfAccepted">What a person may approve in spite of the refusals; null when a refusal cannot be overridden.</param>
/// <param name="NextIfAccepted">What is to be remembered in that case.</param>
public sealed record GuardVerdict(
    AcceptedRanges? InForce,
    SourceMemory? Next,
    ImmutableArray<Refusal> Refusals,
    AcceptedRanges? IfAccepted = null,
    SourceMemory? NextIfAccepted = null);

/// <summary>Runs every guard of a source over a snapshot; the only maker of <see cref="AcceptedRanges"/>. Pure.</summary>
public sealed class GuardChain
{
    private readonly ImmutableArray<IGuard> _guards;
    private readonly GuardPolicy _policy;

    private GuardChain(ImmutableArray<IGuard> guards, GuardPolicy policy)
    {
        _guards = guards;
        _policy = policy;
    }

    /// <summary>The guards for a kind of source. What an operator wrote himself is not measured against Cloudflare's habits.</summary>
    public static GuardChain For(SourceKind kind, GuardPolicy policy) => new(
        kind switch
        {
            SourceKind.Cloudflare => [new EmptyGuard(), new BothFamiliesGuard(), new MinPrefixesGuard(), new WidthGuard(), new PublicUnicastGuard(), new DuplicateGuard(), new ChangeGuard(), new AgreementGuard()],
            SourceKind.Url => [new EmptyGuard(), new WidthGuard(), new PublicUnicastGuard(), new ChangeGuard()],
            SourceKind.File => [new EmptyGuard(), new WidthGuard(), new ChangeGuard()],
            _ => [new EmptyGuard(), new WidthGuard()],
        },
        policy);

    /// <summary>Judges what a source says now.</summary>
    /// <param name="candidate">The snapshot.</param>
    /// <param name="memory">What is remembered of the source; null on a first run.</param>
    /// <param name="now">The time of the run.</param>
    public GuardVerdict Judge(RangeSnapshot candidate, SourceMemory? memory, DateTimeOffset now)
    {
        var subject = new GuardCase(candidate, Measure(memory), _policy);
        ImmutableArray<Refusal> refusals = [.. _guards.SelectMany(guard => guard.Judge(subject))];
        var next = Accept(candidate, candidate.Ranges, memory, now);
        if (refusals.IsEmpty)
        {
            return new GuardVerdict(Permit(next), next, refusals);
        }

        var approved = next with { Pending = [.. next.Pending.Select(removal => removal with { Approved = true })] };
        var overridable = refusals.All(refusal => refusal.CanBeAccepted);
        var kept = refusals.All(refusal => refusal.RuleId == AgreementGuard.RuleId) ? Keep(candidate, memory, now) : memory;
        return new GuardVerdict(
            kept is null ? null : Permit(kept with { LastGood = kept.LastGood with { Provenance = Provenance.LastKnownGood } }),
            kept == memory ? null : kept,
            refusals,
            overridable ? Permit(approved) : null,
            overridable ? approved : null);
    }

    /// <summary>The ranges to go on with when the source gave no list: the last known good ones.</summary>
    public static AcceptedRanges? FallBack(SourceMemory? memory) =>
        memory is null ? null : Permit(memory with { LastGood = memory.LastGood with { Provenance = Provenance.LastKnownGood } });

    /// <summary>The ranges built into the program, for a first look without network. The caller lets them be shown and never applied.</summary>
    public static AcceptedRanges Embedded(RangeSnapshot embedded) =>
        embedded.Provenance == Provenance.Embedded
            ? new AcceptedRanges(embedded.Source, embedded.Ranges, [], embedded)
            : throw new ArgumentException("Only the embedded list may pass unjudged.", nameof(embedded));

    // What a person let go is still in force until its grace is over, and is not asked about at every fetch until then.
    private static PrefixSet? Measure(SourceMemory? memory) =>
        memory?.InForce.Except(PrefixSet.Of(memory.Pending.Where(removal => removal.Approved).Select(removal => removal.Prefix)));

    private SourceMemory Accept(RangeSnapshot candidate, PrefixSet published, SourceMemory? memory, DateTimeOffset now)
    {
        var (inForce, pending) = RemovalGrace.Next(published, memory, _policy.RemovalGrace, now);
        return new SourceMemory(candidate, inForce, pending);
    }

    // Two publications that differ: nothing new comes in, and only what neither lists any more may start to leave; lists that differ and are bad besides change nothing.
    private SourceMemory? Keep(RangeSnapshot candidate, SourceMemory? memory, DateTimeOffset now)
    {
        if (memory is null || candidate.Disagreement is not { } disagreement)
        {
            return memory;
        }

        var inEither = candidate.Ranges.Union(disagreement.OnlyInSecond);
        var (inForce, pending) = RemovalGrace.Next(memory.InForce.Intersect(inEither), memory, _policy.RemovalGrace, now);
        var same = inForce.Equals(memory.InForce) && pending.SequenceEqual(memory.Pending);
        return same ? memory : memory with { InForce = inForce, Pending = pending };
    }

    private static AcceptedRanges Permit(SourceMemory memory) => new(memory.LastGood.Source, memory.InForce, memory.Pending, memory.LastGood);
}
