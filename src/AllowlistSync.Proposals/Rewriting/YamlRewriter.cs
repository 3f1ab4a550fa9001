using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AllowlistSync.Proposals.Rewriting;

/// <summary>Values in YAML, by the places that the parser tells; nothing is ever written anew from nodes.</summary>
internal sealed class YamlRewriter : IKeyRewriter
{
    /// <inheritdoc/>
    public RewrittenFile Rewrite(TextFile file, ReadOnlyMemory<byte> content, KeyPlace place, PrefixSet wanted)
    {
        // With a line end behind each line, lines are put in and taken out alike; it goes again in the end.
        var isOpen = !file.Text.EndsWith('\n');
        var whole = isOpen ? file.WithLastLineEnd() : file;
        var found = new YamlFinder(whole, place).Find(YamlDocument.Read(whole));
        var (edits, before) = Edits(whole, place, found, wanted);
        if (edits is null)
        {
            return new RewrittenFile(content, before, before, IsChanged: false);
        }

        var bytes = whole.With(edits);
        var end = bytes.AsSpan().EndsWith("\r\n"u8) ? 2 : 1;
        return new RewrittenFile(isOpen ? bytes.AsMemory(0, bytes.Length - end) : bytes, before, wanted, IsChanged: true);
    }

    private static (IEnumerable<TextEdit>? Edits, PrefixSet Before) Edits(TextFile file, KeyPlace place, YamlFound found, PrefixSet wanted)
    {
        var value = found.Document[found.Value];
        new YamlEntries(file, place, found.Document).DemandPlain(found.Value, deep: false);
        return (value, place.Shape) switch
        {
            (SequenceStart, not ValueShape.Commas) => List(file, place, found, wanted),
            (Scalar { Style: ScalarStyle.Plain, Value: "" }, not ValueShape.Commas) => Nothing(file, place, found, wanted),
            (Scalar { Style: not (ScalarStyle.Literal or ScalarStyle.Folded) } text, ValueShape.Auto or ValueShape.Commas) => YamlCommas.Edits(file, place, found, text, wanted),
            _ => throw new RewriteException("value-shape", $"{file.Path}, line {value.Start.Line}: {place.Key} is {Kind(value)}", "name a list of texts, a list of ipBlock, or a text with commas, and correct `format`"),
        };
    }

    private static (IEnumerable<TextEdit>? Edits, PrefixSet Before) List(TextFile file, KeyPlace place, YamlFound found, PrefixSet wanted)
    {
        var reader = new YamlEntries(file, place, found.Document);
        var arePeers = reader.ArePeers(found.Value);
        var entries = reader.Of(found.Value, arePeers);
        var choice = ListChoice.Of([.. entries.Select(entry => entry.Prefix)], wanted);
        if (choice.IsNothing)
        {
            return (null, choice.Before);
        }

        var style = YamlStyle.Of(file, found.Document, entries, arePeers, reader);
        return (found.Document[found.Value] is SequenceStart { Style: SequenceStyle.Block }
            ? new YamlBlockList(file, found, entries).Edits(choice, style)
            : Flow(file, found, entries, choice, style), choice.Before);
    }

    private static (IEnumerable<TextEdit>? Edits, PrefixSet Before) Nothing(TextFile file, KeyPlace place, YamlFound found, PrefixSet wanted)
    {
        var choice = ListChoice.Of([], wanted);
        var style = new YamlStyle("", place.Shape == ValueShape.IpBlocks ? 4 : null);
        var list = new YamlBlockList(file, found, []);
        return (choice.IsNothing ? null
            : found.InFlow ? [new TextEdit(list.BehindColon(), 0, $" [{string.Join(", ", choice.Added.Select(added => style.InFlow(added.Prefix)))}]")]
            : list.Fill(choice, style), choice.Before);
    }

    private static IEnumerable<TextEdit> Flow(TextFile file, YamlFound found, ImmutableArray<YamlEntry> entries, ListChoice choice, YamlStyle style)
    {
        var (open, close) = ((int)found.Document[found.Value].Start.Index + 1, (int)found.Document[found.Document.CloseOf(found.Value)].Start.Index);
        var list = new YamlBlockList(file, found, entries);
        if (entries.IsEmpty && !found.InFlow && found.Key >= 0 && file.Text.AsSpan(open, close - open).IsWhiteSpace() && !file.Text.AsSpan(list.BehindColon(), close - list.BehindColon()).Contains('\n'))
        {
            var colon = list.BehindColon();
            return [new TextEdit(colon, close + 1 - colon, ""), .. list.Fill(choice, style)];
        }

        var flow = entries.Select((entry, i) => new FlowEntry(entry.Start, entry.End, CommaIn(file.Text, entry.End, i + 1 < entries.Length ? entries[i + 1].Start : close)));
        return new FlowList(file, open, close, [.. flow]).Edits(choice, style.InFlow, mayBreak: false);
    }

    private static int CommaIn(string text, int from, int to)
    {
        for (var at = from; at < to; at++)
        {
            if (text[at] == ',')
            {
                return at;
            }

            at = text[at] == '#' ? text.IndexOf('\n', at) : at;
        }

        return -1;
    }

    private static string Kind(ParsingEvent value) => value switch
    {
        SequenceStart => "a list",
        MappingStart => "a mapping",
        Scalar { Style: ScalarStyle.Literal or ScalarStyle.Folded } => "a text of several lines (| or >)",
        _ => "a text",
    };
}
