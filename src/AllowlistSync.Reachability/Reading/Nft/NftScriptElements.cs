using System.Buffers;
using System.Buffers.Binary;
using System.Net;
using System.Text.Json;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>
/// Takes elements out of a set by what they mean. nft deletes whole elements only, except from a set with <c>auto-merge</c>, where it
/// splits them (nft(8), "Sets"); everything else it refuses with the whole script.
/// </summary>
internal static class NftScriptElements
{
    /// <summary>What is left, and how many of the deleted elements were not there as whole ones.</summary>
    public static (List<NftTextTree> Left, int Refused) Without(NftScriptSet set, List<NftTextTree> elements, List<NftTextTree> deleted)
    {
        var kinds = NftTextSets.TypesOf(set["type"]).Select(KindOf).ToArray();
        return kinds is [{ } kind] && kind != NftValueKind.Name && !set.IsMap && TryRanges(deleted, kind) is { } gone && TryRanges(elements, kind) is { } present
            ? Split(elements, present, gone, kind, set["auto-merge"] is not null)
            : ByKey(elements, deleted, kinds);
    }

    private static (List<NftTextTree> Left, int Refused) Split(List<NftTextTree> elements, NumberRange[] present, NumberRange[] deleted, NftValueKind kind, bool mayPart)
    {
        var gone = NumberSet.OfRanges(deleted);
        var (left, whole) = (new List<NftTextTree>(elements.Count), new HashSet<NumberRange>());
        for (var i = 0; i < elements.Count; i++)
        {
            if (!gone.Overlaps(present[i]))
            {
                left.Add(elements[i]);
            }
            else if (gone.Covers(present[i]))
            {
                whole.Add(present[i]);
            }
            else
            {
                left.AddRange(Rest(present[i], gone).Select(range => Tree(range, kind)));
            }
        }

        var all = mayPart ? NumberSet.OfRanges(present) : null;
        return (left, deleted.Count(range => !whole.Contains(range) && all?.Covers(range) is not true));
    }

    private static IEnumerable<NumberRange> Rest(NumberRange range, NumberSet gone)
    {
        var next = range.First;
        for (var i = gone.IndexFrom(range.First); i < gone.Ranges.Length && gone.Ranges[i].First <= range.Last; i++)
        {
            if (gone.Ranges[i].First > next)
            {
                yield return new(next, gone.Ranges[i].First - 1);
            }

            if (gone.Ranges[i].Last >= range.Last)
            {
                yield break;
            }

            next = gone.Ranges[i].Last + 1;
        }

        yield return new(next, range.Last);
    }

    private static (List<NftTextTree> Left, int Refused) ByKey(List<NftTextTree> elements, List<NftTextTree> deleted, NftValueKind?[] kinds)
    {
        var gone = Keys(deleted, kinds).ToHashSet(StringComparer.Ordinal);
        var (left, found, at) = (new List<NftTextTree>(elements.Count), 0, 0);
        foreach (var key in Keys(elements, kinds))
        {
            if (gone.Contains(key))
            {
                found++;
            }
            else
            {
                left.Add(elements[at]);
            }

            at++;
        }

        return (left, Math.Max(0, gone.Count - found));
    }

    // One spelling for each key: a prefix and the range that it stands for are the same.
    private static IEnumerable<string> Keys(List<NftTextTree> elements, NftValueKind?[] kinds)
    {
        using var document = ToJson(elements);
        foreach (var element in document.RootElement.EnumerateArray())
        {
            var key = NftJsonElements.Unwrap(NftJsonMaps.TryPair(element, out var left, out _) ? left : element);
            yield return NftJson.TrySingle(key, out var name, out var parts) && name == "concat" && parts.ValueKind == JsonValueKind.Array && parts.GetArrayLength() == kinds.Length
                ? string.Join(' ', parts.EnumerateArray().Select((part, i) => Key(part, kinds[i])))
                : Key(key, kinds is [var only] ? only : null);
        }
    }

    private static string Key(JsonElement part, NftValueKind? kind) =>
        kind is { } known && known != NftValueKind.Name && NftJsonValue.TryRange(part, known, out var range) ? $"{range.First}-{range.Last}" : part.GetRawText();

    private static NumberRange[]? TryRanges(List<NftTextTree> elements, NftValueKind kind)
    {
        var (ranges, at) = (new NumberRange[elements.Count], 0);
        using var document = ToJson(elements);
        foreach (var element in document.RootElement.EnumerateArray())
        {
            if (!NftJsonValue.TryRange(NftJsonElements.Unwrap(element), kind, out ranges[at++]))
            {
                return null;
            }
        }

        return ranges;
    }

    private static JsonDocument ToJson(List<NftTextTree> elements)
    {
        var buffer = new ArrayBufferWriter<byte>(elements.Count * 32 + 16);
        using (var writer = new Utf8JsonWriter(buffer, new() { SkipValidation = true }))
        {
            NftTextTree.List(elements).WriteTo(writer);
        }

        return JsonDocument.Parse(buffer.WrittenMemory, new() { MaxDepth = 256 });
    }

    private static NftTextTree Tree(NumberRange range, NftValueKind kind) => range.First == range.Last
        ? Scalar(range.First, kind)
        : NftTextTree.Of("range", NftTextTree.List([Scalar(range.First, kind), Scalar(range.Last, kind)]));

    private static NftTextTree Scalar(UInt128 value, NftValueKind kind)
    {
        if (kind is not (NftValueKind.IPv4 or NftValueKind.IPv6))
        {
            return NftTextTree.Number((ulong)value);
        }

        Span<byte> bytes = stackalloc byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, value);
        return NftTextTree.Word(new IPAddress(kind == NftValueKind.IPv4 ? bytes[12..] : bytes).ToString());
    }

    private static NftValueKind? KindOf(string type) => type switch
    {
        "ipv4_addr" => NftValueKind.IPv4,
        "ipv6_addr" => NftValueKind.IPv6,
        "inet_service" => NftValueKind.Port,
        "inet_proto" => NftValueKind.Protocol,
        "ifname" or "iface_index" => NftValueKind.Name,
        "mark" => NftValueKind.Number,
        "nf_proto" => NftValueKind.NetworkFamily,
        "ct_state" => NftValueKind.CtState,
        _ => null,
    };
}
