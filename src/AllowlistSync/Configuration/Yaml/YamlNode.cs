namespace AllowlistSync.Configuration.Yaml;

/// <summary>Where something starts in the file; both from 1.</summary>
internal readonly record struct Place(int Line, int Column)
{
    internal static Place Start { get; } = new(1, 1);
}

/// <summary>A value of the file that knows its place.</summary>
internal abstract class YamlNode(Place at)
{
    internal Place At { get; } = at;
}

/// <summary>A value that was already reported (an alias, for example); what reads it stays silent.</summary>
internal sealed class YamlBroken(Place at) : YamlNode(at);

/// <summary>A list.</summary>
internal sealed class YamlList(Place at, IReadOnlyList<YamlNode> items) : YamlNode(at)
{
    internal IReadOnlyList<YamlNode> Items { get; } = items;
}

/// <summary>A key with its value.</summary>
internal sealed record YamlEntry(string Key, Place At, YamlNode Value);

/// <summary>A mapping, in the order of the file; a key may be there twice.</summary>
internal sealed class YamlMap(Place at, IReadOnlyList<YamlEntry> entries) : YamlNode(at)
{
    internal IReadOnlyList<YamlEntry> Entries { get; } = entries;

    /// <summary>The first value of a key.</summary>
    internal YamlNode? this[string key] => Entries.FirstOrDefault(entry => entry.Key == key)?.Value;
}

/// <summary>A text, number, truth value or nothing.</summary>
internal sealed class YamlScalar(Place at, string value, bool isPlain) : YamlNode(at)
{
    internal string Value { get; } = value;

    internal ScalarKind Kind => isPlain ? ScalarKinds.Resolve(Value) : ScalarKind.Text;
}
