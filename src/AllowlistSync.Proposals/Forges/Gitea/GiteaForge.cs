using System.Collections.Immutable;
using System.Net.Http.Headers;
using AllowlistSync.Core;

namespace AllowlistSync.Proposals.Forges.Gitea;

/// <summary>Gitea and Forgejo.</summary>
internal sealed class GiteaForge : IForge
{
    // A server decides how much a page holds, so the end is an empty one; this many bound what is read of a huge repository.
    private const int MostPages = 20;
    private const string LabelColor = "#1d76db";

    private readonly ForgeHttp _http;
    private readonly GiteaApi _api;
    private readonly Secret _token;

    /// <summary>A forge that has asked nothing yet.</summary>
    public GiteaForge(ForgeSettings settings, TimeProvider time)
    {
        Name = $"Gitea {settings.Repository}";
        _token = settings.Token ?? throw new ForgeException(ForgeFailure.SignIn, "there is no token for Gitea", "set `forge.token`");
        _http = new ForgeHttp(settings.ApiUrl, new ForgeErrors("Gitea", GiteaApi.Rights), _ => ValueTask.FromResult(_token), (request, token) => request.Headers.Authorization = new AuthenticationHeaderValue("token", token), time);
        _api = new GiteaApi(_http, settings.Repository);
    }

    /// <inheritdoc/>
    public string Name { get; }

    // It names no limit; this is that of GitHub, which people can still read.
    /// <inheritdoc/>
    public int LongestText => 65_536;

    /// <inheritdoc/>
    public ValueTask<ForgeLogin?> LoginAsync(CancellationToken cancellationToken) => ValueTask.FromResult<ForgeLogin?>(new("oauth2", _token));

    // The API filters by no branch, and a fork may have one of the same name.
    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<PullRequest>> FindAsync(string branch, string baseBranch, CancellationToken cancellationToken)
    {
        var pulls = await PagesAsync(page => _api.ListPullsAsync(page, cancellationToken));
        return [.. pulls
            .Where(pull => pull.Head?.Label == branch && pull.Base?.Label == baseBranch && pull.Head.Repository == pull.Base.Repository)
            .DistinctBy(pull => pull.Number).OrderByDescending(pull => pull.Number).Select(Of)];
    }

    /// <inheritdoc/>
    public async ValueTask<PullRequest> OpenAsync(PullRequestDraft draft, CancellationToken cancellationToken)
    {
        var pull = Of(await _api.CreatePullAsync(new GiteaNewPull(DraftTitle.Gitea.Put(draft.Title, draft.IsDraft), draft.Branch, draft.Base, draft.Text), cancellationToken));
        var warnings = new ForgeExtras();
        if (!draft.Labels.IsEmpty)
        {
            await warnings.TryAsync(LabelAsync(pull.Number, draft.Labels, cancellationToken));
        }

        // One by one: an unknown one would lose the others.
        foreach (var reviewer in draft.Reviewers)
        {
            await warnings.TryAsync(_api.RequestReviewersAsync(pull.Number, new GiteaReviewers([reviewer]), cancellationToken));
        }

        return pull with { Warnings = warnings.Failed };
    }

    /// <inheritdoc/>
    public ValueTask UpdateAsync(PullRequest request, string title, string text, CancellationToken cancellationToken) =>
        _api.UpdatePullAsync(request.Number, new GiteaPullChange(DraftTitle.Gitea.Put(title, request.IsDraft), text, null), cancellationToken);

    /// <inheritdoc/>
    public ValueTask CommentAsync(PullRequest request, string text, CancellationToken cancellationToken) =>
        _api.CommentAsync(request.Number, new GiteaComment(text), cancellationToken);

    /// <inheritdoc/>
    public ValueTask CloseAsync(PullRequest request, CancellationToken cancellationToken) =>
        _api.UpdatePullAsync(request.Number, new GiteaPullChange(null, null, "closed"), cancellationToken);

    /// <inheritdoc/>
    public ValueTask MarkAsync(string commit, string text, CancellationToken cancellationToken) =>
        _api.SetStatusAsync(commit, new GiteaStatus("success", text, ForgeExtras.StatusContext), cancellationToken);

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async ValueTask LabelAsync(long number, ImmutableArray<string> names, CancellationToken cancellationToken)
    {
        var known = await PagesAsync(page => _api.ListLabelsAsync(page, cancellationToken));
        var ids = new List<long>();
        foreach (var name in names)
        {
            var label = known.Find(label => label.Name == name) ?? await _api.CreateLabelAsync(new GiteaNewLabel(name, LabelColor), cancellationToken);
            ids.Add(label.Id);
        }

        await _api.AddLabelsAsync(number, new GiteaLabels(ids), cancellationToken);
    }

    private static async ValueTask<List<T>> PagesAsync<T>(Func<int, ValueTask<ImmutableArray<T>>> read)
    {
        var all = new List<T>();
        for (var page = 1; page <= MostPages && await read(page) is { IsEmpty: false } items; page++)
        {
            all.AddRange(items);
        }

        return all;
    }

    private static PullRequest Of(GiteaPull pull) => new(
        pull.Number,
        pull.HtmlUrl,
        pull.Merged ? PullRequestState.Merged : pull.State == "open" ? PullRequestState.Open : PullRequestState.Closed,
        DraftTitle.Gitea.Take(pull.Title),
        pull.Body ?? "")
    { IsDraft = DraftTitle.Gitea.Has(pull.Title) };
}
