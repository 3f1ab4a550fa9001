namespace AllowlistSync.Core.Addresses;

/// <summary>Takes what <see cref="PrefixLines"/> reads.</summary>
internal interface IPrefixSink
{
    void AddIPv4(Word first, Word last);

    void Add(IpFamily family, Wide first, Wide last);

    void Report(int line, ReadOnlySpan<byte> text, TextFault fault);
}

/// <summary>
/// Goes through a list line by line. Plain IPv4 lines, nearly all of a long list, take a fast path that knows
/// nothing of errors; every other line takes the strict path, which explains.
/// </summary>
internal static class PrefixLines
{
    /// <summary>More than any range with blanks needs; of a longer line only this much is looked at.</summary>
    private const int MaxLineLength = 512;

    internal static void Read<TSink>(ReadOnlySpan<byte> utf8, ref TSink sink)
        where TSink : struct, IPrefixSink
    {
        int at = utf8.StartsWith("\uFEFF"u8) ? 3 : 0;
        for (int line = 1; at < utf8.Length; line++)
        {
            if (FastIPv4Line.TryRead(utf8, ref at, out uint first, out uint last))
            {
                sink.AddIPv4(new(first), new(last));
                continue;
            }

            var rest = utf8[at..];
            int end = rest.IndexOf((byte)'\n');
            var text = end < 0 ? rest : rest[..end];
            at += end < 0 ? rest.Length : end + 1;
            ReadLine(line, text, ref sink);
        }
    }

    private static void ReadLine<TSink>(int line, ReadOnlySpan<byte> text, ref TSink sink)
        where TSink : struct, IPrefixSink
    {
        int comment = text.IndexOfAny((byte)'#', (byte)';');
        var content = (comment < 0 ? text : text[..comment]).TrimBlankEnd();
        int start = content.Length - content.TrimBlankStart().Length;
        content = content[start..];
        if (content.IsEmpty)
        {
            return;
        }

        if (content.Length > MaxLineLength)
        {
            sink.Report(line, text, LongLine(content, start));
            return;
        }

        if (!TryReadContent(content, out var family, out var first, out var last, out var fault))
        {
            sink.Report(line, content, fault with { Offset = fault.Offset + start });
            return;
        }

        sink.Add(family, first, last);
    }

    private static TextFault LongLine(ReadOnlySpan<byte> content, int start)
    {
        var shape = TextShape.FindFault(content[..MaxLineLength]);
        return shape is { } known && known.Reason != PrefixText.TooLong
            ? known with { Offset = known.Offset + start }
            : new(start, $"the line is far too long for a prefix ({content.Length} bytes); this may be no list, or one without line breaks");
    }

    private static bool TryReadContent(ReadOnlySpan<byte> content, out IpFamily family, out Wide first, out Wide last, out TextFault fault)
    {
        int dash = content.IndexOf((byte)'-');
        if (dash > 0 && (content[0] == ':' || char.IsAsciiHexDigit((char)content[0])) && content[..dash].HasAny((byte)'.', (byte)':'))
        {
            return RangeText.TryParse(content, dash, out family, out first, out last, out fault);
        }

        bool read = PrefixText.TryParse(content, out var prefix, out fault);
        family = prefix.Family;
        first = prefix.WideFirst;
        last = prefix.WideLast;
        return read;
    }
}
