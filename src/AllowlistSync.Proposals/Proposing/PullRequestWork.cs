using AllowlistSync.Core.Providers;
using AllowlistSync.Proposals.Forges;

namespace AllowlistSync.Proposals.Proposing;

/// <summary>The pull request of a proposal whose branch was pushed.</summary>
internal sealed class PullRequestWork(IForge forge, ProposalSpec spec)
{
    /// <summary>Opens it, or brings it up to date, and marks a commit that is new.</summary>
    public async ValueTask<ProposalReport> ShowAsync(ProposalReport report, PullRequest? open, string summary, bool isNewCommit, CancellationToken cancellationToken)
    {
        var shown = open ?? await OpenAsync(report.Text, cancellationToken);
        if (open is not null)
        {
            await forge.UpdateAsync(open, TitleFor(open), report.Text, cancellationToken);
        }

        var extras = new ForgeExtras();
        if (isNewCommit || open is null)
        {
            await extras.TryAsync(forge.MarkAsync(report.Commit!, $"proposal {report.Fingerprint![..12]}: {summary}", cancellationToken));
        }

        return report with { Url = shown.Url, Findings = [.. report.Findings, .. shown.Warnings.Concat(extras.Failed).Select(failed => new Finding("forge-extra", Severity.Warning, failed, ""))] };
    }

    /// <summary>Closes it with a comment. The text forgets what it proposed first, so that no later run takes this for the wish of a person.</summary>
    public async ValueTask CloseAsync(PullRequest open, CancellationToken cancellationToken)
    {
        var retired = ProposalMarks.FingerprintIn(open.Text, spec.Name) is { } fingerprint ? ProposalMarks.Retired(open.Text, spec.Name, fingerprint) : open.Text;
        await forge.UpdateAsync(open, open.Title, retired, cancellationToken);
        await forge.CommentAsync(open, $"No longer needed: `{spec.Base}` holds what is wanted. Closed by allowlist-sync; a new pull request is opened when the lists change again.", cancellationToken);
        await forge.CloseAsync(open, cancellationToken);
    }

    // Two runners at once: the other one opened it.
    private async ValueTask<PullRequest> OpenAsync(string text, CancellationToken cancellationToken)
    {
        try
        {
            return await forge.OpenAsync(new PullRequestDraft { Branch = spec.Branch, Base = spec.Base, Title = spec.Title, Text = text, Labels = spec.Labels, Reviewers = spec.Reviewers, IsDraft = spec.IsDraft }, cancellationToken);
        }
        catch (ForgeException exists) when (exists.Failure == ForgeFailure.Exists)
        {
            if ((await forge.FindAsync(spec.Branch, spec.Base, cancellationToken)).FirstOrDefault(request => request.State == PullRequestState.Open) is not { } found)
            {
                throw;
            }

            return found;
        }
    }

    // GitLab and Gitea keep the draft in the title; a person may have made it ready, or a draft again.
    private string TitleFor(PullRequest open) => open.Title.EndsWith(spec.Title, StringComparison.Ordinal) ? open.Title : spec.Title;
}
