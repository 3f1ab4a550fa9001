using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace AllowlistSync.Proposals.Forges.GitLab;

/// <summary>The calls of GitLab's REST API (version 4) that proposals need, in the shape in which Refit would take them.</summary>
internal interface IGitLabApi
{
    /// <summary><c>GET /projects/{id}/merge_requests</c>, of all states.</summary>
    ValueTask<ImmutableArray<GitLabMerge>> ListMergesAsync(string source, string target, CancellationToken cancellationToken);

    /// <summary><c>POST /projects/{id}/merge_requests</c>.</summary>
    ValueTask<GitLabMerge> CreateMergeAsync(GitLabNewMerge merge, CancellationToken cancellationToken);

    /// <summary><c>PUT /projects/{id}/merge_requests/{iid}</c>.</summary>
    ValueTask UpdateMergeAsync(long number, GitLabMergeChange change, CancellationToken cancellationToken);

    /// <summary><c>POST /projects/{id}/merge_requests/{iid}/notes</c>.</summary>
    ValueTask CommentAsync(long number, GitLabNote note, CancellationToken cancellationToken);

    /// <summary><c>GET /users</c>; empty when there is no user of that name.</summary>
    ValueTask<ImmutableArray<GitLabUser>> FindUsersAsync(string name, CancellationToken cancellationToken);

    /// <summary><c>POST /projects/{id}/statuses/{sha}</c>.</summary>
    ValueTask SetStatusAsync(string commit, GitLabStatus status, CancellationToken cancellationToken);
}

/// <summary>A merge request as GitLab tells it.</summary>
internal sealed record GitLabMerge(
    [property: JsonPropertyName("iid")] long Number,
    [property: JsonPropertyName("web_url")] string WebUrl,
    [property: JsonPropertyName("state")] string State,
    [property: JsonPropertyName("title")] string Title,
    [property: JsonPropertyName("description")] string? Description,
    [property: JsonPropertyName("source_project_id")] long? SourceProject,
    [property: JsonPropertyName("target_project_id")] long? TargetProject);

/// <summary>A merge request to open.</summary>
internal sealed record GitLabNewMerge(
    [property: JsonPropertyName("source_branch")] string Source,
    [property: JsonPropertyName("target_branch")] string Target,
    [property: JsonPropertyName("title")] string Title,
    [property: JsonPropertyName("description")] string Description,
    [property: JsonPropertyName("labels"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Labels,
    [property: JsonPropertyName("reviewer_ids"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] List<long>? Reviewers);

/// <summary>What changes in a merge request; null leaves it.</summary>
internal sealed record GitLabMergeChange(
    [property: JsonPropertyName("title"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Title,
    [property: JsonPropertyName("description"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Description,
    [property: JsonPropertyName("state_event"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? StateEvent);

/// <summary>A comment.</summary>
internal sealed record GitLabNote([property: JsonPropertyName("body")] string Body);

/// <summary>A user.</summary>
internal sealed record GitLabUser([property: JsonPropertyName("id")] long Id, [property: JsonPropertyName("username")] string Name);

/// <summary>A status of a commit.</summary>
internal sealed record GitLabStatus(
    [property: JsonPropertyName("state")] string State,
    [property: JsonPropertyName("name")] string Name,
    [property: JsonPropertyName("description")] string Description);

/// <summary>What goes over the wire.</summary>
[JsonSerializable(typeof(List<GitLabMerge>))]
[JsonSerializable(typeof(GitLabNewMerge))]
[JsonSerializable(typeof(GitLabMergeChange))]
[JsonSerializable(typeof(GitLabNote))]
[JsonSerializable(typeof(List<GitLabUser>))]
[JsonSerializable(typeof(GitLabStatus))]
internal sealed partial class GitLabJson : JsonSerializerContext;
