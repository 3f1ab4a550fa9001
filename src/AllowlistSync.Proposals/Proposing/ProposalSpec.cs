using System.Collections.Immutable;
using AllowlistSync.Proposals.Git;
using AllowlistSync.Proposals.Rewriting;

namespace AllowlistSync.Proposals.Proposing;

/// <summary>What is proposed to one repository.</summary>
public sealed record ProposalSpec
{
    /// <summary>Unique in the configuration.</summary>
    public required string Name { get; init; }

    /// <summary>The repository.</summary>
    public required GitRemote Remote { get; init; }

    /// <summary>The branch that is proposed against.</summary>
    public required string Base { get; init; }

    /// <summary>The branch that holds the proposal: ours alone, as long as nobody else commits to it.</summary>
    public required string Branch { get; init; }

    /// <summary>The first line of the commit, and the title of the pull request.</summary>
    public required string Title { get; init; }

    /// <summary>How commits are made.</summary>
    public GitCommitOptions Commit { get; init; } = new();

    /// <summary>Labels of a new pull request.</summary>
    public ImmutableArray<string> Labels { get; init; } = [];

    /// <summary>Reviewers of a new pull request.</summary>
    public ImmutableArray<string> Reviewers { get; init; } = [];

    /// <summary>A new pull request is a draft.</summary>
    public bool IsDraft { get; init; }

    /// <summary>A file of the branch that gets the whole text of the proposal, which a forge may cut; null for none.</summary>
    public string? PlanFile { get; init; }

    /// <summary>What is rewritten.</summary>
    public required ImmutableArray<ProposalFile> Files { get; init; }
}

/// <summary>A place in one or many files.</summary>
/// <param name="Path">A path from the top of the repository, or a pattern with <c>*</c>, <c>?</c> (within a name) and <c>**</c> (any number of directories).</param>
/// <param name="Place">The place.</param>
/// <param name="Allow">The names of the lists that are written.</param>
public sealed record ProposalFile(string Path, FilePlace Place, ImmutableArray<string> Allow)
{
    /// <summary>Whether many files may be meant.</summary>
    public bool IsPattern => Path.AsSpan().ContainsAny('*', '?');

    /// <summary>The place in words: <c>block cloudflare</c>.</summary>
    public string PlaceName => Place switch
    {
        BlockPlace block => $"block {block.Name}",
        KeyPlace { Document: { } document } key => $"{document} {key.Key}",
        KeyPlace key => key.Key,
        _ => "the whole file",
    };
}
