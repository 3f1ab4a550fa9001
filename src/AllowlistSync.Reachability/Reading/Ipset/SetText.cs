using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading.Iptables;

namespace AllowlistSync.Reachability.Reading.Ipset;

/// <summary>A line that adds an element.</summary>
/// <param name="Whole">The line, from <c>add</c>.</param>
/// <param name="Element">The element.</param>
/// <param name="Options">What stands behind it.</param>
internal readonly record struct SetLine(ReadOnlyMemory<byte> Whole, ReadOnlyMemory<byte> Element, ReadOnlyMemory<byte> Options);

/// <summary>Reads the text of a set.</summary>
internal static class SetText
{
    /// <summary>The set as rules ask it.</summary>
    internal static SavedSet Read(IpSet set)
    {
        var builder = new IpsetBuilder(set.Type, set.Options);
        if (set.IsUnknown)
        {
            builder.GiveUp();
        }

        foreach (var line in Lines(set))
        {
            if (!line.Options.IsEmpty || !builder.TryAdd(line.Element.Span))
            {
                builder.Add(line.Element.Span, Words(line.Options.Span));
            }
        }

        return builder.Build();
    }

    /// <summary>The lines of a set, one for each element.</summary>
    internal static IEnumerable<SetLine> Lines(IpSet set)
    {
        foreach (var piece in set.Lines)
        {
            for (var rest = piece; !rest.IsEmpty;)
            {
                var end = rest.Span.IndexOf((byte)'\n');
                var line = end < 0 ? rest : rest[..end];
                rest = end < 0 ? default : rest[(end + 1)..];
                if (Split(line) is { } split)
                {
                    yield return split;
                }
            }
        }
    }

    /// <summary>All words, without their quotes.</summary>
    internal static List<string> Words(ReadOnlySpan<byte> text)
    {
        var words = new List<string>();
        for (var scanner = new WordScanner(text); scanner.Next();)
        {
            words.Add(scanner.Text());
        }

        return words;
    }

    private static SetLine? Split(ReadOnlyMemory<byte> line)
    {
        var words = new WordScanner(line.Span);
        return words.Next() && words.Next() && words.Next() ? new(line, line[words.Start..words.End], line[words.End..].TrimStart((byte)' ')) : null;
    }
}
