using System.Collections.Immutable;
using System.Text;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;
using AllowlistSync.Proposals.Forges;
using AllowlistSync.Proposals.Git;
using AllowlistSync.Proposals.Rewriting;

namespace AllowlistSync.Proposals.Proposing;

/// <summary>
/// Proposes a change to a repository: one branch, one commit on top of the base, one pull request, brought up to date or closed as the lists and the repository change. Remembers nothing between two runs.
/// </summary>
/// <param name="host">This machine, for git.</param>
/// <param name="time">The clock.</param>
public sealed class Proposer(IHost host, TimeProvider time)
{
    // Two runners at once: the one that comes second sees what the first one did, and agrees.
    private const int Tries = 2;

    /// <summary>Does it; what goes wrong is in the report.</summary>
    /// <param name="spec">What.</param>
    /// <param name="forge">Where; null only pushes.</param>
    /// <param name="directory">Where the clone is or will be; its parent must be there and for this user only.</param>
    /// <param name="context">What the run knows.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask<ProposalReport> ProposeAsync(ProposalSpec spec, IForge? forge, string directory, ProposalContext context, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(spec);
        ArgumentNullException.ThrowIfNull(context);
        var report = new ProposalReport(spec.Name, spec.Remote.Url, spec.Base, spec.Branch, ProposalStatus.Failed);
        if (context.MissingList(spec) is { } missing)
        {
            return report with { Status = ProposalStatus.Refused, Error = missing };
        }

