using System.Text.Json;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>A piece of libnftables-json(5) that a text stands for. Lighter than a JsonNode: a script may hold 100,000 elements.</summary>
internal abstract class NftTextTree
{
    /// <summary>JSON null; also what a failed parse hands back, whose failure the cursor remembers.</summary>
    public static NftTextTree Nothing { get; } = new NothingTree();

    /// <summary>A string.</summary>
    public static NftTextTree Word(string text) => new WordTree(text);

    /// <summary>A number.</summary>
    public static NftTextTree Number(ulong value) => new NumberTree(value);

    /// <summary>True or false.</summary>
    public static NftTextTree Flag(bool value) => new FlagTree(value);

    /// <summary>An array.</summary>
    public static NftTextTree List(IReadOnlyList<NftTextTree> items) => new ListTree(items);

    /// <summary>An object.</summary>
    public static NftTextTree Object(params (string Key, NftTextTree Value)[] members) => new ObjectTree(members);

    /// <summary>An object of a single member.</summary>
    public static NftTextTree Of(string key, NftTextTree value) => new ObjectTree([(key, value)]);

    /// <summary>An object of a single member that is a string.</summary>
    public static NftTextTree Of(string key, string value) => new ObjectTree([(key, new WordTree(value))]);

    /// <summary>What stands in a document. A number that is no unsigned whole one becomes its text.</summary>
    public static NftTextTree Of(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.String => Word(element.GetString()!),
        JsonValueKind.Number when element.TryGetUInt64(out var number) => Number(number),
        JsonValueKind.Number => Word(element.GetRawText()),
        JsonValueKind.True or JsonValueKind.False => Flag(element.GetBoolean()),
        JsonValueKind.Array => List([.. element.EnumerateArray().Select(Of)]),
        JsonValueKind.Object => Object([.. element.EnumerateObject().Select(member => (member.Name, Of(member.Value)))]),
        _ => Nothing,
    };

    /// <summary>Writes it.</summary>
    public abstract void WriteTo(Utf8JsonWriter writer);

    /// <summary>The string, when it is one.</summary>
    public string? AsWord => (this as WordTree)?.Text;

    /// <summary>The number, when it is one.</summary>
    public ulong? AsNumber => (this as NumberTree)?.Value;

    /// <summary>The items, when it is an array.</summary>
    public IReadOnlyList<NftTextTree>? AsList => (this as ListTree)?.Items;

    /// <summary>The members, when it is an object.</summary>
    public IReadOnlyList<(string Key, NftTextTree Value)>? AsObject => (this as ObjectTree)?.Members;

    /// <summary>The value of a member; null when it is no object or has none.</summary>
    public NftTextTree? this[string key]
    {
        get
        {
            foreach (var (name, value) in AsObject ?? [])
            {
                if (name == key)
                {
                    return value;
                }
            }

            return null;
        }
    }

    private sealed class NothingTree : NftTextTree
    {
        public override void WriteTo(Utf8JsonWriter writer) => writer.WriteNullValue();
    }

    private sealed class WordTree(string text) : NftTextTree
    {
        public string Text => text;

        public override void WriteTo(Utf8JsonWriter writer) => writer.WriteStringValue(text);
    }

    private sealed class NumberTree(ulong value) : NftTextTree
    {
        public ulong Value => value;

        public override void WriteTo(Utf8JsonWriter writer) => writer.WriteNumberValue(value);
    }

    private sealed class FlagTree(bool value) : NftTextTree
    {
        public override void WriteTo(Utf8JsonWriter writer) => writer.WriteBooleanValue(value);
    }

    private sealed class ListTree(IReadOnlyList<NftTextTree> items) : NftTextTree
    {
        public IReadOnlyList<NftTextTree> Items => items;

        public override void WriteTo(Utf8JsonWriter writer)
        {
            writer.WriteStartArray();
            foreach (var item in items)
            {
                item.WriteTo(writer);
            }

            writer.WriteEndArray();
        }
    }

    private sealed class ObjectTree(IReadOnlyList<(string Key, NftTextTree Value)> members) : NftTextTree
    {
        public IReadOnlyList<(string Key, NftTextTree Value)> Members => members;

        public override void WriteTo(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            foreach (var (key, value) in members)
            {
                writer.WritePropertyName(key);
                value.WriteTo(writer);
            }

            writer.WriteEndObject();
        }
    }
}
