using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Providers.Host.Nftables;

/// <summary>Reads the elements of sets out of <c>nft -j list set</c> or <c>nft -j list ruleset</c>, element by element: a set may hold a million. Pure.</summary>
public static class NftElementReader
{
    /// <summary>The elements of one set; a listing in which the set is not is an error, never an empty set.</summary>
    public static NftElements Read(ReadOnlySpan<byte> json, NftSet set)
    {
        var reader = new Utf8JsonReader(json);
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType == JsonTokenType.PropertyName && reader.ValueTextEquals("set"u8) && TryRead(json, ref reader, set, out var elements))
                {
                    return elements;
                }
            }
        }
        catch (Exception malformed) when (NftablesReader.IsMalformed(malformed))
        {
            throw NftablesReader.NotNftJson($"the listing of set {set}", malformed);
        }

        throw NftablesReader.NotNftJson($"the listing of set {set}, in which it is not,");
    }

    // nft writes the keys in the order family, name, table ... elem; anonymous sets inside rules are arrays or have no name.
    private static bool TryRead(ReadOnlySpan<byte> json, ref Utf8JsonReader reader, NftSet set, out NftElements elements)
    {
        elements = NftElements.None;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return false;
        }

        string? family = null, name = null, table = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString();
            reader.Read();
            switch (key)
            {
                case "family":
                    family = reader.GetString();
                    break;
                case "name":
                    name = reader.GetString();
                    break;
                case "table":
                    table = reader.GetString();
                    break;
                case "elem" when name == set.Name && table == set.Table.Name && family == set.Table.Family:
                    elements = Elements(json, ref reader);
                    return true;
                default:
                    reader.Skip();
                    break;
            }
        }

        return name == set.Name && table == set.Table.Name && family == set.Table.Family;
    }

    private static NftElements Elements(ReadOnlySpan<byte> json, ref Utf8JsonReader reader)
    {
        var plain = ImmutableArray.CreateBuilder<IpRange>();
        var tagged = ImmutableArray.CreateBuilder<IpRange>();
        var unread = ImmutableArray.CreateBuilder<string>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            if (NftElementValue.Read(ref reader, out var isTagged) is { } range)
            {
                (isTagged ? tagged : plain).Add(range);
            }
            else
            {
                unread.Add(Encoding.UTF8.GetString(json[start..(int)reader.BytesConsumed]));
            }
        }

        return new NftElements(plain.DrainToImmutable(), tagged.DrainToImmutable(), unread.DrainToImmutable());
    }
}
