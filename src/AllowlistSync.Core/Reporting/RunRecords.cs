using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Planning;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Sources;
using AllowlistSync.Core.State;
using AllowlistSync.Core.Verifying;

namespace AllowlistSync.Core.Reporting;

/// <summary>Makes entries of the history of reports and lists. Pure.</summary>
public static class RunRecords
{
    private const int Readable = 1000;

    /// <summary>A run of one target as it is kept.</summary>
    /// <param name="run">Id, node, trigger, time: what the report does not say.</param>
    /// <param name="report">The report.</param>
    public static RunRecord Of(RunFrame run, TargetReport report)
    {
        ArgumentNullException.ThrowIfNull(run);
        ArgumentNullException.ThrowIfNull(report);
        var changes = report.Plan?.Changes;
        var (added, removed) = (changes?.Add.Entries() ?? [], changes?.Remove.Entries() ?? []);
        return new RunRecord
        {
            RunId = run.RunId,
            Node = run.Node,
            Trigger = run.Trigger,
            Target = report.Target.Name,
            Provider = report.Target.Provider,
            At = run.At,
            Due = run.Due,
            Took = run.Took,
            Status = JsonReport.Name(report.Status),
            IsRepair = run.HasHeld && report.Status == TargetStatus.Applied,
            Added = Named(added),
            Removed = Named(removed),
            AddedCount = added.Length,
            RemovedCount = removed.Length,
            Repairs = changes?.Repairs.Length ?? 0,
            Lifted = report.Status == TargetStatus.Applied ? changes?.Lift.Length ?? 0 : 0,
            Refusals = report.Refusals,
            Findings = [.. report.Findings, .. report.Plan?.Findings ?? [], .. report.Rehearsal.Findings],
            Error = report.Error is { } error ? new Finding(error.Kind.ToString(), Severity.Problem, WithAftermath(error), error.Remedy) : null,
            Reach = Reach(report),
            ReachCounts = Counts(report.Rehearsal.InForce),
        };
    }

    /// <summary>What a fetched list changed; null when it is the list that was believed before, or not to be remembered.</summary>
    public static ListRecord? Of(SourceMemory? before, SourceMemory? now)
    {
        if (now is null || (before is not null && before.LastGood.Ranges.Equals(now.LastGood.Ranges)))
        {
            return null;
        }

        var earlier = before?.LastGood.Published ?? [];
        return new ListRecord
        {
            Source = now.LastGood.Source,
            IsFirst = before is null,
            At = now.LastGood.FetchedAt,
            ETag = now.LastGood.ETag,
            Added = Without(now.LastGood.Published, earlier),
            Removed = Without(earlier, now.LastGood.Published),
            IPv4 = now.LastGood.Published.Count(prefix => prefix.Family == IpFamily.IPv4),
            IPv6 = now.LastGood.Published.Count(prefix => prefix.Family == IpFamily.IPv6),
        };
    }

    // The text of a provider may say it already.
    private static string WithAftermath(TargetError error) => ReportWords.Of(error.Aftermath) is var left && error.Message.EndsWith(left, StringComparison.Ordinal) ? error.Message : $"{error.Message} ({left})";

    private static ImmutableArray<string> Without(ImmutableArray<IpPrefix> prefixes, ImmutableArray<IpPrefix> others) =>
        [.. prefixes.Except(others).Take(RunRecord.Kept).Select(prefix => prefix.ToString())];

    private static ImmutableArray<string> Named(ImmutableArray<TrafficEntry> entries) =>
        [.. entries.Take(RunRecord.Kept).Select(entry => $"{entry.Prefix} {entry.Ports}")];

    // Blocked ones first, so that what is kept of a long list is what matters.
    private static ImmutableArray<ReachCell> Reach(TargetReport report)
    {
        var inForce = report.Rehearsal.InForce;
        if (inForce.Pieces.IsEmpty || report.Plan is not { } plan)
        {
            return [];
        }

        var proof = new ProofReport(report.Target.Name, Asked(plan, inForce), report.Target.Ports, inForce);
        var cells = proof.Matrix.Cells.Select(cell => (Cell: cell, Worst: Worst(cell)));
        return [.. cells
            .OrderBy(cell => cell.Worst.Verdict switch { ReachabilityVerdict.Blocked => 0, ReachabilityVerdict.Unknown => 1, _ => 2 })
            .Take(RunRecord.Kept)
            .Select(cell => CellOf(cell.Cell, cell.Worst))];
    }

    // Of a list that nobody reads line by line, what does not get in.
    private static ImmutableArray<IpPrefix> Asked(Plan plan, Proof proof)
    {
        var all = plan.Changes.Desired.Sources.Prefixes().Take(Readable + 1).ToImmutableArray();
        return all.Length <= Readable ? all : [.. proof.With(ReachabilityVerdict.Blocked).Union(proof.With(ReachabilityVerdict.Unknown)).Sources.Prefixes()];
    }

    private static ProofPiece Worst(ProofCell cell) =>
        cell.Pieces.FirstOrDefault(piece => piece.Verdict == ReachabilityVerdict.Blocked)
        ?? cell.Pieces.FirstOrDefault(piece => piece.Verdict == ReachabilityVerdict.Unknown)
        ?? cell.Pieces[0];

    private static ReachCell CellOf(ProofCell cell, ProofPiece worst)
    {
        var rule = worst.Verdict == ReachabilityVerdict.Unknown && !worst.Doubts.IsEmpty ? worst.Doubts[0].Rule : worst.Rule;
        return new ReachCell(cell.Range.ToString(), cell.Port.ToString(), ProofWords.Of(worst.Verdict), worst.VisitorSees, rule?.Text, rule?.Where);
    }

    private static ReachCounts? Counts(Proof proof) => proof.Pieces.IsEmpty
        ? null
        : new ReachCounts(Count(proof, ReachabilityVerdict.Accepted), Count(proof, ReachabilityVerdict.Blocked), Count(proof, ReachabilityVerdict.Unknown));

    private static int Count(Proof proof, ReachabilityVerdict verdict) => proof.Pieces.Count(piece => piece.Verdict == verdict);
}

/// <summary>What is known of a run besides its report.</summary>
/// <param name="RunId">The run.</param>
/// <param name="Node">The node that ran it.</param>
/// <param name="Trigger">Why.</param>
/// <param name="At">When it began.</param>
/// <param name="Took">How long it took.</param>
/// <param name="HasHeld">True when the target has held what is wanted before: a change then puts back what somebody else had changed.</param>
public sealed record RunFrame(string RunId, string Node, RunTrigger Trigger, DateTimeOffset At, TimeSpan Took, bool HasHeld)
{
    /// <summary>The time of the schedule that it was made for; null for a run of another cause.</summary>
    public DateTimeOffset? Due { get; init; }
}
