using System.Collections.Immutable;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.BtPanel;

/// <summary>The settings of a btpanel target: there are none, a host has one panel.</summary>
public sealed record BtPanelOptions
{
    /// <summary>The settings that the configuration knows.</summary>
    public static ImmutableArray<SettingField> Fields => [];

    /// <summary>All problems of the settings at once.</summary>
    public static ImmutableArray<SettingProblem> Check(ProviderSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        return [.. settings.Values.Keys.Concat(settings.Lists.Keys).Select(key => new SettingProblem(key, "a btpanel target has no settings", "take it out"))];
    }
}
