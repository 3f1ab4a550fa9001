using System.Text;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Core.Formats;

/// <summary>A way to write a list of prefixes as a file that another program reads, and to read such a file back. Pure: it knows no files.</summary>
public sealed record RangeFormat
{
    /// <param name="body">The lines below the comments, for prefixes that are sorted, IPv4 first.</param>
    /// <param name="find">Finds mark and prefixes in a text, whatever else is in it; the second argument is the name of the label.</param>
    internal RangeFormat(Func<IReadOnlyList<IpPrefix>, RangeFileLabel, IEnumerable<string>> body, Action<string, string, RangeFileDraft> find)
    {
        Body = body;
        Find = find;
    }

    /// <summary>Its name in settings and options, kebab-case; a public contract.</summary>
    public required string Name { get; init; }

    /// <summary>One sentence: what the file holds, and for whom.</summary>
    public required string Summary { get; init; }

    /// <summary>How a program is told to read it; <c>PATH</c> stands for the file.</summary>
    public required string Example { get; init; }

    /// <summary>Whether it has comments. Then the mark is a comment on the first line, else a member or a column.</summary>
    public required bool HasComments { get; init; }

    /// <summary>What stands in a file to say that it belongs to <c>OWNER/TARGET</c>: with the mark put for <c>{0}</c>, for messages.</summary>
    public required string MarkForm { get; init; }

    /// <summary>Whether the file defines something by the name of the label.</summary>
    public bool UsesName { get; init; }

    /// <summary>A prefix that its program does not take, alone on a line; null when it takes all. Whoever writes a file leaves it out and says so.</summary>
    public IpPrefix? Refused { get; init; }

    /// <summary>Set when its program takes a prefix of length 0 for "no condition", for something that is there already, or for a mistake: it is written as two halves.</summary>
    internal bool HalvesWhole { get; init; }

    /// <summary>Writes the lines below the comments.</summary>
    internal Func<IReadOnlyList<IpPrefix>, RangeFileLabel, IEnumerable<string>> Body { get; init; }

    private Action<string, string, RangeFileDraft> Find { get; }

    /// <summary>What of a set its program takes: all but <see cref="Refused"/>.</summary>
    public PrefixSet Taken(PrefixSet ranges)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        return Refused is { } refused && ranges.Covers(refused) && ranges.Prefixes(refused.Family).Contains(refused) ? ranges.Except(PrefixSet.Of(refused)) : ranges;
    }

    /// <summary>Writes the fewest prefixes of a set: UTF-8, LF, IPv4 first, ascending; the same bytes for the same set and label.</summary>
    public byte[] Write(PrefixSet ranges, RangeFileLabel label)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        return Encoding.UTF8.GetBytes(WriteText([.. ranges.Prefixes()], label));
    }

    /// <summary>Writes prefixes as they are given, sorted. Some programs refuse a list in which one contains another.</summary>
    public string WriteText(IReadOnlyList<IpPrefix> prefixes, RangeFileLabel label)
    {
        ArgumentNullException.ThrowIfNull(prefixes);
        ArgumentNullException.ThrowIfNull(label);
        var text = new StringBuilder();
        foreach (var line in Head(label).Concat(Body(HalvesWhole ? [.. prefixes.SelectMany(WholeFamily.Halves)] : prefixes, label)))
        {
            text.Append(line).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>Reads a file, whatever it holds; a file that is no file of this format at all has odd lines only.</summary>
    /// <param name="content">Its bytes.</param>
    /// <param name="name">The name that it is expected to define; not looked at when the format has none.</param>
    public RangeFileReading Read(ReadOnlySpan<byte> content, string name = RangeFileLabel.DefaultName)
    {
        var text = Encoding.UTF8.GetString(content);
        var draft = new RangeFileDraft();
        Find(text, name, draft);
        var ranges = draft.Ranges.ToSet();
        var expected = Write(ranges, new RangeFileLabel(draft.Mark, name));
        if (content.SequenceEqual(expected))
        {
            return new(draft.Mark, ranges, []);
        }

        var odd = OddLines.Between(text.Split('\n'), Encoding.UTF8.GetString(expected).Split('\n'));
        return new(draft.Mark, ranges, [.. odd.Take(RangeFileReading.MaxOddLines)]) { TotalOddLines = odd.Count };
    }

    private IEnumerable<string> Head(RangeFileLabel label) =>
        HasComments && label.MarkText is { } mark ? [$"# {mark}", "# This file is made anew at every change: edits are lost."] : [];
}
