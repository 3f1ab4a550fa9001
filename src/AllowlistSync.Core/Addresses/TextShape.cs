namespace AllowlistSync.Core.Addresses;

/// <summary>Recognises texts that are no prefix at all, so that the message says what they are instead of which digit is wrong.</summary>
internal static class TextShape
{
    private const string Glued = "it looks like two prefixes glued together; a line break between them is missing";

    /// <returns>Null when nothing speaks against a prefix yet.</returns>
    internal static TextFault? FindFault(ReadOnlySpan<byte> text)
    {
        if (text.IsEmpty)
        {
            return new(0, "it is empty");
        }

        int stranger = text.IndexOfStranger();
        if (stranger >= 0)
        {
            return DescribeStranger(text, stranger);
        }

        if (IsGlued(text))
        {
            return new(0, Glued);
        }

        return text.Length > PrefixText.MaxLength ? new TextFault(0, PrefixText.TooLong) : null;
    }

    private static TextFault DescribeStranger(ReadOnlySpan<byte> text, int at) => text[at] switch
    {
        0 => new(at, "there is a NUL byte; this is binary data or UTF-16, not a UTF-8 list"),
        (byte)'<' when at == 0 => new(at, "this is HTML, not a list"),
        (byte)'{' or (byte)'[' or (byte)'"' when at == 0 => new(at, "this is JSON, not a list with one prefix a line"),
        (byte)'%' when text[..at].Has((byte)':') => new(at, "it has a zone id; an allowlist cannot hold an address of one link"),
        (byte)',' => new(at, "there is a comma; write one prefix a line"),
        (byte)' ' or (byte)'\t' => new(at, "there is more on the line after the prefix; write one prefix a line"),
        (byte)'-' or (byte)'+' => new(at, "there is a sign where a digit was expected"),
        >= 0x80 => new(at, "there is a character that is not ASCII"),
        < 0x20 or 0x7f => new(at, "there is a control character"),
        _ => new(at, "it is not an address or a prefix"),
    };

    /// <summary>
    /// Two slashes, an address after the slash (unless it is a netmask), seven or more octets, or an IPv6 address
    /// that starts inside of an IPv4 one: what a missing line break makes.
    /// </summary>
    private static bool IsGlued(ReadOnlySpan<byte> text)
    {
        int slash = text.IndexOf((byte)'/');
        if (slash >= 0)
        {
            var after = text[(slash + 1)..];
            return !after.IsEmpty && (IsGlued(text[..slash]) || after.HasAny((byte)'/', (byte)':')
                || (after.Has((byte)'.') && !IPv4Text.TryParse(after, out _, out _)));
        }

        int dot = text.IndexOf((byte)'.');
        int colon = text.IndexOf((byte)':');
        return (dot >= 0 && colon > dot) || CountDots(text) > 5;
    }

    private static int CountDots(ReadOnlySpan<byte> text)
    {
        int count = 0;
        foreach (byte b in text)
        {
            count += b == '.' ? 1 : 0;
        }

        return count;
    }
}
