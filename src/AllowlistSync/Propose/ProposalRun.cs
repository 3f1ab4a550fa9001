using System.Collections.Immutable;
using AllowlistSync.Configuration;
using AllowlistSync.Core;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Proposals.Proposing;
using AllowlistSync.Providers.Host.Hosts;

namespace AllowlistSync.Propose;

/// <summary>One run of <c>propose</c>: the lists once, a look at the firewalls that wait for a pull request, then one proposal after the other.</summary>
internal sealed class ProposalRun(Session session, bool isLook)
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly LocalHost _host = new();

    /// <summary>Does it; what goes wrong is in the report.</summary>
    public async Task<ProposeReport> RunAsync(CancellationToken cancellationToken)
    {
        var waiting = session.For([.. session.Targets.Where(target => target.Target.Mode == TargetMode.Propose)]);
        var lists = session.Config.Proposals.SelectMany(proposal => proposal.Files).SelectMany(file => file.Allow).Concat(waiting.Targets.SelectMany(target => target.Target.Allow));
        var outcomes = await session.CollectAsync(lists, !isLook, cancellationToken);
        var looked = await new Runner(waiting).RunAsync("propose", new RunOptions { RunId = session.RunId, Purpose = RunPurpose.Look }, outcomes, cancellationToken);
        var proposals = ImmutableArray.CreateBuilder<ProposalReport>();
        foreach (var proposal in session.Config.Proposals)
        {
            session.Progress.Show($"proposing {proposal.Name}");
            proposals.Add(await ProposeAsync(proposal, ContextOf(proposal, looked), cancellationToken));
        }

        session.Progress.Clear();
        return new ProposeReport(looked, proposals.ToImmutable(), isLook);
    }

    private ProposalContext ContextOf(ProposalConfig proposal, RunReport looked) => new()
    {
        Lists = looked.Sources.ToImmutableDictionary(source => source.Name, StringComparer.Ordinal),
        Targets = looked.Targets,
        IsLook = isLook,
        Prove = (file, wanted, cancellationToken) => ValueTask.FromResult(RepositoryProof.Of(file, wanted, proposal.Ports, cancellationToken)),
    };

    private async Task<ProposalReport> ProposeAsync(ProposalConfig proposal, ProposalContext context, CancellationToken cancellationToken)
    {
        var spec = ProposalSetup.SpecOf(proposal, context, session.Config.Owner);
        using var forge = ProposalSetup.ForgeOf(proposal.Forge, session.Time);
        if (!isLook && await KeptAsync(proposal.Name, cancellationToken) is { } kept)
        {
            await using (kept.Lock)
            {
                return await new Proposer(_host, session.Time).ProposeAsync(spec, forge, kept.Directory, context, cancellationToken);
            }
        }

        var temporary = Directory.CreateTempSubdirectory("allowlist-sync-");
        try
        {
            return await new Proposer(_host, session.Time).ProposeAsync(spec, forge, Path.Combine(temporary.FullName, "clone"), context, cancellationToken);
        }
        finally
        {
            temporary.Delete(recursive: true);
        }
    }

    // The clone of earlier runs, so that little is fetched; null where there is no place for one, and while another run works in it.
    private async Task<(string Directory, IAsyncDisposable Lock)?> KeptAsync(string name, CancellationToken cancellationToken)
    {
        if (session.Config.State is not StateInFiles files)
        {
            return null;
        }

        try
        {
            var directory = Path.Combine(files.Directory, "repositories");
            Directory.CreateDirectory(directory, OwnerOnly);
            return await _host.Files.TryLockAsync(Path.Combine(directory, name + ".lock"), cancellationToken) is { } held ? (Path.Combine(directory, name), held) : null;
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or HostException)
        {
            return null;
        }
    }
}
