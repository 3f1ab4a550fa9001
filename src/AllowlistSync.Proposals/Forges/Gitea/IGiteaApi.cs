using System.Collections.Immutable;
using System.Text.Json.Serialization;

namespace AllowlistSync.Proposals.Forges.Gitea;

/// <summary>The calls of the REST API (version 1) of Gitea and Forgejo that proposals need, in the shape in which Refit would take them.</summary>
internal interface IGiteaApi
{
    /// <summary><c>GET /repos/{repository}/pulls</c>, of all states, one page.</summary>
    ValueTask<ImmutableArray<GiteaPull>> ListPullsAsync(int page, CancellationToken cancellationToken);

    /// <summary><c>POST /repos/{repository}/pulls</c>.</summary>
    ValueTask<GiteaPull> CreatePullAsync(GiteaNewPull pull, CancellationToken cancellationToken);

    /// <summary><c>PATCH /repos/{repository}/pulls/{number}</c>.</summary>
    ValueTask UpdatePullAsync(long number, GiteaPullChange change, CancellationToken cancellationToken);

    /// <summary><c>POST /repos/{repository}/issues/{number}/comments</c>.</summary>
    ValueTask CommentAsync(long number, GiteaComment comment, CancellationToken cancellationToken);

    /// <summary><c>GET /repos/{repository}/labels</c>, one page.</summary>
    ValueTask<ImmutableArray<GiteaLabel>> ListLabelsAsync(int page, CancellationToken cancellationToken);

    /// <summary><c>POST /repos/{repository}/labels</c>.</summary>
    ValueTask<GiteaLabel> CreateLabelAsync(GiteaNewLabel label, CancellationToken cancellationToken);

    /// <summary><c>POST /repos/{repository}/issues/{number}/labels</c>.</summary>
    ValueTask AddLabelsAsync(long number, GiteaLabels labels, CancellationToken cancellationToken);

    /// <summary><c>POST /repos/{repository}/pulls/{number}/requested_reviewers</c>.</summary>
    ValueTask RequestReviewersAsync(long number, GiteaReviewers reviewers, CancellationToken cancellationToken);

    /// <summary><c>POST /repos/{repository}/statuses/{commit}</c>.</summary>
    ValueTask SetStatusAsync(string commit, GiteaStatus status, CancellationToken cancellationToken);
}

/// <summary>A pull request as Gitea tells it.</summary>
internal sealed record GiteaPull(
    [property: JsonPropertyName("number")] long Number,
    [property: JsonPropertyName("html_url")] string HtmlUrl,
    [property: JsonPropertyName("state")] string State,
    [property: JsonPropertyName("merged")] bool Merged,
    [property: JsonPropertyName("title")] string Title,
    [property: JsonPropertyName("body")] string? Body,
    [property: JsonPropertyName("head")] GiteaBranch? Head,
    [property: JsonPropertyName("base")] GiteaBranch? Base);

/// <summary>A branch of a pull request; the label stays the branch's name when the branch is deleted.</summary>
internal sealed record GiteaBranch([property: JsonPropertyName("label")] string Label, [property: JsonPropertyName("repo_id")] long Repository);

/// <summary>A pull request to open.</summary>
internal sealed record GiteaNewPull(
    [property: JsonPropertyName("title")] string Title,
    [property: JsonPropertyName("head")] string Head,
    [property: JsonPropertyName("base")] string Base,
    [property: JsonPropertyName("body")] string Body);

/// <summary>What changes in a pull request; null leaves it.</summary>
internal sealed record GiteaPullChange(
    [property: JsonPropertyName("title"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Title,
    [property: JsonPropertyName("body"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Body,
    [property: JsonPropertyName("state"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? State);

/// <summary>A comment.</summary>
internal sealed record GiteaComment([property: JsonPropertyName("body")] string Body);

/// <summary>A label.</summary>
internal sealed record GiteaLabel([property: JsonPropertyName("id")] long Id, [property: JsonPropertyName("name")] string Name);

/// <summary>A label to make.</summary>
internal sealed record GiteaNewLabel([property: JsonPropertyName("name")] string Name, [property: JsonPropertyName("color")] string Color);

/// <summary>Labels to add.</summary>
internal sealed record GiteaLabels([property: JsonPropertyName("labels")] List<long> Labels);

/// <summary>Reviewers to ask.</summary>
internal sealed record GiteaReviewers([property: JsonPropertyName("reviewers")] List<string> Reviewers);

/// <summary>A status of a commit.</summary>
internal sealed record GiteaStatus(
    [property: JsonPropertyName("state")] string State,
    [property: JsonPropertyName("description")] string Description,
    [property: JsonPropertyName("context")] string Context);

/// <summary>What goes over the wire.</summary>
[JsonSerializable(typeof(List<GiteaPull>))]
[JsonSerializable(typeof(GiteaNewPull))]
[JsonSerializable(typeof(GiteaPullChange))]
[JsonSerializable(typeof(GiteaComment))]
[JsonSerializable(typeof(List<GiteaLabel>))]
[JsonSerializable(typeof(GiteaNewLabel))]
[JsonSerializable(typeof(GiteaLabels))]
[JsonSerializable(typeof(GiteaReviewers))]
[JsonSerializable(typeof(GiteaStatus))]
internal sealed partial class GiteaJson : JsonSerializerContext;
