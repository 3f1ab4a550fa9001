using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Proposals.Rewriting;

/// <summary>An entry of a list in brackets.</summary>
/// <param name="Start">Its first character.</param>
/// <param name="End">The character behind it.</param>
/// <param name="Comma">The comma behind it; -1 without one.</param>
internal readonly record struct FlowEntry(int Start, int End, int Comma);

/// <summary>A list in brackets that may hold comments.</summary>
/// <param name="File">The file.</param>
/// <param name="Open">The character behind the opening bracket.</param>
/// <param name="Close">The closing bracket.</param>
/// <param name="Entries">The entries.</param>
internal sealed record FlowList(TextFile File, int Open, int Close, ImmutableArray<FlowEntry> Entries)
{
    private const int MostOnOneLine = 3;

    private bool HasLastComma => !Entries.IsEmpty && Entries[^1].Comma >= 0;

    /// <summary>What a choice changes.</summary>
    /// <param name="choice">The choice.</param>
    /// <param name="write">Writes a new entry.</param>
    /// <param name="mayBreak">Whether a list that was empty may get a line for each entry.</param>
    public IEnumerable<TextEdit> Edits(ListChoice choice, Func<IpPrefix, string> write, bool mayBreak)
    {
        if (Entries.IsEmpty)
        {
            return [Fill(choice, write, mayBreak)];
        }

        return HasLineForEach() ? LineEdits(choice, write) : [new TextEdit(Open, Close - Open, Cut().After(choice, write, ("", " ", "")))];
    }

    // What stands between the brackets of an empty list is a comment or nothing.
    private TextEdit Fill(ListChoice choice, Func<IpPrefix, string> write, bool mayBreak)
    {
        var texts = choice.Added.Select(added => write(added.Prefix)).ToList();
        if (!mayBreak || texts.Count <= MostOnOneLine || File.Text.AsSpan(Open, Close - Open).ContainsAnyExcept(" \t\r\n"))
        {
            return new TextEdit(Open, 0, string.Join(", ", texts));
        }

        var (indent, lineEnd) = (File.IndentAt(Open), File.LineEndAt(Open));
        var step = TextFile.StepAfter(indent);
        return new TextEdit(Open, Close - Open, string.Concat(texts.Select(text => $"{lineEnd}{indent}{step}{text},")) + lineEnd + indent);
    }

    private bool HasLineForEach() => File.IsFirstOnLine(Close)
        && Entries.All(entry => File.IsFirstOnLine(entry.Start) && (entry.Comma < 0 || !File.Text.AsSpan(entry.End, entry.Comma - entry.End).Contains('\n')));

    private IEnumerable<TextEdit> LineEdits(ListChoice choice, Func<IpPrefix, string> write)
    {
        var (indent, lineEnd) = (File.IndentAt(Entries[0].Start), File.LineEndAt(Entries[0].Start));
        var (edits, last) = (new List<TextEdit>(), LastOf(choice));
        for (var i = 0; i < choice.Added.Length; i++)
        {
            var comma = i != last.Added || HasLastComma ? "," : "";
            var at = choice.Added[i].At is var index && index > 0 ? File.LineEnd(Entries[index - 1].End) : File.LineStart(Entries[0].Start);
            edits.Add(new TextEdit(at, 0, $"{indent}{write(choice.Added[i].Prefix)}{comma}{lineEnd}"));
        }

        for (var i = 0; i < Entries.Length; i++)
        {
            var (entry, start) = (Entries[i], File.LineStart(Entries[i].Start));
            if (!choice.Stays[i])
            {
                edits.Add(new TextEdit(start, File.LineEnd(entry.End) - start, ""));
            }
            else if (entry.Comma < 0 && i != last.Entry)
            {
                edits.Add(new TextEdit(entry.End, 0, ","));
            }
            else if (entry.Comma >= 0 && i == last.Entry && !HasLastComma)
            {
                edits.Add(new TextEdit(entry.Comma, 1, ""));
            }
        }

        return edits;
    }

    // Which one stands last afterwards: an entry that stays, or one that comes.
    private static (int Entry, int Added) LastOf(ListChoice choice)
    {
        var entry = choice.Stays.LastIndexOf(true);
        return choice.Added.IsEmpty || choice.Added.Max(added => added.At) <= entry
            ? (entry, -1)
            : (-1, Enumerable.Range(0, choice.Added.Length).MaxBy(i => (choice.Added[i].At, i)));
    }

    private SeparatedList Cut()
    {
        var entries = ImmutableArray.CreateBuilder<ListEntry>(Entries.Length);
        var at = Open;
        foreach (var entry in Entries)
        {
            entries.Add(new ListEntry(File.Text[at..entry.Start], File.Text[entry.Start..entry.End], entry.Comma < 0 ? "" : File.Text[entry.End..entry.Comma]));
            at = entry.Comma < 0 ? entry.End : entry.Comma + 1;
        }

        return new SeparatedList(entries.ToImmutable(), File.Text[at..Close], HasLastComma);
    }
}
