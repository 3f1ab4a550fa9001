using System.Globalization;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>Numbers and spans of time as nft writes them.</summary>
internal static class NftTextNumbers
{
    private static readonly (string Unit, ulong Milliseconds)[] Units = [("ms", 1), ("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)];

    /// <summary>A number, decimal or with 0x.</summary>
    public static bool TryRead(string text, out ulong number)
    {
        number = 0;
        return text.Length > 0 && char.IsAsciiDigit(text[0]) && (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out number)
            : ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number));
    }

    /// <summary>Seconds, of <c>1d2h3m4s5ms</c> or of a plain number; a part of a second counts as one.</summary>
    public static bool TryReadSeconds(string text, out ulong seconds)
    {
        if (TryRead(text, out seconds))
        {
            return true;
        }

        var milliseconds = 0UL;
        var rest = text.AsSpan();
        while (!rest.IsEmpty)
        {
            var digits = rest.IndexOfAnyExceptInRange('0', '9');
            if (digits <= 0 || !ulong.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out var count) || Unit(rest[digits..]) is not { } unit)
            {
                return false;
            }

            milliseconds = unchecked(milliseconds + (count * unit.Milliseconds));
            rest = rest[(digits + unit.Unit.Length)..];
        }

        seconds = (milliseconds + 999) / 1000;
        return text.Length > 0;
    }

    private static (string Unit, ulong Milliseconds)? Unit(ReadOnlySpan<char> text)
    {
        foreach (var unit in Units)
        {
            if (text.StartsWith(unit.Unit, StringComparison.Ordinal))
            {
                return unit;
            }
        }

        return null;
    }
}
