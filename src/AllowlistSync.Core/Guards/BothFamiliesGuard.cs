using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Core.Guards;

/// <summary><c>family-missing</c>: Cloudflare publishes IPv4 and IPv6; a list with one of them is half a list.</summary>
public sealed class BothFamiliesGuard : IGuard
{
    /// <inheritdoc/>
    public IEnumerable<Refusal> Judge(GuardCase subject) =>
        from family in Enum.GetValues<IpFamily>()
        where !subject.Candidate.Ranges.IsEmpty && subject.Candidate.Ranges.PrefixCount(family) == 0
        select new Refusal(
            "family-missing",
            $"source {subject.Candidate.Source}: the list holds 0 {family} prefixes",
            "wait for the next fetch; if this stays, compare with https://www.cloudflare.com/ips/");
}
