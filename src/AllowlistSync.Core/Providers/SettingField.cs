using System.Collections.Immutable;

namespace AllowlistSync.Core.Providers;

/// <summary>The type of a provider's setting.</summary>
public enum SettingType
{
    /// <summary>A text.</summary>
    Text,

    /// <summary>One of the words of <see cref="SettingField.Choices"/>.</summary>
    Choice,

    /// <summary>The path of a file; a relative one starts at the directory of the configuration.</summary>
    Path,

    /// <summary>A list of texts, such as a program and its arguments; a single text is a list of one.</summary>
    Texts,

    /// <summary>A mapping with the fields of <see cref="SettingField.Fields"/>.</summary>
    Mapping,
}

/// <summary>One setting of a provider: the loader, the JSON schema and the README are made from it.</summary>
/// <param name="Name">The key in <c>settings</c>.</param>
/// <param name="Type">Its type.</param>
/// <param name="Doc">One sentence.</param>
/// <param name="Example">A value that is right.</param>
public sealed record SettingField(string Name, SettingType Type, string Doc, string Example)
{
    /// <summary>The fields of a mapping.</summary>
    public ImmutableArray<SettingField> Fields { get; init; } = [];

    /// <summary>The words of a choice; <c>true</c> and <c>false</c> for a switch.</summary>
    public ImmutableArray<string> Choices { get; init; } = [];
}
