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
    /// <summary>The exit code, by the rules of all commands (<see cref="ExitCodes"/>).</summary>
    public int ExitCode => ExitCodes.Of([.. Proposals.Select(Of)], Looked.Sources);

    private static int Of(ProposalReport proposal) => proposal.Status switch
    {
        ProposalStatus.Failed => ExitCodes.Failed,
        ProposalStatus.Refused => ExitCodes.Refused,
        _ => proposal.WouldChange ? ExitCodes.Differences : ExitCodes.Ok,
    };
}
