namespace AllowlistSync.Core.Guards;

/// <summary><c>duplicate-prefix</c>: Cloudflare's list has none; one that has was put together by something that failed.</summary>
public sealed class DuplicateGuard : IGuard
{
    /// <inheritdoc/>
    public IEnumerable<Refusal> Judge(GuardCase subject)
    {
        var twice = subject.Candidate.Published.GroupBy(prefix => prefix).Where(group => group.Count() > 1).ToList();
        if (twice.Count > 0)
        {
            yield return new Refusal(
                "duplicate-prefix",
                $"source {subject.Candidate.Source}: {twice.Count} prefixes are listed more than once, first {twice[0].Key} ({twice[0].Count()} times)",
                "wait for the next fetch, or approve the plan that `diff` shows with `apply --accept FINGERPRINT`",
                CanBeAccepted: true);
        }
    }
}
