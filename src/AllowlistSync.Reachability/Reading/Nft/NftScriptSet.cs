using System.Text.Json;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>A named set or map while a script is carried out: its definition, and what is done to its elements in order.</summary>
internal sealed class NftScriptSet
{
    private readonly Dictionary<string, NftTextTree> members = new(StringComparer.Ordinal);
    private readonly NamedSet? before;
    private List<NftTextTree>? elements;
    private List<NftTextTree> leaving = [];

    private NftScriptSet(string name, NamedSet? before) => (Name, this.before) = (name, before);

    public string Name { get; }

    public bool IsMap { get; set; }

    /// <summary>Set when its definition or elements are not those from before any more.</summary>
    public bool IsChanged { get; private set; }

    /// <summary>Elements that the script deletes although the set does not hold them as they are: the kernel refuses such a script.</summary>
    public int Refused { get; private set; }

    /// <summary>A part of its definition.</summary>
    public NftTextTree? this[string key]
    {
        get
        {
            Open();
            return members.GetValueOrDefault(key);
        }

        set
        {
            Open();
            IsChanged = true;
            members[key] = value!;
        }
    }

    /// <summary>A new one.</summary>
    public static NftScriptSet New(string name) => new(name, before: null) { IsChanged = true, elements = [] };

    /// <summary>One that was there before.</summary>
    public static NftScriptSet Of(NamedSet before) => new(before.Name, before);

    /// <summary>Adds elements.</summary>
    public void Add(List<NftTextTree> added)
    {
        Settle();
        elements!.AddRange(added);
    }

    /// <summary>Deletes elements.</summary>
    /// <param name="deleted">Their keys.</param>
    /// <param name="isLenient">Whether an element that is not there is no matter (<c>destroy</c>).</param>
    public void Delete(List<NftTextTree> deleted, bool isLenient)
    {
        Open();
        IsChanged = true;
        if (isLenient)
        {
            Settle();
            (elements, _) = NftScriptElements.Without(this, elements!, deleted);
            return;
        }

        leaving.AddRange(deleted);
    }

    /// <summary>Deletes all elements.</summary>
    public void Clear()
    {
        Open();
        IsChanged = true;
        leaving = [];
        elements = [];
    }

    /// <summary>Writes the object that libnftables-json(5) has for it.</summary>
    public void WriteTo(Utf8JsonWriter writer, string family, string table)
    {
        if (!IsChanged)
        {
            writer.WriteRawValue(before!.Definition.Span, skipInputValidation: true);
            return;
        }

        Settle();
        writer.WriteStartObject();
        writer.WriteString("family", family);
        writer.WriteString("table", table);
        writer.WriteString("name", Name);
        foreach (var (key, value) in members)
        {
            writer.WritePropertyName(key);
            value.WriteTo(writer);
        }

        writer.WritePropertyName("elem");
        NftTextTree.List(elements!).WriteTo(writer);
        writer.WriteEndObject();
    }

    // Deletions in a row are carried out together, each addition for itself: a script of 100,000 lines stays linear.
    private void Settle()
    {
        Open();
        IsChanged = true;
        if (leaving.Count > 0)
        {
            (elements, var refused) = NftScriptElements.Without(this, elements!, leaving);
            Refused += refused;
            leaving = [];
        }
    }

    private void Open()
    {
        if (elements is not null)
        {
            return;
        }

        elements = [];
        using var document = JsonDocument.Parse(before!.Definition, new() { MaxDepth = 256 });
        foreach (var member in document.RootElement.EnumerateObject())
        {
            if (member.NameEquals("elem"u8) && member.Value.ValueKind == JsonValueKind.Array)
            {
                elements.AddRange(member.Value.EnumerateArray().Select(NftTextTree.Of));
            }
            else if (member.Name is not ("family" or "table" or "name" or "handle"))
            {
                members[member.Name] = NftTextTree.Of(member.Value);
            }
        }

        IsMap = members.ContainsKey("map");
    }
}
