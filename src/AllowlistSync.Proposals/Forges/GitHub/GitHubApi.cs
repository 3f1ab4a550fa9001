using System.Collections.Immutable;

namespace AllowlistSync.Proposals.Forges.GitHub;

/// <summary>Those calls by HTTP.</summary>
internal sealed class GitHubApi(ForgeHttp http, string repository) : IGitHubApi
{
    private const string PullRights = "a fine-grained token with pull requests: write and contents: write (or the scope repo)";

    private readonly string _home = $"repos/{repository}";

    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<GitHubPull>> ListPullsAsync(string head, string @base, CancellationToken cancellationToken) =>
        [.. await http.SendAsync(new ForgeCall("looking for pull requests", HttpMethod.Get, $"{_home}/pulls?state=all&head={Uri.EscapeDataString(head)}&base={Uri.EscapeDataString(@base)}&sort=created&direction=desc&per_page=30") { Needs = PullRights }, GitHubJson.Default.ListGitHubPull, cancellationToken)];

    /// <inheritdoc/>
    public ValueTask<GitHubPull> CreatePullAsync(GitHubNewPull pull, CancellationToken cancellationToken) =>
        http.SendAsync(ForgeCall.With("opening a pull request", HttpMethod.Post, $"{_home}/pulls", pull, GitHubJson.Default.GitHubNewPull) with { Needs = PullRights, Home = _home, Part = $"branch {pull.Head} or {pull.Base}" }, GitHubJson.Default.GitHubPull, cancellationToken);

    /// <inheritdoc/>
    public ValueTask UpdatePullAsync(long number, GitHubPullChange change, CancellationToken cancellationToken) =>
        DoAsync(ForgeCall.With($"changing pull request {number}", HttpMethod.Patch, $"{_home}/pulls/{number}", change, GitHubJson.Default.GitHubPullChange), $"pull request {number}", cancellationToken);

    /// <inheritdoc/>
    public ValueTask CommentAsync(long number, GitHubComment comment, CancellationToken cancellationToken) =>
        DoAsync(ForgeCall.With($"commenting on pull request {number}", HttpMethod.Post, $"{_home}/issues/{number}/comments", comment, GitHubJson.Default.GitHubComment), $"pull request {number}", cancellationToken);

    /// <inheritdoc/>
    public ValueTask AddLabelsAsync(long number, GitHubLabels labels, CancellationToken cancellationToken) =>
        DoAsync(ForgeCall.With($"labelling pull request {number}", HttpMethod.Post, $"{_home}/issues/{number}/labels", labels, GitHubJson.Default.GitHubLabels), $"pull request {number}", cancellationToken);

    /// <inheritdoc/>
    public ValueTask RequestReviewersAsync(long number, GitHubReviewers reviewers, CancellationToken cancellationToken) =>
        DoAsync(ForgeCall.With($"asking {string.Join(", ", [.. reviewers.Reviewers, .. reviewers.TeamReviewers])} to review pull request {number}", HttpMethod.Post, $"{_home}/pulls/{number}/requested_reviewers", reviewers, GitHubJson.Default.GitHubReviewers), $"pull request {number}", cancellationToken);

    /// <inheritdoc/>
    public ValueTask SetStatusAsync(string commit, GitHubStatus status, CancellationToken cancellationToken) =>
        DoAsync(ForgeCall.With("setting the status of the commit", HttpMethod.Post, $"{_home}/statuses/{commit}", status, GitHubJson.Default.GitHubStatus) with { Needs = "a fine-grained token with commit statuses: write (or the scope repo:status)" }, $"commit {commit}", cancellationToken);

    private async ValueTask DoAsync(ForgeCall call, string part, CancellationToken cancellationToken) => await http.SendAsync(call with { Needs = call.Needs ?? PullRights, Home = _home, Part = part }, cancellationToken);
}
