using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Core.Guards;

/// <summary>
/// <c>shrinks-too-much</c> and <c>grows-too-much</c>: too large a step from what is in force, for each family, in prefixes and in
/// addresses. Measured against what is in force (not against the last list), so that many small steps within one grace period add up.
/// </summary>
public sealed class ChangeGuard : IGuard
{
    private const string WayOut = "check Cloudflare's announcements; approve the plan that `diff` shows with `apply --accept FINGERPRINT`";

    /// <inheritdoc/>
    public IEnumerable<Refusal> Judge(GuardCase subject) =>
        subject.InForce is not { IsEmpty: false } before || subject.Candidate.Ranges.IsEmpty
            ? []
            : Enum.GetValues<IpFamily>().SelectMany(family => Judge(subject, before.Only(family), subject.Candidate.Ranges.Only(family), family));

    private static IEnumerable<Refusal> Judge(GuardCase subject, PrefixSet before, PrefixSet after, IpFamily family)
    {
        if (before.IsEmpty)
        {
            // A family that this source never had comes unasked.
            if (!after.IsEmpty)
            {
                yield return new Refusal("grows-too-much", $"source {subject.Candidate.Source}: {after.PrefixCount(family)} {family} prefixes would be the first of their family", WayOut, CanBeAccepted: true);
            }

            yield break;
        }

        var removed = FamilyChange.Loss(before, after, family);
        if (removed.IsOver(subject.Policy.MaxRemovedPercent))
        {
            yield return new Refusal("shrinks-too-much", $"source {subject.Candidate.Source}: {family} would lose {removed} (guard.maxRemovedPercent = {subject.Policy.MaxRemovedPercent})", WayOut, CanBeAccepted: true);
        }

        var added = FamilyChange.Gain(before, after, family);
        if (added.IsOver(subject.Policy.MaxAddedPercent))
        {
            yield return new Refusal("grows-too-much", $"source {subject.Candidate.Source}: {family} would gain {added} (guard.maxAddedPercent = {subject.Policy.MaxAddedPercent})", WayOut, CanBeAccepted: true);
        }
    }
}
