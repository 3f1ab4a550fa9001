using System.Collections.Immutable;

namespace AllowlistSync.Proposals.Forges.GitHub;

/// <summary>GitHub and GitHub Enterprise Server.</summary>
internal sealed class GitHubForge : IForge
{
    private const string TeamMark = "team:";

    private readonly ForgeHttp _http;
    private readonly GitHubLogin _login;
    private readonly GitHubApi _api;
    private readonly string _owner;

    /// <summary>A forge that has asked nothing yet.</summary>
    public GitHubForge(ForgeSettings settings, TimeProvider time)
    {
        var repository = settings.Repository;
        Name = $"GitHub {repository}";
        _owner = repository.Split('/')[0];
        _login = new GitHubLogin(settings, time);
        _http = new ForgeHttp(settings.ApiUrl, settings.App is null ? new ForgeErrors("GitHub", "the right to write contents and pull requests") : new ForgeErrors("GitHub", GitHubLogin.AppRights, GitHubLogin.AppSignIn), _login.TokenAsync, GitHubLogin.Put, time);
        _api = new GitHubApi(_http, repository);
    }

    /// <inheritdoc/>
    public string Name { get; }

    // "body is too long (maximum is 65536 characters)"
    /// <inheritdoc/>
    public int LongestText => 65_536;

    /// <inheritdoc/>
    public async ValueTask<ForgeLogin?> LoginAsync(CancellationToken cancellationToken) => new("x-access-token", await _login.TokenAsync(cancellationToken));

    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<PullRequest>> FindAsync(string branch, string baseBranch, CancellationToken cancellationToken) =>
        [.. (await _api.ListPullsAsync($"{_owner}:{branch}", baseBranch, cancellationToken)).Select(Of)];

    /// <inheritdoc/>
    public async ValueTask<PullRequest> OpenAsync(PullRequestDraft draft, CancellationToken cancellationToken)
    {
        var warnings = new ForgeExtras();
        var pull = Of(await CreateAsync(new GitHubNewPull(draft.Title, draft.Branch, draft.Base, draft.Text, draft.IsDraft), warnings, cancellationToken));
        if (!draft.Labels.IsEmpty)
        {
            await warnings.TryAsync(_api.AddLabelsAsync(pull.Number, new GitHubLabels(draft.Labels), cancellationToken));
        }

        // One by one: an unknown one would lose the others.
        foreach (var reviewer in draft.Reviewers)
        {
            await warnings.TryAsync(_api.RequestReviewersAsync(pull.Number, ReviewerOf(reviewer), cancellationToken));
        }

        return pull with { Warnings = warnings.Failed };
    }

    /// <inheritdoc/>
    public ValueTask UpdateAsync(PullRequest request, string title, string text, CancellationToken cancellationToken) =>
        _api.UpdatePullAsync(request.Number, new GitHubPullChange(title, text, null), cancellationToken);

    /// <inheritdoc/>
    public ValueTask CommentAsync(PullRequest request, string text, CancellationToken cancellationToken) =>
        _api.CommentAsync(request.Number, new GitHubComment(text), cancellationToken);

    /// <inheritdoc/>
    public ValueTask CloseAsync(PullRequest request, CancellationToken cancellationToken) =>
        _api.UpdatePullAsync(request.Number, new GitHubPullChange(null, null, "closed"), cancellationToken);

    /// <inheritdoc/>
    public ValueTask MarkAsync(string commit, string text, CancellationToken cancellationToken) =>
        _api.SetStatusAsync(commit, new GitHubStatus("success", text, ForgeExtras.StatusContext), cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        _login.Dispose();
    }

    private static PullRequest Of(GitHubPull pull) => new(
        pull.Number,
        pull.HtmlUrl,
        pull.MergedAt is not null ? PullRequestState.Merged : pull.State == "open" ? PullRequestState.Open : PullRequestState.Closed,
        pull.Title,
        pull.Body ?? "");

    // Private repositories have drafts by some plans of GitHub only.
    private async ValueTask<GitHubPull> CreateAsync(GitHubNewPull pull, ForgeExtras warnings, CancellationToken cancellationToken)
    {
        try
        {
            return await _api.CreatePullAsync(pull, cancellationToken);
        }
        catch (ForgeException none) when (pull.Draft && none.Message.Contains("Draft pull requests are not supported", StringComparison.Ordinal))
        {
            warnings.Tell("GitHub has no draft pull requests in this repository, so it was opened as one that is ready; remove `draft`");
            return await _api.CreatePullAsync(pull with { Draft = false }, cancellationToken);
        }
    }

    private static GitHubReviewers ReviewerOf(string name) =>
        name.StartsWith(TeamMark, StringComparison.Ordinal) ? new([], [name[TeamMark.Length..]]) : new([name], []);
}
