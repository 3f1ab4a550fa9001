using AllowlistSync.Configuration;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Formats;
using AllowlistSync.Proposals.Forges;
using AllowlistSync.Proposals.Git;
using AllowlistSync.Proposals.Proposing;
using AllowlistSync.Proposals.Rewriting;

namespace AllowlistSync.Propose;

/// <summary>Makes what the proposer works with of the configuration. Pure.</summary>
internal static class ProposalSetup
{
    /// <summary>What is proposed.</summary>
    /// <param name="proposal">The proposal.</param>
    /// <param name="context">What the run knows.</param>
    /// <param name="owner">Whose marks whole files carry.</param>
    public static ProposalSpec SpecOf(ProposalConfig proposal, ProposalContext context, Owner owner)
    {
        var spec = SpecOf(proposal, owner);
        return spec.Title.Length > 0 ? spec : spec with { Title = $"Update the ranges of {string.Join(", ", context.ListsOf(spec))}" };
    }

    private static ProposalSpec SpecOf(ProposalConfig proposal, Owner owner) => new()
    {
        Name = proposal.Name,
        Remote = new GitRemote(proposal.Repository) { Token = proposal.Forge.Token, IdentityFile = proposal.SshKey },
        Base = proposal.Base,
        Branch = proposal.Branch,
        Title = proposal.Title ?? "",
        Commit = new GitCommitOptions
        {
            Author = new GitPerson(proposal.Commit.Name, proposal.Commit.Email),
            SignOff = proposal.Commit.SignOff,
            SigningKey = proposal.Commit.SigningKey,
            SigningFormat = proposal.Commit.SigningFormat,
        },
        Labels = proposal.Labels,
        Reviewers = proposal.Reviewers,
        IsDraft = proposal.Draft,
        PlanFile = proposal.PlanFile,
        Files = [.. proposal.Files.Select(file => new ProposalFile(file.Path, PlaceOf(file, $"{owner}/{proposal.Name}"), file.Allow))],
    };

    /// <summary>Where the pull request is opened; null when the branch is only pushed. Asks nobody.</summary>
    public static IForge? ForgeOf(ForgeConfig forge, TimeProvider time)
    {
        if (forge.Type == "none")
        {
            return null;
        }

        var kind = ForgeTable.All.Single(line => line.Type == forge.Type);
        var app = forge is { AppId: { } id, AppKey: { } key } ? new ForgeApp(id, key) : null;
        return kind.Create(new ForgeSettings(forge.Type, forge.ApiUrl ?? kind.PublicApi!, forge.Repository!) { Token = forge.Token, App = app }, time);
    }

    private static FilePlace PlaceOf(ProposalFileConfig file, string mark) => file switch
    {
        { Block: { } block } => new BlockPlace(block, file.Format!, file.Family),
        { Key: { } key } => new KeyPlace(key, file.Document, ShapeOf(file.Format), file.Family),
        _ => new WholeFilePlace(RangeFormats.Find(file.Format!)!, new RangeFileLabel(mark), file.Family),
    };

    private static ValueShape ShapeOf(string? format) => format switch
    {
        "list" => ValueShape.List,
        "commas" => ValueShape.Commas,
        "ip-blocks" => ValueShape.IpBlocks,
        _ => ValueShape.Auto,
    };
}
