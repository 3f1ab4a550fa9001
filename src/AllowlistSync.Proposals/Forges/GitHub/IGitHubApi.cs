using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace AllowlistSync.Proposals.Forges.GitHub;

/// <summary>The calls of GitHub's REST API (version 2022-11-28) that proposals need, in the shape in which Refit would take them.</summary>
internal interface IGitHubApi
{
    /// <summary><c>GET /repos/{repository}/pulls</c>; the head is <c>OWNER:BRANCH</c>.</summary>
    ValueTask<ImmutableArray<GitHubPull>> ListPullsAsync(string head, string @base, CancellationToken cancellationToken);

    /// <summary><c>POST /repos/{repository}/pulls</c>.</summary>
    ValueTask<GitHubPull> CreatePullAsync(GitHubNewPull pull, CancellationToken cancellationToken);

    /// <summary><c>PATCH /repos/{repository}/pulls/{number}</c>.</summary>
    ValueTask UpdatePullAsync(long number, GitHubPullChange change, CancellationToken cancellationToken);

    /// <summary><c>POST /repos/{repository}/issues/{number}/comments</c>.</summary>
    ValueTask CommentAsync(long number, GitHubComment comment, CancellationToken cancellationToken);

    /// <summary><c>POST /repos/{repository}/issues/{number}/labels</c>; labels that do not exist are made.</summary>
    ValueTask AddLabelsAsync(long number, GitHubLabels labels, CancellationToken cancellationToken);

    /// <summary><c>POST /repos/{repository}/pulls/{number}/requested_reviewers</c>.</summary>
    ValueTask RequestReviewersAsync(long number, GitHubReviewers reviewers, CancellationToken cancellationToken);

    /// <summary><c>POST /repos/{repository}/statuses/{commit}</c>.</summary>
    ValueTask SetStatusAsync(string commit, GitHubStatus status, CancellationToken cancellationToken);
}

/// <summary>A pull request as GitHub tells it.</summary>
internal sealed record GitHubPull(
    [property: JsonPropertyName("number")] long Number,
    [property: JsonPropertyName("html_url")] string HtmlUrl,
    [property: JsonPropertyName("state")] string State,
    [property: JsonPropertyName("title")] string Title,
    [property: JsonPropertyName("body")] string? Body,
    [property: JsonPropertyName("merged_at")] DateTimeOffset? MergedAt);

/// <summary>A pull request to open.</summary>
internal sealed record GitHubNewPull(
    [property: JsonPropertyName("title")] string Title,
    [property: JsonPropertyName("head")] string Head,
    [property: JsonPropertyName("base")] string Base,
    [property: JsonPropertyName("body")] string Body,
    [property: JsonPropertyName("draft")] bool Draft);

/// <summary>What changes in a pull request; null leaves it.</summary>
internal sealed record GitHubPullChange(
    [property: JsonPropertyName("title"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Title,
    [property: JsonPropertyName("body"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Body,
    [property: JsonPropertyName("state"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? State);

/// <summary>A comment.</summary>
internal sealed record GitHubComment([property: JsonPropertyName("body")] string Body);

/// <summary>Labels to add.</summary>
internal sealed record GitHubLabels([property: JsonPropertyName("labels")] ImmutableArray<string> Labels);

/// <summary>Reviewers to ask.</summary>
internal sealed record GitHubReviewers(
    [property: JsonPropertyName("reviewers")] ImmutableArray<string> Reviewers,
    [property: JsonPropertyName("team_reviewers")] ImmutableArray<string> TeamReviewers);

/// <summary>A status of a commit.</summary>
internal sealed record GitHubStatus(
    [property: JsonPropertyName("state")] string State,
    [property: JsonPropertyName("description")] string Description,
    [property: JsonPropertyName("context")] string Context);

/// <summary>An installation of a GitHub App.</summary>
internal sealed record GitHubInstallation([property: JsonPropertyName("id")] long Id);

/// <summary>A token of an installation; it lives for an hour.</summary>
internal sealed record GitHubInstallationToken([property: JsonPropertyName("token")] string Token);

/// <summary>What goes over the wire.</summary>
[JsonSerializable(typeof(ImmutableArray<GitHubPull>))]
[JsonSerializable(typeof(List<GitHubPull>))]
[JsonSerializable(typeof(GitHubNewPull))]
[JsonSerializable(typeof(GitHubPullChange))]
[JsonSerializable(typeof(GitHubComment))]
[JsonSerializable(typeof(GitHubLabels))]
[JsonSerializable(typeof(GitHubReviewers))]
[JsonSerializable(typeof(GitHubStatus))]
[JsonSerializable(typeof(GitHubInstallation))]
[JsonSerializable(typeof(GitHubInstallationToken))]
internal sealed partial class GitHubJson : JsonSerializerContext;
