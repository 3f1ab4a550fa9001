using System.Collections.Immutable;
using System.Text.Json;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>Reads the elements of sets, named and anonymous. Null stands for "not understood" throughout.</summary>
internal static class NftJsonElements
{
    /// <summary>Every interface.</summary>
    public static NameSet AnyName { get; } = new(["*"]);

    /// <summary>The values of a set of one field.</summary>
    public static Values? Single(JsonElement elements, NftValueKind kind) => kind == NftValueKind.Name ? Names(elements) : Numbers(elements, kind);

    /// <summary>The elements of a set of several fields.</summary>
    public static ElementTable? Joined(JsonElement elements, ImmutableArray<Field> key)
    {
        var table = ImmutableArray.CreateBuilder<Element>(elements.GetArrayLength());
        var shared = new Dictionary<NumberRange, NumberSet>();
        foreach (var element in elements.EnumerateArray())
        {
            if (IsCatchAll(element))
            {
                return new([new([.. key.Select(field => NftValueKinds.Of(field) == NftValueKind.Name ? (Values)AnyName : NumberSet.All)])]);
            }

            if (Parts(element, key, shared) is not { } parts)
            {
                return null;
            }

            table.Add(new(parts));
        }

        return new(table.ToImmutable());
    }

    /// <summary>The parts of one element of several fields.</summary>
    public static ImmutableArray<Values>? Parts(JsonElement element, ImmutableArray<Field> key, Dictionary<NumberRange, NumberSet> shared)
    {
        if (!NftJson.TrySingle(Unwrap(element), out var name, out var list) || name != "concat" || list.ValueKind != JsonValueKind.Array || list.GetArrayLength() != key.Length)
        {
            return null;
        }

        var parts = ImmutableArray.CreateBuilder<Values>(key.Length);
        foreach (var part in list.EnumerateArray())
        {
            if (Part(part, NftValueKinds.Of(key[parts.Count]), shared) is not { } values)
            {
                return null;
            }

            parts.Add(values);
        }

        return parts.MoveToImmutable();
    }

    /// <summary>The element <c>*</c>, which stands for all that is not in the set otherwise.</summary>
    public static bool IsCatchAll(JsonElement element) => Unwrap(element) is { ValueKind: JsonValueKind.String } text && text.ValueEquals("*"u8);

    /// <summary>An element without what nft keeps beside it: timeout, comment, counter.</summary>
    public static JsonElement Unwrap(JsonElement element) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty("elem"u8, out var inner)
        && inner.ValueKind == JsonValueKind.Object && inner.TryGetProperty("val"u8, out var value) ? value : element;

    private static Values? Part(JsonElement part, NftValueKind kind, Dictionary<NumberRange, NumberSet> shared)
    {
        if (kind == NftValueKind.Name)
        {
            return NftJsonValue.Name(part) is { } name ? new NameSet([name]) : null;
        }

        if (!NftJsonValue.TryRange(part, kind, out var range))
        {
            return null;
        }

        if (!shared.TryGetValue(range, out var set))
        {
            shared[range] = set = NumberSet.Of(range.First, range.Last);
        }

        return set;
    }

    private static NumberSet? Numbers(JsonElement elements, NftValueKind kind)
    {
        var ranges = new NumberRange[elements.GetArrayLength()];
        var count = 0;
        foreach (var element in elements.EnumerateArray())
        {
            if (NftJsonValue.TryRange(element, kind, out ranges[count]))
            {
                count++;
            }
            else if (IsCatchAll(element))
            {
                return NumberSet.All;
            }
            else
            {
                return null;
            }
        }

        return NumberSet.OfRanges(ranges);
    }

    private static NameSet? Names(JsonElement elements)
    {
        var names = ImmutableArray.CreateBuilder<string>(elements.GetArrayLength());
        foreach (var element in elements.EnumerateArray())
        {
            if (NftJsonValue.Name(element) is not { } name)
            {
                return null;
            }

            names.Add(name);
        }

        return new(names.ToImmutable());
    }
}
