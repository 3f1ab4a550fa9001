using System.Globalization;
using System.Net;
using System.Net.NetworkInformation;
using System.Runtime.InteropServices;
using System.Text.Json;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>Reads one value of a field: a number, a name, an address, a prefix, a range.</summary>
internal static class NftJsonValue
{
    /// <summary>A value, a prefix or a range, with or without what nft keeps beside an element.</summary>
    public static bool TryRange(JsonElement value, NftValueKind kind, out NumberRange range)
    {
        range = default;
        if (value.ValueKind == JsonValueKind.Object)
        {
            return NftJson.TrySingle(value, out var name, out var inner) && name switch
            {
                "prefix" => TryPrefix(inner, kind, out range),
                "range" => TryBounds(inner, kind, out range),
                "elem" => inner.ValueKind == JsonValueKind.Object && inner.TryGetProperty("val"u8, out var wrapped) && TryRange(wrapped, kind, out range),
                "|" => TryOneBits(inner, kind, out range),
                _ => false,
            };
        }

        if (!TryScalar(value, kind, out var number))
        {
            return false;
        }

        range = NumberRange.One(number);
        return true;
    }

    /// <summary>One number, by whatever name.</summary>
    public static bool TryScalar(JsonElement value, NftValueKind kind, out UInt128 number)
    {
        number = 0;
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                return TryText(value, kind, out number);
            case JsonValueKind.Number when kind is not (NftValueKind.IPv4 or NftValueKind.IPv6 or NftValueKind.Name or NftValueKind.HardwareAddress):
                var isNumber = value.TryGetUInt64(out var small) && small <= kind.Greatest();
                number = small;
                return isNumber;
            case JsonValueKind.True or JsonValueKind.False when kind == NftValueKind.Presence:
                number = value.ValueKind == JsonValueKind.True ? 1u : 0u;
                return true;
            case JsonValueKind.Array when kind.IsBits():
                return TryBits(value, kind, out number);
            case JsonValueKind.Object when kind.IsBits():
                return NftJson.TrySingle(value, out var name, out var inner) && name == "|" && TryBits(inner, kind, out number);
            default:
                return false;
        }
    }

    /// <summary>The name of an interface; one that is a number stands for an interface that is gone, and is none.</summary>
    public static string? Name(JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object && NftJson.TrySingle(value, out var key, out var inner) && key == "elem"
            && inner.ValueKind == JsonValueKind.Object && inner.TryGetProperty("val"u8, out var wrapped))
        {
            value = wrapped;
        }

        var name = value.ValueKind == JsonValueKind.String ? value.GetString() : null;
        return name is null or "" || name.Contains('\\', StringComparison.Ordinal) || name.All(char.IsAsciiDigit) ? null : name;
    }

    private static bool TryBits(JsonElement list, NftValueKind kind, out UInt128 bits)
    {
        bits = 0;
        if (list.ValueKind != JsonValueKind.Array)
        {
            return false;
        }

        foreach (var item in list.EnumerateArray())
        {
            if (!TryScalar(item, kind, out var bit))
            {
                return false;
            }

            bits |= bit;
        }

        return true;
    }

    private static bool TryOneBits(JsonElement list, NftValueKind kind, out NumberRange range)
    {
        range = default;
        if (!kind.IsBits() || !TryBits(list, kind, out var bits))
        {
            return false;
        }

        range = NumberRange.One(bits);
        return true;
    }

    private static bool TryBounds(JsonElement bounds, NftValueKind kind, out NumberRange range)
    {
        range = default;
        if (bounds.ValueKind != JsonValueKind.Array || bounds.GetArrayLength() != 2
            || !TryScalar(bounds[0], kind, out var first) || !TryScalar(bounds[1], kind, out var last) || first > last)
        {
            return false;
        }

        range = new(first, last);
        return true;
    }

    private static bool TryPrefix(JsonElement prefix, NftValueKind kind, out NumberRange range)
    {
        range = default;
        if (prefix.ValueKind != JsonValueKind.Object || !prefix.TryGetProperty("addr"u8, out var address) || !prefix.TryGetProperty("len"u8, out var length)
            || length.ValueKind != JsonValueKind.Number || !length.TryGetInt32(out var bits) || bits < 0 || bits > kind.Bits()
            || !TryScalar(address, kind, out var first))
        {
            return false;
        }

        var hosts = bits == kind.Bits() ? UInt128.Zero : UInt128.MaxValue >> (128 - kind.Bits() + bits);
        range = new(first & ~hosts, first | hosts);
        return true;
    }

    private static bool TryText(JsonElement value, NftValueKind kind, out UInt128 number)
    {
        number = 0;
        switch (kind)
        {
            case NftValueKind.IPv4 or NftValueKind.IPv6:
                return TryAddress(value, kind == NftValueKind.IPv4 ? IpFamily.IPv4 : IpFamily.IPv6, out number);
            case NftValueKind.HardwareAddress:
                return TryHardwareAddress(value.GetString(), out number);
            case NftValueKind.Name:
                return false;
        }

        var text = value.GetString() ?? "";
        if (NftJsonSymbols.TryGet(kind, text, out var known))
        {
            number = known;
            return true;
        }

        var isNumber = text.StartsWith("0x", StringComparison.Ordinal)
            ? uint.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var parsed)
            : uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out parsed);
        number = parsed;
        return isNumber && parsed <= kind.Greatest();
    }

    private static bool TryAddress(JsonElement value, IpFamily family, out UInt128 number)
    {
        var raw = JsonMarshal.GetRawUtf8Value(value);
        if (IpPrefix.TryParse(raw[1..^1], out var prefix) && prefix.Family == family)
        {
            number = prefix.First;
            return prefix.Length == (family == IpFamily.IPv4 ? 32 : 128);
        }

        // An IPv4 address inside of IPv6 is spelled with dots, which a list of prefixes may not be.
        number = 0;
        if (family != IpFamily.IPv6 || !IPAddress.TryParse(value.GetString(), out var address) || address.GetAddressBytes() is not { Length: 16 } bytes)
        {
            return false;
        }

        number = System.Buffers.Binary.BinaryPrimitives.ReadUInt128BigEndian(bytes);
        return true;
    }

    private static bool TryHardwareAddress(string? text, out UInt128 number)
    {
        number = 0;
        if (!PhysicalAddress.TryParse(text, out var address) || address.GetAddressBytes() is not { Length: 6 } bytes)
        {
            return false;
        }

        foreach (var part in bytes)
        {
            number = (number << 8) | part;
        }

        return true;
    }
}
