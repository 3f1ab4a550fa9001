using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Proposals.Rewriting;

/// <summary>Values in JSON (RFC 8259), which knows neither comments nor commas behind the last entry.</summary>
internal sealed class JsonRewriter : IKeyRewriter
{
    /// <inheritdoc/>
    public RewrittenFile Rewrite(TextFile file, ReadOnlyMemory<byte> content, KeyPlace place, PrefixSet wanted)
    {
        if (place.Document is not null || place.Shape == ValueShape.IpBlocks)
        {
            throw new RewriteException("json-shape", $"{file.Path}: a document and ip-blocks are for YAML", "name a list of texts by `key`");
        }

        var bytes = Encoding.UTF8.GetBytes(file.Text);
        try
        {
            var reader = new Utf8JsonReader(bytes);
            reader.Read();
            var found = new JsonFinder(file, place.Key).Find(ref reader);
            while (reader.Read())
            {
            }

            var start = Encoding.UTF8.GetCharCount(bytes, 0, found.Start);
            var text = Encoding.UTF8.GetString(bytes, found.Start, found.Length);
            return text[0] switch
            {
                '[' when place.Shape != ValueShape.Commas => List(file, content, place, wanted, start, bytes.AsMemory(found.Start, found.Length)),
                '"' when place.Shape != ValueShape.List => Commas(file, content, place, wanted, start, text),
                _ => throw new RewriteException("value-shape", $"{file.Path}, line {file.LineOf(start)}: {place.Key} is {Kind(text[0])}", "name a list of texts, or a text with commas"),
            };
        }
        catch (JsonException wrong)
        {
            throw new RewriteException("json-syntax", $"{file.Path}, line {wrong.LineNumber + 1}: this is no JSON: {wrong.Message.Split(" LineNumber")[0]}", "mend the file; comments and a comma behind the last entry are no JSON");
        }
    }

    private static RewrittenFile List(TextFile file, ReadOnlyMemory<byte> content, KeyPlace place, PrefixSet wanted, int start, ReadOnlyMemory<byte> value)
    {
        var (list, texts) = Cut(file, place, start, value);
        ImmutableArray<IpPrefix?> entries = [.. texts.Select(entry => EntryText.Parse(file, entry.At, entry.Text, place.Family))];
        var choice = ListChoice.Of(entries, wanted);
        if (choice.IsNothing)
        {
            return new RewrittenFile(content, choice.Before, choice.Before, IsChanged: false);
        }

        var inside = list.After(choice, prefix => $"\"{prefix}\"", entries.IsEmpty ? Fresh(file, start) : ("", " ", ""));
        var edit = new TextEdit(start + 1, Encoding.UTF8.GetCharCount(value.Span) - 2, inside);
        return new RewrittenFile(file.With([edit]), choice.Before, wanted, IsChanged: true);
    }

    private static (SeparatedList List, List<(int At, string Text)> Texts) Cut(TextFile file, KeyPlace place, int start, ReadOnlyMemory<byte> value)
    {
        var text = Encoding.UTF8.GetString(value.Span);
        var (entries, texts, end) = (ImmutableArray.CreateBuilder<ListEntry>(), new List<(int, string)>(), 1);
        var (bytes, chars) = (0, 0);
        var reader = new Utf8JsonReader(value.Span);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var at = CharAt((int)reader.TokenStartIndex);
            if (reader.TokenType != JsonTokenType.String)
            {
                throw new RewriteException("value-shape", $"{file.Path}, line {file.LineOf(start + at)}: an entry of {place.Key} is {Kind(text[at])}", "name a list of texts");
            }

            var after = CharAt((int)reader.BytesConsumed);
            var between = text[end..at];
            var comma = between.IndexOf(',', StringComparison.Ordinal);
            if (comma > 0)
            {
                entries[^1] = entries[^1] with { Tail = between[..comma] };
            }

            entries.Add(new ListEntry(between[(comma + 1)..], text[at..after], ""));
            texts.Add((start + at, reader.GetString()!));
            end = after;
        }

        return (new SeparatedList(entries.ToImmutable(), text[end..^1], EndsWithSeparator: false), texts);

        // Counted on from the last place: from the beginning, a long list would cost the square of its length.
        int CharAt(int index)
        {
            chars += Encoding.UTF8.GetCharCount(value.Span[bytes..index]);
            bytes = index;
            return chars;
        }
    }

    private static RewrittenFile Commas(TextFile file, ReadOnlyMemory<byte> content, KeyPlace place, PrefixSet wanted, int start, string value)
    {
        var (text, before) = CommaText.Rewrite(file, start, value[1..^1], place.Family, wanted);
        return text is null
            ? new RewrittenFile(content, before, before, IsChanged: false)
            : new RewrittenFile(file.With([new TextEdit(start + 1, value.Length - 2, text)]), before, wanted, IsChanged: true);
    }

    // An empty list of a file that is written on many lines gets a line for each entry.
    private static (string First, string Next, string End) Fresh(TextFile file, int start)
    {
        if (!file.Text.Contains('\n', StringComparison.Ordinal) || file.Text.AsSpan().TrimEnd().IndexOf('\n') < 0)
        {
            return ("", " ", "");
        }

        var (indent, lineEnd) = (file.IndentAt(start), file.LineEndAt(start));
        var step = TextFile.StepAfter(indent);
        return ($"{lineEnd}{indent}{step}", $"{lineEnd}{indent}{step}", lineEnd + indent);
    }

    private static string Kind(char first) => first switch { '[' => "a list", '{' => "an object", '"' => "a text", 't' or 'f' => "a truth value", 'n' => "null", _ => "a number" };
}
