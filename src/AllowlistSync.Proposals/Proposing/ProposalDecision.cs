using System.Collections.Immutable;
using AllowlistSync.Proposals.Forges;
using AllowlistSync.Proposals.Git;

namespace AllowlistSync.Proposals.Proposing;

/// <summary>What is to be done about a proposal.</summary>
internal enum ProposalAction
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>Push a commit, and open a pull request or bring the open one up to date.</summary>
    Propose,

    /// <summary>Close what is open.</summary>
    Close,
}

/// <summary>What is to be done, and why. Pure.</summary>
/// <param name="Action">What.</param>
/// <param name="Open">The open pull request; null when there is none.</param>
/// <param name="Person">What a person did that is respected; null when nobody did anything: an id and a sentence.</param>
internal sealed record ProposalDecision(ProposalAction Action, PullRequest? Open, (string Id, string Message)? Person)
{
    /// <summary>Decides.</summary>
    /// <param name="spec">The proposal.</param>
    /// <param name="changes">What it changes in the base branch.</param>
    /// <param name="heads">What the repository has.</param>
    /// <param name="requests">The pull requests of our branch, newest first; null without a forge.</param>
    public static ProposalDecision Of(ProposalSpec spec, ProposalChanges changes, GitHeads heads, ImmutableArray<PullRequest>? requests)
    {
        var open = requests?.FirstOrDefault(request => request.State == PullRequestState.Open);
        if (heads.Branch is { } branch && branch.Id != heads.Base.Id && !ProposalMarks.IsOurs(branch, spec.Commit.Author))
        {
            return new(ProposalAction.Nothing, open, ("person-commit", $"branch {spec.Branch} holds a commit of {branch.Committer.Name} ({branch.Id[..10]}), so it is left to people; merge it, or take that commit off the branch to have it kept up to date again"));
        }

        if (!changes.IsEmpty && ClosedByPerson(spec, changes.Fingerprint, requests) is { } closed)
        {
            return new(open is null ? ProposalAction.Nothing : ProposalAction.Close, open, ("closed-by-person", $"a person closed {closed.Url}, which proposed the same, so it is not proposed again; reopen it if it is wanted after all"));
        }

        // A branch that stayed behind after its pull request ended is nobody's harm; without a forge the branch is the proposal.
        var isThere = open is not null || (requests is null && heads.Branch is not null);
        return new(changes.IsEmpty ? isThere ? ProposalAction.Close : ProposalAction.Nothing : ProposalAction.Propose, open, null);
    }

    // An open one may be another content; what a person closed stays closed all the same.
    private static PullRequest? ClosedByPerson(ProposalSpec spec, string fingerprint, ImmutableArray<PullRequest>? requests) => requests?
        .FirstOrDefault(request => ProposalMarks.FingerprintIn(request.Text, spec.Name) == fingerprint && request.State is PullRequestState.Closed or PullRequestState.Open) is { State: PullRequestState.Closed } closed ? closed : null;
}
