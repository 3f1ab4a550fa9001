using System.Collections.Immutable;
using System.Text.Json;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>A named set or map of a dump; its elements are read when the first rule asks for them, and once for all rules.</summary>
internal sealed class NftNamedSet
{
    private static readonly JsonElement NoElements = JsonDocument.Parse("[]").RootElement;
    private readonly JsonElement _definition;
    private readonly Dictionary<NftValueKind, Values?> _single = [];
    private readonly Dictionary<string, ElementTable?> _joined = new(StringComparer.Ordinal);
    private readonly Dictionary<string, object?> _maps = new(StringComparer.Ordinal);
    private bool? _hasLimits;

    public NftNamedSet(JsonElement definition, bool lacksElements = false)
    {
        _definition = definition;
        Elements = definition.TryGetProperty("elem"u8, out var elements) && elements.ValueKind == JsonValueKind.Array ? elements : NoElements;
        IsUnderstood = NftJson.HasOnly(
            definition, "family", "name", "table", "type", "typeof", "handle", "map", "flags", "elem", "policy", "timeout", "gc-interval", "gc_interval", "size", "stmt", "comment", "auto-merge", "auto_merge")
            && !lacksElements
            && (!definition.TryGetProperty("elem"u8, out var all) || all.ValueKind == JsonValueKind.Array);
    }

    /// <summary>False when it has a key that is not known, or when its elements are not in the dump.</summary>
    public bool IsUnderstood { get; }

    /// <summary>True when rules add elements, or take them out, as packets pass.</summary>
    public bool IsWrittenByRules { get; set; }

    /// <summary>Its object.</summary>
    public JsonElement Definition => _definition;

    /// <summary>The elements.</summary>
    public JsonElement Elements { get; }

    /// <summary>True when an element has a statement of its own that can refuse, such as a limit (nft(8), "Sets").</summary>
    public bool HasLimits => _hasLimits ??= StatementsCanRefuse() || Elements.EnumerateArray().Any(ElementCanRefuse);

    /// <summary>True when that statement counts connections.</summary>
    public bool LimitsUseConntrack => _definition.TryGetProperty("stmt"u8, out var statements) && NftJsonConntrack.IsUsedIn(statements);

    public Values? Single(NftValueKind kind)
    {
        if (!_single.TryGetValue(kind, out var values))
        {
            _single[kind] = values = IsUnderstood ? NftJsonElements.Single(Elements, kind) : null;
        }

        return values;
    }

    public ElementTable? Joined(ImmutableArray<Field> key)
    {
        var name = string.Join(',', key.Select(field => NftValueKinds.Of(field)));
        if (!_joined.TryGetValue(name, out var table))
        {
            _joined[name] = table = IsUnderstood ? NftJsonElements.Joined(Elements, key) : null;
        }

        return table;
    }

    public ImmutableArray<MapEntry<T>>? Map<T>(ImmutableArray<Field> key, string valueKind, NftTryRead<T> value)
        where T : notnull
    {
        var name = valueKind + ' ' + string.Join(',', key.Select(field => NftValueKinds.Of(field)));
        if (!_maps.TryGetValue(name, out var entries))
        {
            _maps[name] = entries = IsUnderstood && NftJsonMaps.Entries(Elements, key, value) is { } read ? read : null;
        }

        return (ImmutableArray<MapEntry<T>>?)entries;
    }

    private bool StatementsCanRefuse() =>
        _definition.TryGetProperty("stmt"u8, out var statements)
        && (statements.ValueKind != JsonValueKind.Array || statements.EnumerateArray().Any(CanRefuse));

    private static bool CanRefuse(JsonElement statement) => !NftJson.TrySingle(statement, out var name, out _) || name is not ("counter" or "last");

    private static bool ElementCanRefuse(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty("elem"u8, out var inner) && inner.ValueKind == JsonValueKind.Object
        && !NftJson.HasOnly(inner, "val", "timeout", "expires", "comment", "counter", "last");
}
