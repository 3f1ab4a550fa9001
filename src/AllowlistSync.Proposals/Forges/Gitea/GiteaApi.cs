using System.Collections.Immutable;

namespace AllowlistSync.Proposals.Forges.Gitea;

/// <summary>Those calls by HTTP.</summary>
internal sealed class GiteaApi(ForgeHttp http, string repository) : IGiteaApi
{
    /// <summary>The rights of the token.</summary>
    public const string Rights = "the scopes write:repository and write:issue";

    private readonly string _home = $"repos/{repository}";

    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<GiteaPull>> ListPullsAsync(int page, CancellationToken cancellationToken) =>
        [.. await http.SendAsync(new ForgeCall("looking for pull requests", HttpMethod.Get, $"{_home}/pulls?state=all&page={page}&limit=50") { Needs = Rights }, GiteaJson.Default.ListGiteaPull, cancellationToken)];

    /// <inheritdoc/>
    public ValueTask<GiteaPull> CreatePullAsync(GiteaNewPull pull, CancellationToken cancellationToken) =>
        http.SendAsync(ForgeCall.With("opening a pull request", HttpMethod.Post, $"{_home}/pulls", pull, GiteaJson.Default.GiteaNewPull) with { Needs = Rights, Home = _home, Part = $"branch {pull.Head} or {pull.Base}" }, GiteaJson.Default.GiteaPull, cancellationToken);

    /// <inheritdoc/>
    public ValueTask UpdatePullAsync(long number, GiteaPullChange change, CancellationToken cancellationToken) =>
        DoAsync(ForgeCall.With($"changing pull request {number}", HttpMethod.Patch, $"{_home}/pulls/{number}", change, GiteaJson.Default.GiteaPullChange), $"pull request {number}", cancellationToken);

    /// <inheritdoc/>
    public ValueTask CommentAsync(long number, GiteaComment comment, CancellationToken cancellationToken) =>
        DoAsync(ForgeCall.With($"commenting on pull request {number}", HttpMethod.Post, $"{_home}/issues/{number}/comments", comment, GiteaJson.Default.GiteaComment), $"pull request {number}", cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<GiteaLabel>> ListLabelsAsync(int page, CancellationToken cancellationToken) =>
        [.. await http.SendAsync(new ForgeCall("looking for labels", HttpMethod.Get, $"{_home}/labels?page={page}&limit=50") { Needs = Rights }, GiteaJson.Default.ListGiteaLabel, cancellationToken)];

    /// <inheritdoc/>
    public ValueTask<GiteaLabel> CreateLabelAsync(GiteaNewLabel label, CancellationToken cancellationToken) =>
        http.SendAsync(ForgeCall.With($"making the label {label.Name}", HttpMethod.Post, $"{_home}/labels", label, GiteaJson.Default.GiteaNewLabel) with { Needs = Rights }, GiteaJson.Default.GiteaLabel, cancellationToken);

    /// <inheritdoc/>
    public ValueTask AddLabelsAsync(long number, GiteaLabels labels, CancellationToken cancellationToken) =>
        DoAsync(ForgeCall.With($"labelling pull request {number}", HttpMethod.Post, $"{_home}/issues/{number}/labels", labels, GiteaJson.Default.GiteaLabels), $"pull request {number}", cancellationToken);

    /// <inheritdoc/>
    public ValueTask RequestReviewersAsync(long number, GiteaReviewers reviewers, CancellationToken cancellationToken) =>
        DoAsync(ForgeCall.With($"asking {string.Join(", ", reviewers.Reviewers)} to review pull request {number}", HttpMethod.Post, $"{_home}/pulls/{number}/requested_reviewers", reviewers, GiteaJson.Default.GiteaReviewers), $"user {string.Join(", ", reviewers.Reviewers)} for pull request {number}", cancellationToken);

    /// <inheritdoc/>
    public ValueTask SetStatusAsync(string commit, GiteaStatus status, CancellationToken cancellationToken) =>
        DoAsync(ForgeCall.With("setting the status of the commit", HttpMethod.Post, $"{_home}/statuses/{commit}", status, GiteaJson.Default.GiteaStatus), $"commit {commit}", cancellationToken);

    private async ValueTask DoAsync(ForgeCall call, string part, CancellationToken cancellationToken) => await http.SendAsync(call with { Needs = Rights, Home = _home, Part = part }, cancellationToken);
}
