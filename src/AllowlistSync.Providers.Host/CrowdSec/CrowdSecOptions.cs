using System.Collections.Immutable;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.CrowdSec;

/// <summary>The settings of a crowdsec target: there are none, a host has one crowdsec.</summary>
public sealed record CrowdSecOptions
{
    /// <summary>The settings that the configuration knows.</summary>
    public static ImmutableArray<SettingField> Fields => [];

    /// <summary>All problems of the settings at once.</summary>
    public static ImmutableArray<SettingProblem> Check(ProviderSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return [.. settings.Values.Keys.Concat(settings.Lists.Keys).Select(key => new SettingProblem(key, "a crowdsec target has no settings", "take it out"))];
    }
}
