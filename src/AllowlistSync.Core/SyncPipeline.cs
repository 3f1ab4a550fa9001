using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Applying;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Guards;
using AllowlistSync.Core.Planning;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.State;
using AllowlistSync.Core.Verifying;

namespace AllowlistSync.Core;

/// <summary>
/// The program as one sentence: desired, observe, plan, apply, verify, report. Sources and guards (<see cref="SourceStage"/>) come
/// before it and are shared by the targets of a run. A look is this sentence without the word apply.
/// </summary>
public sealed class SyncPipeline(IStateStore state, GuardPolicy policy, Applier applier, Undo undo)
{
    /// <summary>The id of the finding that a change waits to be confirmed.</summary>
    public const string ConfirmPending = "confirm-pending";

    /// <summary>Runs one target. What goes wrong with it is in the report, so that it does not stop the others; a cancellation is thrown.</summary>
    public async ValueTask<TargetReport> RunTargetAsync(TargetRequest request, CancellationToken cancellationToken)
    {
        var report = new TargetReport { Target = request.Target, Status = TargetStatus.Failed, Wanted = Wishes.Wanted(request) };
        try
        {
            var books = state.Target(request.Target.Name);
            await using var hold = request.Writes ? await books.LockAsync(request.Options.RunId, cancellationToken) : null;
            if (Wishes.MissingList(request) is var (status, missing))
            {
                return report with { Status = status, Error = missing };
            }

            var observed = await request.Provider.ReadAsync(request.Target, cancellationToken);
            var receipt = await LoadReceiptAsync(books, request, cancellationToken);
            var plan = await PlanAsync(request, Wishes.InForce(request), observed, receipt, cancellationToken);
            var ifAccepted = Wishes.IfAccepted(request) is { } wish ? await PlanAsync(request, wish, observed, receipt, cancellationToken) : null;
            report = report with { Findings = EarlierApply(request, receipt) };
            var decision = Decision.Of(request, plan, ifAccepted, receipt, policy);
            var (rehearsal, objections) = await RehearsalStage.RehearseAsync(request, decision.Plan, cancellationToken);
            decision = decision.Hear(request, objections, rehearsal);
            report = report with { Plan = decision.Plan, IfAccepted = ifAccepted, Refusals = decision.Refusals, Status = decision.Status, Rehearsal = rehearsal };
            if (decision.MayProceed && request.Options.Ask is { } ask && !await ask(decision.Plan, cancellationToken))
            {
                return report;
            }

            // Also when nothing changes today: a list that shrank takes effect only after its grace.
            await RememberApprovedAsync(request, decision, cancellationToken);
            report = report with { Overrides = decision.OverridesSources };
            if (!decision.MayProceed)
            {
                await CloseInterruptedAsync(request, decision, receipt, books, cancellationToken);
                return report;
            }

            var options = new ApplyOptions(request.Options.RunId, request.Options.ConfirmWithin);
            var outcome = await applier.ApplyAsync(request.Provider, decision.Plan, books, options, cancellationToken);
            return await ProveAsync(Applied(report, outcome), request, decision.Plan, books, cancellationToken);
        }
        catch (ProviderException failure)
        {
            var inForce = failure.Aftermath == Aftermath.Unknown ? Proof.Empty : report.Rehearsal.InForce;
            return report with { Status = TargetStatus.Failed, Error = TargetError.From(failure), Rehearsal = report.Rehearsal with { InForce = inForce } };
        }
        catch (StateException failure)
        {
            return report with { Status = TargetStatus.Failed, Error = new TargetError(FailureKind.Unavailable, Aftermath.Untouched, failure.Message, failure.Remedy) };
        }
        catch (TargetLockedException locked)
        {
            return report with { Status = TargetStatus.Locked, Error = new TargetError(FailureKind.Conflict, Aftermath.Untouched, locked.Message, "wait for that run to end; nothing was changed by this one") };
        }
    }

    private static ImmutableArray<Finding> EarlierApply(TargetRequest request, Receipt? receipt) => receipt switch
    {
        { AwaitsConfirmation: true } => [new Finding(ConfirmPending, Severity.Warning, $"the apply of {receipt.StartedAt:u} waits to be confirmed until {receipt.ConfirmBy:u} and is undone then", "run `allowlist-sync confirm` to keep it")],

        // A look has no business with interruptions: whoever writes next sorts them out.
        { Stage: ReceiptStage.Applying } when request.Writes => [new Finding("interrupted", Severity.Info, $"the apply of {receipt.StartedAt:u} was interrupted; the target was read afresh", "")],
        _ => [],
    };

