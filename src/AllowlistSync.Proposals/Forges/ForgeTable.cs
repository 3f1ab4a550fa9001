using System.Collections.Immutable;
using AllowlistSync.Proposals.Forges.Gitea;
using AllowlistSync.Proposals.Forges.GitHub;
using AllowlistSync.Proposals.Forges.GitLab;

namespace AllowlistSync.Proposals.Forges;

/// <summary>The kinds of forges.</summary>
public static class ForgeTable
{
    /// <summary>A kind of forge.</summary>
    /// <param name="Type">Its name in the configuration.</param>
    /// <param name="PublicApi">The address of the API of the public one; null when there is none that everybody means.</param>
    /// <param name="Create">Makes one.</param>
    public sealed record Line(string Type, Uri? PublicApi, Func<ForgeSettings, TimeProvider, IForge> Create);

    /// <summary>The table.</summary>
    public static ImmutableArray<Line> All { get; } =
    [
        new("github", new Uri("https://api.github.com"), (settings, time) => new GitHubForge(settings, time)),
        new("gitlab", new Uri("https://gitlab.com/api/v4"), (settings, time) => new GitLabForge(settings, time)),
        new("gitea", null, (settings, time) => new GiteaForge(settings, time)),
    ];
}
