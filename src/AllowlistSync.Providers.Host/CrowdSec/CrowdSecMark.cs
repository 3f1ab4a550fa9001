using AllowlistSync.Core.Desired;

namespace AllowlistSync.Providers.Host.CrowdSec;

/// <summary>How what is ours is told in crowdsec. A plus sign can be part of neither owner nor target, so no two targets share a name.</summary>
/// <param name="Owner">The owner.</param>
/// <param name="Target">The target.</param>
public sealed record CrowdSecMark(string Owner, string Target)
{
    /// <summary>Where whitelists of parsers lie (crowdsec 1.4.6: stage s02-enrich below <c>config_paths.config_dir</c>).</summary>
    public const string Directory = "/etc/crowdsec/parsers/s02-enrich";

    /// <summary>The name of our allowlist, and of our file without its ending.</summary>
    public string Name => $"allowlist-sync+{Owner}+{Target}";

    /// <summary>Our file.</summary>
    public string Path => $"{Directory}/{Name}.yaml";

    /// <summary>The description of our allowlist, and the first line of our file.</summary>
    public string Description => $"kept by allowlist-sync (owner {Owner}, target {Target})";

    /// <summary>The comment of each of our entries in an allowlist.</summary>
    public string Comment => $"{Owner}/{Target}";

    /// <summary>The mark of a target.</summary>
    public static CrowdSecMark Of(Target target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return new(target.Owner.Name, target.Mark);
    }
}
