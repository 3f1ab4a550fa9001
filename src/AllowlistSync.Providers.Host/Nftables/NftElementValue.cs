using System.Text.Json;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Providers.Host.Nftables;

/// <summary>
/// Reads one element of a set, token by token and without a document of its own: an address, <c>{"prefix": {"addr", "len"}}</c>,
/// <c>{"range": [first, last]}</c>, or one of them as <c>val</c> of <c>{"elem": ...}</c>,
/// beside its comment, lifetime and counters. Pure.
/// </summary>
internal static class NftElementValue
{
    /// <summary>
    /// The addresses of the element that begins at the reader's token; null for an element of another kind. The reader ends on its last
    /// token in any case. A kind that we know, with something missing, is a <see cref="JsonException"/>.
    /// </summary>
    public static IpRange? Read(ref Utf8JsonReader reader, out bool isTagged)
    {
        isTagged = false;
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            return Plain(ref reader);
        }

        var inner = reader;
        if (!inner.Read() || inner.TokenType != JsonTokenType.PropertyName || !inner.ValueTextEquals("elem"u8))
        {
            return Plain(ref reader);
        }

        inner.Read();
        var range = inner.TokenType == JsonTokenType.StartObject ? Wrapped(ref inner, out isTagged) : null;
        reader.Skip();
        return range;
    }

    // A set with `counter`, `limit` or `quota` wraps every element to say its state; only what a person can give one element makes it his.
    private static IpRange? Wrapped(ref Utf8JsonReader reader, out bool isTagged)
    {
        isTagged = false;
        var hasValue = false;
        IpRange? range = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isVal = reader.ValueTextEquals("val"u8);
            isTagged |= reader.ValueTextEquals("comment"u8) || reader.ValueTextEquals("timeout"u8) || reader.ValueTextEquals("expires"u8);
            reader.Read();
            if (isVal)
            {
                hasValue = true;
                range = Plain(ref reader);
            }
            else
            {
                reader.Skip();
            }
        }

        return hasValue ? range : throw new JsonException("an element without `val`");
    }

    private static IpRange? Plain(ref Utf8JsonReader reader)
    {
        if (reader.TokenType == JsonTokenType.String)
        {
            return Address(ref reader) is { } single ? RangeOf(single) : null;
        }

        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        var inner = reader;
        reader.Skip();
        inner.Read();
        var isPrefix = inner.TokenType == JsonTokenType.PropertyName && inner.ValueTextEquals("prefix"u8);
        var isRange = inner.TokenType == JsonTokenType.PropertyName && inner.ValueTextEquals("range"u8);
        inner.Read();
        return isPrefix ? Prefix(ref inner) : isRange ? Range(ref inner) : null;
    }

    private static IpRange? Prefix(ref Utf8JsonReader reader)
    {
        var hasAddress = false;
        IpPrefix? address = null;
        int? length = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("addr"u8))
            {
                reader.Read();
                hasAddress = true;
                address = Address(ref reader);
            }
            else if (reader.ValueTextEquals("len"u8))
            {
                reader.Read();
                length = reader.GetInt32();
            }

            reader.Skip();
        }

        if (!hasAddress || length is not { } bits)
        {
            throw new JsonException("a prefix without `addr` or `len`");
        }

        return address is { } first && IpPrefix.TryCreate(first.Family, first.First, bits, out var prefix) ? RangeOf(prefix) : null;
    }

    private static IpRange? Range(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.StartArray
        && reader.Read() && Address(ref reader) is { } first
        && reader.Read() && Address(ref reader) is { } last
        && first.Family == last.Family
            ? new IpRange(first.Family, first.First, last.Last)
            : null;

    private static IpPrefix? Address(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped && IpPrefix.TryParse(reader.ValueSpan, out var address) ? address : null;

    private static IpRange RangeOf(IpPrefix prefix) => new(prefix.Family, prefix.First, prefix.Last);
}
