using System.Collections.Immutable;
using System.Text.Json;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>Reads the value of an element of a map; false when it is not understood.</summary>
internal delegate bool NftTryRead<T>(JsonElement value, out T result);

/// <summary>Reads the elements of maps; of a map of one field, those with the same value become one entry. Null stands for "not understood".</summary>
internal static class NftJsonMaps
{
    public static ImmutableArray<MapEntry<T>>? Entries<T>(JsonElement elements, ImmutableArray<Field> key, NftTryRead<T> value)
        where T : notnull
    {
        if (elements.ValueKind != JsonValueKind.Array)
        {
            return null;
        }

        return key.Length > 1 ? Joined(elements, key, value)
            : NftValueKinds.Of(key[0]) == NftValueKind.Name ? Names(elements, value)
            : Numbers(elements, NftValueKinds.Of(key[0]), value);
    }

    /// <summary>The two halves of an element of a map.</summary>
    public static bool TryPair(JsonElement element, out JsonElement key, out JsonElement value)
    {
        var isPair = element.ValueKind == JsonValueKind.Array && element.GetArrayLength() == 2;
        (key, value) = isPair ? (element[0], element[1]) : default;
        return isPair;
    }

    private static ImmutableArray<MapEntry<T>>? Joined<T>(JsonElement elements, ImmutableArray<Field> key, NftTryRead<T> value)
        where T : notnull
    {
        var entries = ImmutableArray.CreateBuilder<MapEntry<T>>(elements.GetArrayLength());
        var shared = new Dictionary<NumberRange, NumberSet>();
        foreach (var element in elements.EnumerateArray())
        {
            if (!TryPair(element, out var left, out var right) || NftJsonElements.Parts(left, key, shared) is not { } parts || !value(right, out var result))
            {
                return null;
            }

            entries.Add(new(parts, result));
        }

        return entries.ToImmutable();
    }

    private static ImmutableArray<MapEntry<T>>? Names<T>(JsonElement elements, NftTryRead<T> value)
        where T : notnull
    {
        var groups = new Groups<T, string>();
        foreach (var element in elements.EnumerateArray())
        {
            if (!TryPair(element, out var left, out var right) || NftJsonElements.IsCatchAll(left) || NftJsonValue.Name(left) is not { } name || !value(right, out var result))
            {
                return null;
            }

            groups.Add(result, name);
        }

        return groups.Entries(names => new NameSet([.. names]));
    }

    private static ImmutableArray<MapEntry<T>>? Numbers<T>(JsonElement elements, NftValueKind kind, NftTryRead<T> value)
        where T : notnull
    {
        var groups = new Groups<T, NumberRange>();
        var catchAll = new List<T>();
        foreach (var element in elements.EnumerateArray())
        {
            if (!TryPair(element, out var left, out var right) || !value(right, out var result))
            {
                return null;
            }

            if (NftJsonElements.IsCatchAll(left))
            {
                catchAll.Add(result);
            }
            else if (NftJsonValue.TryRange(left, kind, out var range))
            {
                groups.Add(result, range);
            }
            else
            {
                return null;
            }
        }

        foreach (var rest in catchAll)
        {
            groups.AddAll(rest, NumberSet.OfRanges(groups.All).Complement(kind.Greatest()).Ranges);
        }

        return groups.Entries(NumberSet.OfRanges);
    }

    private sealed class Groups<T, TKey>
        where T : notnull
    {
        private readonly Dictionary<T, List<TKey>> _byValue = [];
        private readonly List<T> _order = [];

        public IEnumerable<TKey> All => _order.SelectMany(value => _byValue[value]);

        public void Add(T value, TKey key) => ListOf(value).Add(key);

        public void AddAll(T value, IEnumerable<TKey> keys) => ListOf(value).AddRange(keys);

        public ImmutableArray<MapEntry<T>> Entries(Func<List<TKey>, Values> values) =>
            [.. _order.Select(value => new MapEntry<T>([values(_byValue[value])], value))];

        private List<TKey> ListOf(T value)
        {
            if (!_byValue.TryGetValue(value, out var keys))
            {
                _byValue[value] = keys = [];
                _order.Add(value);
            }

            return keys;
        }
    }
}
