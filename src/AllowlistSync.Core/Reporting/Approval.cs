using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Planning;

namespace AllowlistSync.Core.Reporting;

/// <summary>Which plan of a report a person may approve, and how. Pure.</summary>
public static class Approval
{
    /// <summary>
    /// The plan that <c>apply --accept</c> would carry out although a guard or a safety rule said no; null when nothing was
    /// refused, when it was approved already, when <c>apply</c> leaves the target alone, or when one of the refusals cannot be overridden.
    /// </summary>
    public static Plan? Offered(TargetReport target) =>
        target.Target.Mode != TargetMode.Apply || target.Overrides || target.Status is TargetStatus.Failed or TargetStatus.Locked ? null
        : target.IfAccepted is { } refusedList ? refusedList
        : !target.Refusals.IsEmpty && target.Refusals.All(refusal => refusal.CanBeAccepted) ? target.Plan
        : null;

    /// <summary>The command that approves a plan.</summary>
    public static string Command(Plan plan) => $"allowlist-sync apply --accept {Handle(plan)}";

    /// <summary>The first 12 characters of a plan's fingerprint, enough to name it.</summary>
    public static string Handle(Plan plan) => plan.Fingerprint[..PlanFingerprint.ShortLength];
}
