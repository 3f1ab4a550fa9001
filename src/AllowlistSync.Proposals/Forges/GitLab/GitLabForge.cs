using System.Collections.Immutable;
using AllowlistSync.Core;

namespace AllowlistSync.Proposals.Forges.GitLab;

/// <summary>GitLab, the public one and those of one's own.</summary>
internal sealed class GitLabForge : IForge
{
    private readonly ForgeHttp _http;
    private readonly GitLabApi _api;
    private readonly Secret _token;

    /// <summary>A forge that has asked nothing yet.</summary>
    public GitLabForge(ForgeSettings settings, TimeProvider time)
    {
        Name = $"GitLab {settings.Repository}";
        _token = settings.Token ?? throw new ForgeException(ForgeFailure.SignIn, "there is no token for GitLab", "set `forge.token`");
        _http = new ForgeHttp(settings.ApiUrl, new ForgeErrors("GitLab", GitLabApi.Rights), _ => ValueTask.FromResult(_token), (request, token) => request.Headers.Add("PRIVATE-TOKEN", token), time);
        _api = new GitLabApi(_http, settings.Repository);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public int LongestText => 1_048_576;

    /// <inheritdoc/>
    public ValueTask<ForgeLogin?> LoginAsync(CancellationToken cancellationToken) => ValueTask.FromResult<ForgeLogin?>(new("oauth2", _token));

    // A fork may have a branch of the same name.
    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<PullRequest>> FindAsync(string branch, string baseBranch, CancellationToken cancellationToken) =>
        [.. (await _api.ListMergesAsync(branch, baseBranch, cancellationToken)).Where(merge => merge.SourceProject == merge.TargetProject).Select(Of)];

    /// <inheritdoc/>
    public async ValueTask<PullRequest> OpenAsync(PullRequestDraft draft, CancellationToken cancellationToken)
    {
        var (reviewers, warnings) = await ReviewersAsync(draft.Reviewers, cancellationToken);
        var labels = draft.Labels.IsEmpty ? null : string.Join(',', draft.Labels);
        var merge = new GitLabNewMerge(draft.Branch, draft.Base, DraftTitle.GitLab.Put(draft.Title, draft.IsDraft), draft.Text, labels, reviewers.Count == 0 ? null : reviewers);
        return Of(await _api.CreateMergeAsync(merge, cancellationToken)) with { Warnings = warnings };
    }

    /// <inheritdoc/>
    public ValueTask UpdateAsync(PullRequest request, string title, string text, CancellationToken cancellationToken) =>
        _api.UpdateMergeAsync(request.Number, new GitLabMergeChange(DraftTitle.GitLab.Put(title, request.IsDraft), text, null), cancellationToken);

    /// <inheritdoc/>
    public ValueTask CommentAsync(PullRequest request, string text, CancellationToken cancellationToken) =>
        _api.CommentAsync(request.Number, new GitLabNote(text), cancellationToken);

    /// <inheritdoc/>
    public ValueTask CloseAsync(PullRequest request, CancellationToken cancellationToken) =>
        _api.UpdateMergeAsync(request.Number, new GitLabMergeChange(null, null, "close"), cancellationToken);

    /// <inheritdoc/>
    public async ValueTask MarkAsync(string commit, string text, CancellationToken cancellationToken)
    {
        try
        {
            await _api.SetStatusAsync(commit, new GitLabStatus("success", ForgeExtras.StatusContext, text), cancellationToken);
        }
        catch (ForgeException same) when (same.Failure == ForgeFailure.Invalid && same.Message.Contains("Cannot transition status via :success from :success", StringComparison.Ordinal))
        {
            // A commit that is green already is refused; its text is that of the same proposal, since the proposal is in the commit.
            return;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async ValueTask<(List<long> Ids, ImmutableArray<string> Warnings)> ReviewersAsync(ImmutableArray<string> names, CancellationToken cancellationToken)
    {
        var ids = new List<long>();
        var warnings = new ForgeExtras();
        foreach (var name in names)
        {
            await warnings.TryAsync(LookAsync(name));
        }

        return (ids, warnings.Failed);

        async ValueTask LookAsync(string name) => ids.Add((await _api.FindUsersAsync(name, cancellationToken)).FirstOrDefault()?.Id
            ?? throw new ForgeException(ForgeFailure.NotFound, $"asking reviewers: GitLab has no user {name}, who was left out", "correct `reviewers`"));
    }

    // "locked" lasts for the moment in which it is merged.
    private static PullRequest Of(GitLabMerge merge) => new(
        merge.Number,
        merge.WebUrl,
        merge.State switch { "opened" or "locked" => PullRequestState.Open, "merged" => PullRequestState.Merged, _ => PullRequestState.Closed },
        DraftTitle.GitLab.Take(merge.Title),
        merge.Description ?? "")
    { IsDraft = DraftTitle.GitLab.Has(merge.Title) };
}
