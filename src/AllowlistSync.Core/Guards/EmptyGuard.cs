namespace AllowlistSync.Core.Guards;

/// <summary><c>empty-list</c>: an empty list closes the site for everybody and is never what was meant.</summary>
public sealed class EmptyGuard : IGuard
{
    /// <inheritdoc/>
    public IEnumerable<Refusal> Judge(GuardCase subject)
    {
        if (subject.Candidate.Ranges.IsEmpty)
        {
            yield return new Refusal(
                "empty-list",
                $"source {subject.Candidate.Source}: the list holds 0 prefixes",
                "check what the source publishes; to take everything out of a target use `allowlist-sync remove`");
        }
    }
}
