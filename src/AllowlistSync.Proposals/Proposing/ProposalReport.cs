using System.Collections.Immutable;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Proposals.Proposing;

/// <summary>How a proposal came out.</summary>
public enum ProposalStatus
{
    /// <summary>The base branch holds what is wanted, and nothing is open.</summary>
    InSync,

    /// <summary>The open proposal is as it should be.</summary>
    Unchanged,

    /// <summary>A new one was pushed, and its pull request opened.</summary>
    Opened,

    /// <summary>The one that is there was brought up to date.</summary>
    Updated,

    /// <summary>It is no longer needed and was closed.</summary>
    Closed,

    /// <summary>A person decided otherwise (closed it, or commits to the branch), so it was left as it is.</summary>
    LeftAlone,

    /// <summary>A look: it would be opened.</summary>
    WouldOpen,

    /// <summary>A look: it would be brought up to date.</summary>
    WouldUpdate,

    /// <summary>A look: it would be closed.</summary>
    WouldClose,

    /// <summary>A list that may be used is missing.</summary>
    Refused,

    /// <summary>Something failed; the message says what was done before.</summary>
    Failed,
}

/// <summary>What became of one proposal.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Repository">The address of the repository.</param>
/// <param name="Base">The branch that is proposed against.</param>
/// <param name="Branch">Our branch.</param>
/// <param name="Status">How it came out.</param>
public sealed record ProposalReport(string Name, string Repository, string Base, string Branch, ProposalStatus Status)
{
    /// <summary>What is wanted, by its fingerprint; null when it did not come so far.</summary>
    public string? Fingerprint { get; init; }

    /// <summary>Where people see the pull request; null when there is none.</summary>
    public string? Url { get; init; }

    /// <summary>The commit at our branch; null when there is none.</summary>
    public string? Commit { get; init; }

    /// <summary>What it changes.</summary>
    public ProposalChanges Changes { get; init; } = new([], []);

    /// <summary>The difference as git shows it; empty unless it was a look.</summary>
    public string Diff { get; init; } = "";

    /// <summary>The text of the pull request; empty when nothing is proposed.</summary>
    public string Text { get; init; } = "";

    /// <summary>What the operator should know.</summary>
    public ImmutableArray<Finding> Findings { get; init; } = [];

    /// <summary>What failed or was refused; null when nothing was.</summary>
    public Finding? Error { get; init; }

    /// <summary>True when a look found that a run would do something.</summary>
    public bool WouldChange => Status is ProposalStatus.WouldOpen or ProposalStatus.WouldUpdate or ProposalStatus.WouldClose;
}
