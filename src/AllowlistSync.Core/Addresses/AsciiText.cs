namespace AllowlistSync.Core.Addresses;

/// <summary>
/// Looks at short ASCII texts. Plain loops: for texts of a few bytes they are as fast as the vectorised methods of
/// the framework, many of which are not compiled ahead of time for bytes and would cost start-up.
/// </summary>
internal static class AsciiText
{
    internal static bool Has(this ReadOnlySpan<byte> text, byte wanted) => text.IndexOf(wanted) >= 0;

    internal static bool HasAny(this ReadOnlySpan<byte> text, byte one, byte other) => text.IndexOfAny(one, other) >= 0;

    internal static bool IsDigits(this ReadOnlySpan<byte> text)
    {
        foreach (byte b in text)
        {
            if (!char.IsAsciiDigit((char)b))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The first byte that no prefix can have, or -1.</summary>
    internal static int IndexOfStranger(this ReadOnlySpan<byte> text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (!char.IsAsciiHexDigit((char)text[i]) && text[i] is not ((byte)'.' or (byte)':' or (byte)'/'))
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>Without blanks, tabs and carriage returns at the end.</summary>
    internal static ReadOnlySpan<byte> TrimBlankEnd(this ReadOnlySpan<byte> text)
    {
        while (text.Length > 0 && text[^1] is ((byte)' ' or (byte)'\t' or (byte)'\r'))
        {
            text = text[..^1];
        }

        return text;
    }

    /// <summary>Without blanks and tabs at the start.</summary>
    internal static ReadOnlySpan<byte> TrimBlankStart(this ReadOnlySpan<byte> text)
    {
        while (text.Length > 0 && text[0] is ((byte)' ' or (byte)'\t'))
        {
            text = text[1..];
        }

        return text;
    }
}
