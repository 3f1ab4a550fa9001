using System.Collections.Immutable;
using AllowlistSync.Core;

namespace AllowlistSync.Proposals.Forges;

/// <summary>Where pull requests are kept. Remembers nothing: the branch is the key. Everything that goes wrong is a <see cref="ForgeException"/>.</summary>
public interface IForge : IDisposable
{
    /// <summary>For messages: <c>GitHub ops/infra</c>.</summary>
    string Name { get; }

    /// <summary>How many characters the text of a pull request may have.</summary>
    int LongestText { get; }

    /// <summary>What git signs in with; null when there is nothing to sign in with.</summary>
    ValueTask<ForgeLogin?> LoginAsync(CancellationToken cancellationToken);

    /// <summary>The pull requests of our branch against the base, open, closed and merged ones, newest first; enough of them to know how the last ones ended.</summary>
    ValueTask<ImmutableArray<PullRequest>> FindAsync(string branch, string baseBranch, CancellationToken cancellationToken);

    /// <summary>Opens one. What was asked for besides and could not be done (an unknown reviewer) is told in <see cref="PullRequest.Warnings"/>.</summary>
    /// <exception cref="ForgeException"><see cref="ForgeFailure.Exists"/> when there is one already.</exception>
    ValueTask<PullRequest> OpenAsync(PullRequestDraft draft, CancellationToken cancellationToken);

    /// <summary>Replaces title and text.</summary>
    ValueTask UpdateAsync(PullRequest request, string title, string text, CancellationToken cancellationToken);

    /// <summary>Adds a comment.</summary>
    ValueTask CommentAsync(PullRequest request, string text, CancellationToken cancellationToken);

    /// <summary>Closes one without merging it.</summary>
    ValueTask CloseAsync(PullRequest request, CancellationToken cancellationToken);

    /// <summary>Marks a commit with a green status that carries a text, at most 140 characters.</summary>
    ValueTask MarkAsync(string commit, string text, CancellationToken cancellationToken);
}

/// <summary>What git signs in with over https.</summary>
/// <param name="User">The user name.</param>
/// <param name="Token">The token.</param>
public sealed record ForgeLogin(string User, Secret Token);

/// <summary>How a pull request stands.</summary>
public enum PullRequestState
{
    /// <summary>It waits.</summary>
    Open,

    /// <summary>Closed and not merged.</summary>
    Closed,

    /// <summary>Merged.</summary>
    Merged,
}

/// <summary>A pull request.</summary>
/// <param name="Number">Its number in the repository.</param>
/// <param name="Url">Where people see it.</param>
/// <param name="State">How it stands.</param>
/// <param name="Title">Its title.</param>
/// <param name="Text">Its text.</param>
public sealed record PullRequest(long Number, string Url, PullRequestState State, string Title, string Text)
{
    /// <summary>Whether the forge marks it as not ready by its title; the title here is without that mark, and an update keeps it.</summary>
    public bool IsDraft { get; init; }

    /// <summary>What was asked for and could not be done.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];
}

/// <summary>A pull request that is to be opened.</summary>
public sealed record PullRequestDraft
{
    /// <summary>Our branch.</summary>
    public required string Branch { get; init; }

    /// <summary>The branch that it is proposed against.</summary>
    public required string Base { get; init; }

    /// <summary>Its title.</summary>
    public required string Title { get; init; }

    /// <summary>Its text, Markdown.</summary>
    public required string Text { get; init; }

    /// <summary>Labels.</summary>
    public ImmutableArray<string> Labels { get; init; } = [];

    /// <summary>Login names of reviewers.</summary>
    public ImmutableArray<string> Reviewers { get; init; } = [];

    /// <summary>Not ready to be merged.</summary>
    public bool IsDraft { get; init; }
}
