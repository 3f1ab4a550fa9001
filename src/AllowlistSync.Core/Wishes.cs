using System.Collections.Immutable;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Guards;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.Sources;

namespace AllowlistSync.Core;

/// <summary>Which accepted ranges a target is planned with. Pure.</summary>
internal static class Wishes
{
    /// <summary>
    /// The ranges to plan with. Where nothing was ever believed, the list that a person may approve stands in: a plan without one of its
    /// lists must not exist, and <see cref="MissingList"/> lets nobody come so far without naming a plan.
    /// </summary>
    public static ImmutableArray<AcceptedRanges> InForce(TargetRequest request) =>
        [.. request.Sources.Select(source => source.InForce ?? source.IfAccepted).OfType<AcceptedRanges>()];

    /// <summary>The ranges that a person may approve: the refused lists in place of those in force; null when there is nothing to approve.</summary>
    public static ImmutableArray<AcceptedRanges>? IfAccepted(TargetRequest request) =>
        request.Sources.All(source => source.IfAccepted is null)
            ? null
            : [.. request.Sources.Select(source => source.IfAccepted ?? source.InForce).OfType<AcceptedRanges>()];

    /// <summary>A target is never planned with one of its lists missing, nor written with the embedded one. A list that came and was refused is a refusal, one that did not come a failure.</summary>
    public static (TargetStatus Status, TargetError Error)? MissingList(TargetRequest request)
    {
        if (request.Options.Purpose == RunPurpose.Remove)
        {
            return null;
        }

        var missing = request.Sources.FirstOrDefault(source => source.InForce is null && source.IfAccepted is null);
        missing ??= request.Sources.FirstOrDefault(source => request.Writes && source.InForce?.Basis.Provenance == Provenance.Embedded);
        missing ??= request.Sources.FirstOrDefault(source => source.InForce is null && !request.Options.Accepted.Any());
        return missing is null
            ? null
            : (missing is { Answered: true, Refusals.IsEmpty: false } ? TargetStatus.Refused : TargetStatus.Failed, new TargetError(FailureKind.Unavailable, Aftermath.Untouched, $"source {missing.Name} has no list that may be used; {request.Target.Name} was left as it is", missing.Refusals.FirstOrDefault()?.WayOut ?? "let this machine reach the source once"));
    }

    /// <summary>What should be let in, as far as it is known, for a report on a target that cannot be read.</summary>
    public static TrafficSet Wanted(TargetRequest request) => DesiredState.For(request.Target, request.Sources.Select(source => source.InForce).OfType<AcceptedRanges>()).Traffic;
}
