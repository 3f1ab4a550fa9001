using AllowlistSync.Proposals.Git;

namespace AllowlistSync.Proposals.Proposing;

/// <summary>How a later run knows what an earlier one made, since nothing is remembered: a line of the commit, and a comment in the text of the pull request that nobody sees. Pure.</summary>
internal static class ProposalMarks
{
    /// <summary>The line of a commit that names what is wanted.</summary>
    public const string FingerprintTrailer = "Allowlist-Sync-Fingerprint";

    /// <summary>The comment of an open pull request.</summary>
    public static string Comment(string proposal, string fingerprint) => $"<!-- allowlist-sync: {proposal} {fingerprint} -->";

    /// <summary>The text of a pull request that we closed: a later run must not take it for one that a person closed.</summary>
    public static string Retired(string text, string proposal, string fingerprint) => text.Replace(Comment(proposal, fingerprint), Comment(proposal, "obsolete"), StringComparison.Ordinal);

    /// <summary>What a pull request proposes; null when it says nothing of ours.</summary>
    public static string? FingerprintIn(string text, string proposal)
    {
        var (before, after) = ($"<!-- allowlist-sync: {proposal} ", " -->");
        var start = text.LastIndexOf(before, StringComparison.Ordinal);
        var end = start < 0 ? -1 : text.IndexOf(after, start, StringComparison.Ordinal);
        return end < 0 ? null : text[(start + before.Length)..end];
    }

    /// <summary>Whether a commit is ours as we made it: a person who adds one, or amends ours, becomes its committer.</summary>
    public static bool IsOurs(GitCommit commit, GitPerson us) =>
        commit.Committer == us && commit.Message.Contains($"\n{FingerprintTrailer}: ", StringComparison.Ordinal);
}
