namespace AllowlistSync.Core.Addresses;

/// <summary>Reads <c>first-last</c>, with or without blanks around the dash: two bare addresses of one family, in order.</summary>
internal static class RangeText
{
    internal static bool TryParse(ReadOnlySpan<byte> text, int dash, out IpFamily family, out Wide first, out Wide last, out TextFault fault)
    {
        var right = text[(dash + 1)..].TrimBlankStart();
        int rightStart = text.Length - right.Length;
        last = default;
        if (!TryParseEnd(text[..dash].TrimBlankEnd(), 0, out family, out first, out fault)
            || !TryParseEnd(right, rightStart, out var lastFamily, out last, out fault))
        {
            return false;
        }

        if (family != lastFamily)
        {
            fault = new(rightStart, "the range starts in one family and ends in the other");
            return false;
        }

        fault = last < first ? new(rightStart, "the range ends before it starts") : default;
        return !(last < first);
    }

    private static bool TryParseEnd(ReadOnlySpan<byte> text, int offset, out IpFamily family, out Wide address, out TextFault fault)
    {
        if (text.Has((byte)'/'))
        {
            family = default;
            address = default;
            fault = new(offset, "the ends of a range are addresses, without a length");
            return false;
        }

        if (TextShape.FindFault(text) is { } shape)
        {
            family = default;
            address = default;
            fault = new(offset + shape.Offset, text.IsEmpty ? "the range has no end" : shape.Reason);
            return false;
        }

        bool parsed = PrefixText.TryParseAddress(text, out family, out address, out fault);
        fault = fault with { Offset = offset + fault.Offset };
        return parsed;
    }
}
