using System.Collections.Immutable;
using AllowlistSync.Configuration.Reading;

namespace AllowlistSync.Configuration.Shapes;

/// <summary>Looks at a text; null when it is right.</summary>
internal delegate Fault? TextCheck(string text);

/// <summary>
/// What a value of the file may look like. One table of shapes (<see cref="ConfigShapes"/>) drives both the check of a file and
/// the JSON schema, so that an editor and the program agree.
/// </summary>
/// <param name="Expected">What would be right, for messages: <c>write {Expected}</c>.</param>
internal abstract record Shape(string Expected);

/// <summary>A text.</summary>
internal sealed record TextShape(string Expected, TextCheck? Check = null) : Shape(Expected)
{
    /// <summary>For the schema; the check may be stricter, never laxer.</summary>
    internal string? Pattern { get; init; }
}

/// <summary>One of some words.</summary>
internal sealed record ChoiceShape(ImmutableArray<string> Choices) : Shape("one of: " + string.Join(", ", Choices))
{
    /// <summary>Yes or no: YAML has values of its own for it.</summary>
    internal bool IsSwitch => Choices is ["true", "false"];
}

/// <summary>A whole number. <c>ByRule</c>: its bounds are checked by a rule over the records; here they are only for the schema.</summary>
internal sealed record IntegerShape(int Minimum, int Maximum, string Expected, bool ByRule = false) : Shape(Expected);

/// <summary>A port, a range of ports, with or without a transport.</summary>
internal sealed record PortShape() : Shape("1-65535, a range 8000-8010, or 443/udp")
{
    internal const string Pattern = "^[0-9]{1,5}(-[0-9]{1,5})?(/(tcp|udp))?$";
}

/// <summary>A setting of a provider: a text, number or truth value, kept as it is written.</summary>
internal sealed record SettingShape(string Example) : Shape($"a value such as \"{Example}\"");

/// <summary>A list.</summary>
internal sealed record ListShape(Shape Item, int MinItems = 0) : Shape(MinItems == 0 ? "a list in [ ], or [] for none" : "a list in [ ] with at least one item");

/// <summary>A list of texts of a provider's setting; a single text stands for a list of one.</summary>
internal sealed record TextsShape(string Example) : Shape($"a text or a list of texts, such as {Example}")
{
    internal SettingShape Item { get; } = new(Example.Trim('[', ']').Split(", ")[0]);
}

/// <summary>A mapping with known keys.</summary>
internal sealed record MapShape(ImmutableArray<Key> Keys) : Shape("a mapping with the keys " + string.Join(", ", Keys.Select(key => key.Name)));

/// <summary>A mapping with keys that the operator chooses.</summary>
internal sealed record NamedShape(TextShape Name, Shape Item, string What) : Shape($"a mapping of names to {What}");

/// <summary>A list, or a mapping that says more.</summary>
internal sealed record ListOrMapShape(ListShape List, MapShape Map) : Shape(List.Expected + ", or " + Map.Expected);

/// <summary>A mapping whose keys depend on the value of one of them.</summary>
internal sealed record VariantShape(string By, string What, ImmutableArray<Variant> Cases) : Shape($"a mapping with the key {By}");

/// <summary>One form of a <see cref="VariantShape"/>.</summary>
internal sealed record Variant(string Name, MapShape Map);

/// <summary>A secret: <c>{ file: PATH }</c> or <c>{ env: NAME }</c>.</summary>
internal sealed record SecretShape() : Shape("{ file: PATH } or { env: NAME }")
{
    internal static SecretShape Instance { get; } = new();
}

/// <summary>A text, or a secret in its place.</summary>
internal sealed record TextOrSecretShape(TextShape Text) : Shape(Text.Expected + ", or " + SecretShape.Instance.Expected);

/// <summary>A text, or a mapping that says more.</summary>
internal sealed record TextOrMapShape(TextShape Text, MapShape Map) : Shape(Text.Expected + ", or " + Map.Expected);

/// <summary>A key of a mapping.</summary>
/// <param name="Name">The key.</param>
/// <param name="Shape">What its value looks like.</param>
/// <param name="Doc">One sentence, for editors.</param>
internal sealed record Key(string Name, Shape Shape, string Doc)
{
    /// <summary>True when the key must be there.</summary>
    internal bool Required { get; init; }
}
