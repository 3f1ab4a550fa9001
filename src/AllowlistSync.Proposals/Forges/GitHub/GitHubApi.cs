using System.Collections.Immutable;

namespace AllowlistSync.Proposals.Forges.GitHub;

/// <summary>Those calls by HTTP.</summary>
internal sealed class GitHubApi(ForgeHttp http, string repository) : IGitHubApi
{
    private const string PullRights = "a fine-grained token with pull requests: write and contents: write (or the scope repo)";

    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<GitHubPull>> ListPullsAsync(string head, string @base, CancellationToken cancellationToken) =>
        [.. await http.SendAsync(new ForgeCall("looking for pull requests", HttpMethod.Get, $"repos/{repository}/pulls?state=all&head={Uri.EscapeDataString(head)}&base={Uri.EscapeDataString(@base)}&sort=created&direction=desc&per_page=30") { Needs = PullRights }, GitHubJson.Default.ListGitHubPull, cancellationToken)];

    /// <inheritdoc/>
    public ValueTask<GitHubPull> CreatePullAsync(GitHubNewPull pull, CancellationToken cancellationToken) =>
        http.SendAsync(ForgeCall.With("opening a pull request", HttpMethod.Post, $"repos/{repository}/pulls", pull, GitHubJson.Default.GitHubNewPull) with { Needs = PullRights }, GitHubJson.Default.GitHubPull, cancellationToken);

    /// <inheritdoc/>
    public ValueTask UpdatePullAsync(long number, GitHubPullChange change, CancellationToken cancellationToken) =>
        DoAsync(ForgeCall.With($"changing pull request {number}", HttpMethod.Patch, $"repos/{repository}/pulls/{number}", change, GitHubJson.Default.GitHubPullChange) with { Needs = PullRights }, cancellationToken);

    /// <inheritdoc/>
    public ValueTask CommentAsync(long number, GitHubComment comment, CancellationToken cancellationToken) =>
        DoAsync(ForgeCall.With($"commenting on pull request {number}", HttpMethod.Post, $"repos/{repository}/issues/{number}/comments", comment, GitHubJson.Default.GitHubComment) with { Needs = PullRights }, cancellationToken);

    /// <inheritdoc/>
    public ValueTask AddLabelsAsync(long number, GitHubLabels labels, CancellationToken cancellationToken) =>
        DoAsync(ForgeCall.With($"labelling pull request {number}", HttpMethod.Post, $"repos/{repository}/issues/{number}/labels", labels, GitHubJson.Default.GitHubLabels) with { Needs = PullRights }, cancellationToken);

    /// <inheritdoc/>
    public ValueTask RequestReviewersAsync(long number, GitHubReviewers reviewers, CancellationToken cancellationToken) =>
        DoAsync(ForgeCall.With($"asking reviewers of pull request {number}", HttpMethod.Post, $"repos/{repository}/pulls/{number}/requested_reviewers", reviewers, GitHubJson.Default.GitHubReviewers) with { Needs = PullRights }, cancellationToken);

    /// <inheritdoc/>
    public ValueTask SetStatusAsync(string commit, GitHubStatus status, CancellationToken cancellationToken) =>
        DoAsync(ForgeCall.With("setting the status of the commit", HttpMethod.Post, $"repos/{repository}/statuses/{commit}", status, GitHubJson.Default.GitHubStatus) with { Needs = "a fine-grained token with commit statuses: write (or the scope repo:status)" }, cancellationToken);

    private async ValueTask DoAsync(ForgeCall call, CancellationToken cancellationToken) => await http.SendAsync(call, cancellationToken);
}
