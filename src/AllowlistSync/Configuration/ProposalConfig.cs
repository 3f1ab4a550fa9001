using System.Collections.Immutable;
using AllowlistSync.Core;

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

    /// <summary>What is rewritten.</summary>
    public required ImmutableArray<ProposalFileConfig> Files { get; init; }
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

    /// <summary>The token; null for <c>none</c>.</summary>
    public Secret? Token { get; init; }
}

/// <summary>A place in a repository that holds ranges: a whole file, a value (<see cref="Key"/>) or a marked block (<see cref="Block"/>).</summary>
public sealed record ProposalFileConfig
{
    /// <summary>The path inside the repository.</summary>
    public required string Path { get; init; }

    /// <summary>How ranges are written there; null where <see cref="Key"/> says enough.</summary>
    public string? Format { get; init; }

    /// <summary>The dotted key of a value in YAML, JSON or HCL.</summary>
    public string? Key { get; init; }

    /// <summary>The name of a block between two marker lines.</summary>
    public string? Block { get; init; }

    /// <summary>The names of the sources that are written.</summary>
    public required ImmutableArray<string> Allow { get; init; }
}
