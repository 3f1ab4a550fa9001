using System.Collections.Immutable;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Proposals.Proposing;

namespace AllowlistSync.Propose;

/// <summary>A run of <c>propose</c>.</summary>
/// <param name="Looked">The lists, and the firewalls that wait for a pull request.</param>
/// <param name="Proposals">What became of the proposals, in the order of the configuration.</param>
/// <param name="IsLook">True when nothing was to be written.</param>
internal sealed record ProposeReport(RunReport Looked, ImmutableArray<ProposalReport> Proposals, bool IsLook)
{
    /// <summary>The exit code: some failed and some did not is partly; a list that was not believed counts even when every proposal is fine, since an older one stood in.</summary>
    public int ExitCode
    {
        get
        {
            var troubles = Proposals.Select(Of).Where(code => code > ExitCodes.Differences).Distinct().ToList();
            if (troubles.Count > 0)
            {
                return Proposals.Any(proposal => Of(proposal) <= ExitCodes.Differences) ? ExitCodes.Partly : troubles.Count == 1 ? troubles[0] : ExitCodes.Failed;
            }

            var sources = Looked.Sources;
            return sources.Any(source => source is { Answered: true, Refusals.IsEmpty: false }) ? ExitCodes.Refused
                : sources.Any(source => !source.Answered) ? ExitCodes.Failed
                : Proposals.Select(Of).DefaultIfEmpty(ExitCodes.Ok).Max();
        }
    }

    private static int Of(ProposalReport proposal) => proposal.Status switch
    {
        ProposalStatus.Failed => ExitCodes.Failed,
        ProposalStatus.Refused => ExitCodes.Refused,
        _ => proposal.WouldChange ? ExitCodes.Differences : ExitCodes.Ok,
    };
}
