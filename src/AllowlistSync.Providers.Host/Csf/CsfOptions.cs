using System.Collections.Immutable;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Csf;

/// <summary>The settings of a csf target: there are none, a host has one CSF.</summary>
public sealed record CsfOptions
{
    /// <summary>The settings that the configuration knows.</summary>
    public static ImmutableArray<SettingField> Fields => [];

    /// <summary>All problems of the settings at once.</summary>
    public static ImmutableArray<SettingProblem> Check(ProviderSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return [.. settings.Values.Keys.Select(key => new SettingProblem(key, "a csf target has no settings", "take it out"))];
    }
}
