using System.Collections.Immutable;
using AllowlistSync.Core.Planning;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Verifying;

namespace AllowlistSync.Core;

/// <summary>
/// Works out what a plan would do to what gets in, before anything is changed: the difference must be what the plan says, and the wanted
/// traffic should get in afterwards. Where the rules of the host cannot be read or the change cannot be shown, it says so and refuses nothing.
/// </summary>
internal static class RehearsalStage
{
    /// <summary>The rehearsal of a plan, and why it must not be carried out.</summary>
    public static async ValueTask<(Rehearsal Rehearsal, ImmutableArray<Refusal> Refusals)> RehearseAsync(TargetRequest request, Plan plan, CancellationToken cancellationToken)
    {
        if (ReaderOf(request) is not { } reader)
        {
            return (Rehearsal.None, []);
        }

        var reading = await reader.ReadAsync(cancellationToken);
        if (reading.Rules is not { } now)
        {
            return (new Rehearsal(null, Proof.Empty, [reading.Problem!]), []);
        }

        var (rehearsal, refusals) = Rehearse(request, plan, now, cancellationToken);
        return (rehearsal with { Findings = [.. ManagerCheck.Judge(request.Provider.Descriptor, now.Managers), .. rehearsal.Findings] }, refusals);
    }

    private static (Rehearsal Rehearsal, ImmutableArray<Refusal> Refusals) Rehearse(TargetRequest request, Plan plan, ILiveRules now, CancellationToken cancellationToken)
    {
        var wanted = ReachabilityCheck.Wanted(plan.Changes.Desired);
        var inForce = now.Prove(wanted, cancellationToken);
        if (plan.IsEmpty)
        {
            return (Judge(request, null, inForce, inForce), []);
        }

        if (request.Provider.Rehearsal?.ScriptsOf(plan.Changes) is not { } scripts || After(now, scripts) is not { } after)
        {
            return (Judge(request, null, Proof.Empty, inForce) with { Findings = [NotWorkedOut(request)] }, []);
        }

        var difference = now.Compare(after, cancellationToken);
        var rehearsal = Judge(request, difference, after.Prove(wanted, cancellationToken), inForce);
        return (rehearsal with { Findings = [.. ReachabilityCheck.Besides(difference, plan.Changes), .. rehearsal.Findings] }, ReachabilityCheck.Judge(difference, plan.Changes));
    }

    /// <summary>What becomes of the wanted traffic now that a change is made; null when it cannot be said.</summary>
    public static async ValueTask<Rehearsal> ProveAsync(TargetRequest request, Plan plan, CancellationToken cancellationToken)
    {
        if (ReaderOf(request) is not { } reader)
        {
            return Rehearsal.None;
        }

        var reading = await reader.ReadAsync(cancellationToken);
        if (reading.Rules is not { } now)
        {
            return new Rehearsal(null, Proof.Empty, [reading.Problem!]);
        }

        var inForce = now.Prove(ReachabilityCheck.Wanted(plan.Changes.Desired), cancellationToken);
        return Judge(request, null, inForce, inForce);
    }

    private static IRuleSetReader? ReaderOf(TargetRequest request) =>
        request.Target.OnBlocked == Desired.BlockedPolicy.Ignore || !request.Provider.Descriptor.IsFirewall ? null : request.Rules;

    private static ILiveRules? After(ILiveRules now, IEnumerable<ChangeScript> scripts) =>
        scripts.Aggregate((ILiveRules?)now, (rules, script) => rules?.After(script));

    // To take everything out is to block it: nothing is wanted then.
    private static Rehearsal Judge(TargetRequest request, SemanticDiff? difference, Proof proof, Proof inForce) => request.Options.Purpose == RunPurpose.Remove
        ? new Rehearsal(difference, Proof.Empty, [])
        : new Rehearsal(difference, proof, ReachabilityCheck.Judge(proof)) { InForce = inForce };

    private static Finding NotWorkedOut(TargetRequest request) => new(
        "not-rehearsed", Severity.Info, $"what this change does to other traffic is not worked out beforehand for {request.Target.Provider} targets",
        request.Provider.Snapshots is null ? "read the plan before you apply it" : $"`apply --confirm-within 60s`{(request.Target.Host == "local" ? "" : " on that host itself")} undoes it unless you confirm");
}
