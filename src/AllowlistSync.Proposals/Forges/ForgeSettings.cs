using AllowlistSync.Core;

namespace AllowlistSync.Proposals.Forges;

/// <summary>A forge of the configuration.</summary>
/// <param name="Type"><c>github</c>, <c>gitlab</c>, <c>gitea</c> (also for Forgejo).</param>
/// <param name="ApiUrl">The address of its API.</param>
/// <param name="Repository">The repository as the forge calls it: <c>owner/name</c>.</param>
public sealed record ForgeSettings(string Type, Uri ApiUrl, string Repository)
{
    /// <summary>The token; null when an App signs in.</summary>
    public Secret? Token { get; init; }

    /// <summary>The App of GitHub that signs in; null for a token.</summary>
    public ForgeApp? App { get; init; }
}

/// <summary>A GitHub App.</summary>
/// <param name="Id">Its client id or number.</param>
/// <param name="Key">Its private key, PEM.</param>
public sealed record ForgeApp(string Id, Secret Key);
