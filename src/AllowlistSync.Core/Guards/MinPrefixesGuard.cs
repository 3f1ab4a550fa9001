using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Core.Guards;

/// <summary><c>too-few-prefixes</c>: a list that was cut off in the middle.</summary>
public sealed class MinPrefixesGuard : IGuard
{
    /// <inheritdoc/>
    public IEnumerable<Refusal> Judge(GuardCase subject) =>
        from family in Enum.GetValues<IpFamily>()
        let count = subject.Candidate.Published.Distinct().Count(prefix => prefix.Family == family)
        let least = subject.Policy.MinPrefixes[family]
        where count > 0 && count < least
        select new Refusal(
            "too-few-prefixes",
            $"source {subject.Candidate.Source}: the list holds {count} {family} prefixes, fewer than guard.minPrefixes.{family.ToString().ToLowerInvariant()} = {least}",
            "if the list really is that short, approve the plan that `diff` shows with `apply --accept FINGERPRINT`, or lower guard.minPrefixes",
            CanBeAccepted: true);
}
