using System.Collections.Immutable;

namespace AllowlistSync.Proposals.Rewriting;

/// <summary>A list in YAML with a dash for each entry; the file ends with a line end.</summary>
internal sealed class YamlBlockList(TextFile file, YamlFound found, ImmutableArray<YamlEntry> entries)
{
    /// <summary>What a choice changes.</summary>
    public IEnumerable<TextEdit> Edits(ListChoice choice, YamlStyle style)
    {
        var (lead, lineEnd) = (Lead(entries[0]), file.LineEndAt(entries[0].Start));
        var edits = choice.Added
            .Select(added => new TextEdit(added.At > 0 ? file.LineEnd(entries[added.At - 1].End) : file.LineStart(entries[0].Start), 0, lead + style.InBlock(added.Prefix, lead.IndexOf('-', StringComparison.Ordinal), lineEnd) + lineEnd))
            .ToList();
        for (var i = 0; i < entries.Length; i++)
        {
            if (!choice.Stays[i])
            {
                var start = file.LineStart(Lead(entries[i]) is var _ ? entries[i].Start : 0);
                edits.Add(new TextEdit(start, file.LineEnd(entries[i].End) - start, ""));
            }
        }

        // A key with nothing behind it would be null, which is something else than an empty list.
        return choice.Added.IsEmpty && !choice.Stays.Contains(true) ? [new TextEdit(BehindColon(), 0, " []"), .. edits] : edits;
    }

    /// <summary>Lines below a key that had nothing.</summary>
    public IEnumerable<TextEdit> Fill(ListChoice choice, YamlStyle style)
    {
        var key = found.Document[found.Key >= 0 ? found.Key : throw Layout(found.Value)].Start;
        var (indent, lineEnd) = ((int)key.Column - 1 + found.Document.ListStep(), file.LineEndAt((int)key.Index));
        var lines = choice.Added.Select(added => $"{new string(' ', indent)}- {style.InBlock(added.Prefix, indent, lineEnd)}{lineEnd}");
        return [new TextEdit(file.LineEnd((int)key.Index), 0, string.Concat(lines))];
    }

    /// <summary>The character behind the colon of the key.</summary>
    public int BehindColon()
    {
        var at = (int)found.Document[found.Key >= 0 ? found.Key : throw Layout(found.Value)].End.Index;
        while (file.Text[at] == ' ')
        {
            at++;
        }

        return file.Text[at] == ':' ? at + 1 : throw Layout(found.Key);
    }

    // What stands before an entry on its line: blanks, the dash, blanks.
    private string Lead(YamlEntry entry)
    {
        var lead = file.Text[file.LineStart(entry.Start)..entry.Start];
        return lead.Trim(' ') == "-" && lead.EndsWith(' ') ? lead : throw Layout(entry.Node);
    }

    private RewriteException Layout(int node) =>
        new("layout", $"{file.Path}, line {found.Document[node].Start.Line}: the list is laid out in a way that cannot be rewritten", "write `key:` on a line, and below it a line for each entry");
}