        for (var tried = 1; ; tried++)
        {
            try
            {
                return await OnceAsync(report, new Workplace(spec, forge, directory, context), cancellationToken);
            }
            catch (GitException lost) when (lost.Failure == GitFailure.LeaseLost && tried < Tries)
            {
                continue;
            }
            catch (GitException failure)
            {
                return report with { Error = new Finding($"git-{failure.Failure.ToString().ToLowerInvariant()}", Severity.Problem, failure.Message, failure.Remedy) };
            }
            catch (ForgeException failure)
            {
                return report with { Error = new Finding($"forge-{failure.Failure.ToString().ToLowerInvariant()}", Severity.Problem, failure.Message, failure.Remedy) };
            }
            catch (WrongPlacesException failure)
            {
                return report with { Error = Of(failure.Places[0]), Findings = [.. failure.Places.Skip(1).Select(Of)] };
            }
            catch (HostException failure)
            {
                return report with { Error = new Finding("host", Severity.Problem, failure.Message, "see that the directory of the state can be written") };
            }
        }
    }

    private async ValueTask<ProposalReport> OnceAsync(ProposalReport report, Workplace place, CancellationToken cancellationToken)
    {
        var (spec, forge) = (place.Spec, place.Forge);
        var login = forge is null ? null : await forge.LoginAsync(cancellationToken);
        var remote = login is null ? spec.Remote : spec.Remote with { Token = login.Token, TokenUser = login.User };
        await using var repository = await GitRepository.OpenAsync(host, place.Directory, remote, spec.Commit, cancellationToken);
        var heads = await repository.FetchAsync(spec.Base, spec.Branch, cancellationToken);
        var changes = await new FileWork(repository, heads.Base).RewriteAsync(spec, place.Context, cancellationToken);
        var requests = forge is null ? (ImmutableArray<PullRequest>?)null : await forge.FindAsync(spec.Branch, spec.Base, cancellationToken);
        var decision = ProposalDecision.Of(spec, changes, heads, requests);
        report = report with { Changes = changes, Fingerprint = changes.Fingerprint, Url = decision.Open?.Url, Commit = heads.Branch?.Id, Findings = [.. Told(decision.Person), .. Waiting(place, changes)] };
        return decision.Action switch
        {
            ProposalAction.Close => await CloseAsync(report, place, repository, heads, decision, cancellationToken),
            ProposalAction.Propose => await PushAsync(report, place, repository, heads, decision.Open, cancellationToken),
            _ when decision.Person is not null && !changes.IsEmpty => report with { Status = ProposalStatus.LeftAlone },
            _ => report with { Status = ProposalStatus.InSync },
        };
    }

    private async ValueTask<ProposalReport> PushAsync(ProposalReport report, Workplace place, GitRepository repository, GitHeads heads, PullRequest? open, CancellationToken cancellationToken)
    {
        var (spec, changes) = (place.Spec, report.Changes);
        var text = new ProposalText(spec, place.Context, changes, await ProofsAsync(place, changes, cancellationToken));
        var body = text.Body(place.Forge?.LongestText ?? int.MaxValue);
        var files = changes.Files.Select(file => (file.Entry, file.After)).ToList();
        if (spec.PlanFile is { } plan)
        {
            files.Add((new GitEntry(plan, "100644", ""), Encoding.UTF8.GetBytes(text.Body(int.MaxValue))));
        }

        var commit = await repository.CommitAsync(heads.Base, files, text.CommitMessage(), time.GetUtcNow(), cancellationToken);
        var isPushed = heads.Branch is { } branch && branch.Tree == commit.Tree && branch.Message == commit.Message && branch.Parents.SequenceEqual(commit.Parents);
        var isNew = place.Forge is null ? heads.Branch is null : open is null;
        report = report with { Text = body, Commit = isPushed ? heads.Branch!.Id : commit.Id };
        if (isPushed && !isNew && (open is null || IsAsWritten(open, spec.Title, body)))
        {
            return report with { Status = ProposalStatus.Unchanged };
        }

        if (place.Context.IsLook)
        {
            return report with { Status = isNew ? ProposalStatus.WouldOpen : ProposalStatus.WouldUpdate, Diff = await repository.DiffAsync(heads.Base, commit, cancellationToken) };
        }

        if (!isPushed)
        {
            await repository.PushAsync(spec.Branch, commit, heads.Branch, cancellationToken);
        }

        report = report with { Status = isNew ? ProposalStatus.Opened : ProposalStatus.Updated };
        return place.Forge is { } forge ? await new PullRequestWork(forge, spec).ShowAsync(report, open, text.Summary, !isPushed, cancellationToken) : report;
    }

    private static async ValueTask<ProposalReport> CloseAsync(ProposalReport report, Workplace place, GitRepository repository, GitHeads heads, ProposalDecision decision, CancellationToken cancellationToken)
    {
        if (place.Context.IsLook)
        {
            return report with { Status = ProposalStatus.WouldClose };
        }

        if (decision.Open is { } open)
        {
            await new PullRequestWork(place.Forge!, place.Spec).CloseAsync(open, cancellationToken);
        }

        if (heads.Branch is { } branch)
        {
            await repository.PushAsync(place.Spec.Branch, null, branch, cancellationToken);
        }

        return report with { Status = ProposalStatus.Closed, Commit = null };
    }

    private static async ValueTask<ImmutableArray<string>> ProofsAsync(Workplace place, ProposalChanges changes, CancellationToken cancellationToken)
    {
        var proofs = ImmutableArray.CreateBuilder<string>();
        foreach (var file in changes.Files)
        {
            proofs.AddRange(await place.Context.Prove(file, changes.Places.Where(at => at.Path == file.Entry.Path).Aggregate(Core.Addresses.PrefixSet.Empty, (all, at) => all.Union(at.After)), cancellationToken));
        }

        return proofs.ToImmutable();
    }

    // Firewalls that differ, and about which this proposal does not ask.
    private static IEnumerable<Finding> Waiting(Workplace place, ProposalChanges changes)
    {
        var names = string.Join(", ", place.Context.Plans.Except(changes.Plans).Select(plan => plan.Target));
        if (names.Length > 0 && place.Spec.PlanFile is { } file)
        {
            yield return new Finding("plans-approved", Severity.Warning, $"{names}: the plan is approved by {file} of {place.Spec.Base}, and was not carried out, or was undone since", "run `allowlist-sync apply --accept -` with that file as its input");
        }
        else if (names.Length > 0 && changes.IsEmpty)
        {
            yield return new Finding("plans-wait", Severity.Info, $"{names}: the plan waits for an approval, and no file of the repository changes with which to ask for it", "set `planFile`, or run `apply --accept FINGERPRINT`");
        }
    }

    private static Finding Of(RewriteException wrong) => new(wrong.Id, Severity.Problem, $"{wrong.Message}; nothing was proposed", wrong.Remedy);

    // Forges turn line ends into those of the web, and cut what is around.
    private static bool IsAsWritten(PullRequest open, string title, string body) =>
        open.Title.EndsWith(title, StringComparison.Ordinal) && open.Text.ReplaceLineEndings("\n").Trim() == body.Trim();

    private static ImmutableArray<Finding> Told((string Id, string Message)? person) => person is { } did ? [new Finding(did.Id, Severity.Info, did.Message, "")] : [];

    private sealed record Workplace(ProposalSpec Spec, IForge? Forge, string Directory, ProposalContext Context);
}
