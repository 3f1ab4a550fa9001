using System.Collections.Immutable;
using AllowlistSync.Core;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;

namespace AllowlistSync.Configuration;

/// <summary>A repository to which changes are proposed.</summary>
public sealed record ProposalConfig
{
    /// <summary>The branch that is proposed when none is named.</summary>
    public const string DefaultBranch = "allowlist-sync/cloudflare";

    /// <summary>Unique in the configuration.</summary>
    public required string Name { get; init; }

    /// <summary>Anything git understands; without a password in it.</summary>
    public required string Repository { get; init; }

    /// <summary>The branch that is proposed against.</summary>
    public string Base { get; init; } = "main";

    /// <summary>The branch that holds the proposal.</summary>
    public string Branch { get; init; } = DefaultBranch;

    /// <summary>Where the pull request is opened.</summary>
    public ForgeConfig Forge { get; init; } = new();

    /// <summary>The private key for ssh; null for those of the agent and of the user who runs this.</summary>
    public string? SshKey { get; init; }

    /// <summary>The title of the pull request and of the commit; null for one that names the lists.</summary>
    public string? Title { get; init; }

    /// <summary>How commits are made.</summary>
    public CommitConfig Commit { get; init; } = new();

    /// <summary>Labels of a new pull request.</summary>
    public ImmutableArray<string> Labels { get; init; } = [];

    /// <summary>Reviewers of a new pull request; <c>team:NAME</c> for a team of GitHub.</summary>
    public ImmutableArray<string> Reviewers { get; init; } = [];

    /// <summary>A new pull request is a draft.</summary>
    public bool Draft { get; init; }

    /// <summary>A file of the branch that gets the whole text of the proposal; null for none.</summary>
    public string? PlanFile { get; init; }

    /// <summary>The ports of which the text says whether they are reached, when a rewritten file is a rule set.</summary>
    public PortSet Ports { get; init; } = TargetConfig.DefaultPorts;

    /// <summary>What is rewritten.</summary>
    public required ImmutableArray<ProposalFileConfig> Files { get; init; }
}

/// <summary>How commits of a proposal are made.</summary>
public sealed record CommitConfig
{
    /// <summary>The name of author and committer.</summary>
    public string Name { get; init; } = "allowlist-sync";

    /// <summary>Their address.</summary>
    public string Email { get; init; } = "allowlist-sync@localhost";

    /// <summary>Adds a <c>Signed-off-by</c> line.</summary>
    public bool SignOff { get; init; }

    /// <summary>The key that signs; null for no signature.</summary>
    public string? SigningKey { get; init; }

    /// <summary><c>ssh</c> or <c>openpgp</c>.</summary>
    public string SigningFormat { get; init; } = "ssh";
}

/// <summary>Where a pull request is opened.</summary>
public sealed record ForgeConfig
{
    /// <summary><c>github</c>, <c>gitlab</c>, <c>gitea</c> or <c>none</c> (push only).</summary>
    public string Type { get; init; } = "none";

    /// <summary>The address of its API; null for the public one of its type.</summary>
    public Uri? ApiUrl { get; init; }

    /// <summary>The repository as the forge calls it, <c>owner/name</c>; null for <c>none</c>.</summary>
    public string? Repository { get; init; }

    /// <summary>The token; null when there is none, or when an App signs in.</summary>
    public Secret? Token { get; init; }

    /// <summary>The number or client id of the GitHub App that signs in; null for a token.</summary>
    public string? AppId { get; init; }

    /// <summary>The private key of that App, PEM.</summary>
    public Secret? AppKey { get; init; }
}

/// <summary>A place in a repository that holds ranges: a whole file, a value (<see cref="Key"/>) or a marked block (<see cref="Block"/>).</summary>
public sealed record ProposalFileConfig
{
    /// <summary>The path inside the repository.</summary>
    public required string Path { get; init; }

    /// <summary>How ranges are written there: a format of lists, <c>nft-elements</c> in a block; for a value <c>list</c>, <c>commas</c>, <c>ip-blocks</c> or null for what is there.</summary>
    public string? Format { get; init; }

    /// <summary>The dotted key of a value in YAML, JSON or HCL.</summary>
    public string? Key { get; init; }

    /// <summary>The document of a YAML file of several that holds the key, <c>kind/name</c>; null when one holds it.</summary>
    public string? Document { get; init; }

    /// <summary>The family that is written; null for both.</summary>
    public IpFamily? Family { get; init; }

    /// <summary>The name of a block between two marker lines.</summary>
    public string? Block { get; init; }

    /// <summary>The names of the sources that are written.</summary>
    public required ImmutableArray<string> Allow { get; init; }
}
