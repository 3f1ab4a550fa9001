namespace AllowlistSync.Core.Guards;

/// <summary><c>too-wide</c>: a prefix that would open the host to a large part of the Internet.</summary>
public sealed class WidthGuard : IGuard
{
    /// <inheritdoc/>
    public IEnumerable<Refusal> Judge(GuardCase subject) =>
        from prefix in subject.Candidate.Published
        let widest = subject.Policy.Widest[prefix.Family]
        where prefix.Length < widest
        select new Refusal(
            "too-wide",
            $"source {subject.Candidate.Source}: {prefix} is wider than /{widest} (guard.widest.{prefix.Family.ToString().ToLowerInvariant()})",
            "if this prefix is right, raise guard.widest in the configuration; it cannot be approved for one run");
}
