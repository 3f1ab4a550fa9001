using System.Collections.Immutable;

namespace AllowlistSync.Core.Providers;

/// <summary>The <c>settings</c> of a target as a provider sees them: keys and values, types already checked against its <see cref="SettingField"/>s.</summary>
public sealed record ProviderSettings
{
    /// <summary>No setting at all.</summary>
    public static ProviderSettings None { get; } = new();

    /// <summary>The text values; a nested one has a dotted key such as <c>sets.ipv4</c>.</summary>
    public ImmutableSortedDictionary<string, string> Values { get; init; } = ImmutableSortedDictionary.Create<string, string>(StringComparer.Ordinal);

    /// <summary>The lists, by the same keys.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> Lists { get; init; } = ImmutableSortedDictionary.Create<string, ImmutableArray<string>>(StringComparer.Ordinal);

    /// <summary>True when nothing is set.</summary>
    public bool IsEmpty => Values.IsEmpty && Lists.IsEmpty;

    /// <summary>The list of a key; empty when it is not set.</summary>
    public ImmutableArray<string> List(string key) => Lists.GetValueOrDefault(key, []);

    /// <summary>The value of a key, or null.</summary>
    public string? this[string key] => Values.GetValueOrDefault(key);
}

/// <summary>A value of a setting that its provider cannot use.</summary>
/// <param name="Key">The dotted key; empty for the settings as a whole.</param>
/// <param name="Problem">What is wrong.</param>
/// <param name="Fix">What would be right.</param>
public sealed record SettingProblem(string Key, string Problem, string Fix);