    // The interrupted change turned out to be made, so its receipt says so from now on.
    private static async ValueTask CloseInterruptedAsync(TargetRequest request, Decision decision, Receipt? receipt, ITargetState books, CancellationToken cancellationToken)
    {
        if (request.Writes && decision.Status == TargetStatus.InSync && receipt is { Stage: ReceiptStage.Applying, AwaitsConfirmation: false })
        {
            await books.SaveReceiptAsync(receipt with { Stage = ReceiptStage.Applied }, cancellationToken);
        }
    }

    private static async ValueTask<Plan> PlanAsync(TargetRequest request, ImmutableArray<AcceptedRanges> accepted, ObservedState observed, Receipt? receipt, CancellationToken cancellationToken)
    {
        var found = receipt?.Place == request.Target.Place ? receipt.Found.Intersect(observed.Allowed).Sources : PrefixSet.Empty;
        var desired = request.Options.Purpose == RunPurpose.Remove ? DesiredState.Nothing(request.Target, found) : DesiredState.For(request.Target, accepted);
        return Planner.Plan(await request.Provider.PrepareAsync(desired, cancellationToken), observed, accepted);
    }

    // A look by a user who may not read the state is still a look: history only sharpens the refusals of a write.
    private static async ValueTask<Receipt?> LoadReceiptAsync(ITargetState books, TargetRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await books.LoadReceiptAsync(cancellationToken);
        }
        catch (StateException) when (!request.Writes)
        {
            return null;
        }
    }

    private async ValueTask RememberApprovedAsync(TargetRequest request, Decision decision, CancellationToken cancellationToken)
    {
        if (!decision.OverridesSources)
        {
            return;
        }

        foreach (var source in request.Sources.Where(source => source.NextIfAccepted is not null))
        {
            await state.SaveSourceAsync(source.Name, source.NextIfAccepted!, cancellationToken);
        }
    }

    // Applied is not enough: the rules are read again, and what should get in must get in.
    private async ValueTask<TargetReport> ProveAsync(TargetReport report, TargetRequest request, Plan plan, ITargetState books, CancellationToken cancellationToken)
    {
        var before = report.Rehearsal.InForce;
        if (report.Status != TargetStatus.Applied)
        {
            return report with { Rehearsal = report.Rehearsal with { InForce = Proof.Empty } };
        }

        var proved = await RehearsalStage.ProveAsync(request, plan, cancellationToken);
        var besides = report.Rehearsal.Findings.Where(finding => finding.Id is not (ReachabilityCheck.Blocked or ReachabilityCheck.NotProved));
        report = report with { Rehearsal = proved with { Difference = report.Rehearsal.Difference, Findings = [.. besides, .. proved.Findings] } };
        if (!proved.FailsFor(request.Target))
        {
            return report;
        }

        if (request.Target.OnBlocked != BlockedPolicy.Rollback)
        {
            return report with { Status = TargetStatus.Failed };
        }

        await undo.RollBackAsync(request.Provider, request.Target, books, "wanted traffic is blocked", cancellationToken);
        return report with
        {
            Status = TargetStatus.Failed,
            ConfirmBy = null,
            Rehearsal = report.Rehearsal with { InForce = before },
            Error = new TargetError(FailureKind.Conflict, Aftermath.RolledBack, "wanted traffic is blocked by another rule although the change was made", "mend the rule that is named, then run `apply` again"),
        };
    }

    private static TargetReport Applied(TargetReport report, ApplyOutcome outcome) => report with
    {
        Status = outcome.ReadBack.Agrees ? TargetStatus.Applied : TargetStatus.Failed,
        Actions = outcome.Actions,
        Findings = [.. report.Findings, .. outcome.Findings],
        ConfirmBy = outcome.Receipt.ConfirmBy,
        Error = outcome.ReadBack.Agrees
            ? null
            : new TargetError(FailureKind.Conflict, Aftermath.Unknown, $"the target was changed and does not hold what was written: {outcome.ReadBack.Difference}", "find out what else writes to this target, then run `apply` again; `rollback` puts back what was there before"),
    };
}
