using System.Collections.Immutable;
using AllowlistSync.Core.Applying;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Guards;
using AllowlistSync.Core.Planning;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.State;
using AllowlistSync.Core.Verifying;

namespace AllowlistSync.Core;

/// <summary>Which plan is carried out, or why none. Pure.</summary>
/// <param name="Plan">The plan to show, and to carry out if nothing speaks against it.</param>
/// <param name="Refusals">What speaks against it.</param>
/// <param name="MayProceed">True when it is to be carried out.</param>
/// <param name="Status">The status of the target if it is not.</param>
/// <param name="OverridesSources">True when a person approved the refused list of a source by naming this plan, and nothing else speaks against it.</param>
internal sealed record Decision(Plan Plan, ImmutableArray<Refusal> Refusals, bool MayProceed, TargetStatus Status, bool OverridesSources)
{
    public static Decision Of(TargetRequest request, Plan plan, Plan? ifAccepted, Receipt? receipt, GuardPolicy policy)
    {
        var options = request.Options;
        var overrides = ifAccepted is not null && IsAccepted(options, ifAccepted);
        var chosen = overrides ? ifAccepted! : plan;
        var history = History(receipt, request);
        var safety = PlanSafety.Check(chosen, history, policy);
        var named = IsAccepted(options, chosen);
        ImmutableArray<Refusal> refusals = chosen.IsEmpty
            ? []
            : [.. safety.Where(refusal => !(named && refusal.CanBeAccepted)), .. NotTheNamedPlan(request, chosen, named), .. Pending(request, receipt)];
        var status = !refusals.IsEmpty && (request.Writes || !safety.IsEmpty) ? TargetStatus.Refused
            : chosen.IsEmpty ? TargetStatus.InSync
            : TargetStatus.Differs;
        return new Decision(chosen, refusals, request.Writes && status == TargetStatus.Differs, status, overrides && request.Writes && refusals.IsEmpty);
    }

    /// <summary>The decision after the rehearsal: what it objects to stops the plan, unless a person named that plan; blocked traffic in a target that needs no change is a failure of the run.</summary>
    public Decision Hear(TargetRequest request, ImmutableArray<Refusal> objections, Rehearsal rehearsal)
    {
        ImmutableArray<Refusal> heard = IsAccepted(request.Options, Plan) ? [] : objections;
        return heard.IsEmpty
            ? this with { Status = Status == TargetStatus.InSync && request.Writes && rehearsal.FailsFor(request.Target) ? TargetStatus.Failed : Status }
            : this with { Refusals = [.. Refusals, .. heard], MayProceed = false, Status = TargetStatus.Refused, OverridesSources = false };
    }

    private static bool IsAccepted(RunOptions options, Plan plan) =>
        options.Accepted.Any(given => PlanFingerprint.Matches(plan.Fingerprint, given));

    private static IEnumerable<Refusal> NotTheNamedPlan(TargetRequest request, Plan plan, bool named)
    {
        var options = request.Options;
        if (!options.Accepted.IsEmpty && !named)
        {
            yield return new Refusal("plan-changed", $"none of the accepted fingerprints names the plan for {request.Target.Name}, which is {plan.Fingerprint[..PlanFingerprint.ShortLength]}", "run `diff`, look at the plan, and accept that one");
        }

        if (options.Expected is { } expected && expected.GetValueOrDefault(request.Target.Name) != plan.Fingerprint)
        {
            yield return new Refusal("plan-stale", $"the plan file was made for another state of {request.Target.Name} or of the lists; today's plan is {plan.Fingerprint[..PlanFingerprint.ShortLength]}", "run `diff --out FILE` again and look at it");
        }
    }

    // With a confirmation asked for, or a person at the terminal, an undone change may be tried again.
    private static TargetHistory History(Receipt? receipt, TargetRequest request)
    {
        if (receipt is null || receipt.Place != request.Target.Place)
        {
            return TargetHistory.None;
        }

        var isAttended = request.Options.ConfirmWithin is not null || request.Options.Ask is not null;
        return new TargetHistory(
            receipt.LastStanding is not null, receipt.LastStanding ?? TrafficSet.Empty, receipt.Stage == ReceiptStage.Undone && !isAttended);
    }
    private static IEnumerable<Refusal> Pending(TargetRequest request, Receipt? receipt)
    {
        if (request.Writes && Undo.Blocks(receipt) is { } refusal)
        {
            yield return refusal;
        }
    }
}
