using System.Collections.Immutable;

namespace AllowlistSync.Proposals.Forges.GitLab;

/// <summary>Those calls by HTTP.</summary>
internal sealed class GitLabApi(ForgeHttp http, string repository) : IGitLabApi
{
    /// <summary>The rights of the token.</summary>
    public const string Rights = "the scope api and the role Developer in the project";

    // The path of a project is one segment: its slashes are escaped.
    private readonly string _project = $"projects/{Uri.EscapeDataString(repository)}";

    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<GitLabMerge>> ListMergesAsync(string source, string target, CancellationToken cancellationToken) =>
        [.. await http.SendAsync(new ForgeCall("looking for merge requests", HttpMethod.Get, $"{_project}/merge_requests?state=all&source_branch={Uri.EscapeDataString(source)}&target_branch={Uri.EscapeDataString(target)}&order_by=created_at&sort=desc&per_page=30") { Needs = Rights }, GitLabJson.Default.ListGitLabMerge, cancellationToken)];

    /// <inheritdoc/>
    public ValueTask<GitLabMerge> CreateMergeAsync(GitLabNewMerge merge, CancellationToken cancellationToken) =>
        http.SendAsync(ForgeCall.With("opening a merge request", HttpMethod.Post, $"{_project}/merge_requests", merge, GitLabJson.Default.GitLabNewMerge) with { Needs = Rights, Home = _project, Part = $"branch {merge.Source} or {merge.Target}" }, GitLabJson.Default.GitLabMerge, cancellationToken);

    /// <inheritdoc/>
    public ValueTask UpdateMergeAsync(long number, GitLabMergeChange change, CancellationToken cancellationToken) =>
        DoAsync(ForgeCall.With($"changing merge request {number}", HttpMethod.Put, $"{_project}/merge_requests/{number}", change, GitLabJson.Default.GitLabMergeChange), $"merge request {number}", cancellationToken);

    /// <inheritdoc/>
    public ValueTask CommentAsync(long number, GitLabNote note, CancellationToken cancellationToken) =>
        DoAsync(ForgeCall.With($"commenting on merge request {number}", HttpMethod.Post, $"{_project}/merge_requests/{number}/notes", note, GitLabJson.Default.GitLabNote), $"merge request {number}", cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<ImmutableArray<GitLabUser>> FindUsersAsync(string name, CancellationToken cancellationToken) =>
        [.. await http.SendAsync(new ForgeCall($"looking for the user {name}", HttpMethod.Get, $"users?username={Uri.EscapeDataString(name)}") { Needs = Rights }, GitLabJson.Default.ListGitLabUser, cancellationToken)];

    /// <inheritdoc/>
    public ValueTask SetStatusAsync(string commit, GitLabStatus status, CancellationToken cancellationToken) =>
        DoAsync(ForgeCall.With("setting the status of the commit", HttpMethod.Post, $"{_project}/statuses/{commit}", status, GitLabJson.Default.GitLabStatus), $"commit {commit}", cancellationToken);

    private async ValueTask DoAsync(ForgeCall call, string part, CancellationToken cancellationToken) => await http.SendAsync(call with { Needs = Rights, Home = _project, Part = part }, cancellationToken);
}
