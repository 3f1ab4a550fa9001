using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Proposals.Rewriting;

/// <summary>Values in HCL: lists of texts, and texts with commas. An expression is nobody's list, and is refused.</summary>
internal sealed class HclRewriter : IKeyRewriter
{
    private const string OwnLocal = "give our ranges a local (or variable) of their own, and use that in the expression";

    /// <inheritdoc/>
    public RewrittenFile Rewrite(TextFile file, ReadOnlyMemory<byte> content, KeyPlace place, PrefixSet wanted)
    {
        if (place.Document is not null || place.Shape == ValueShape.IpBlocks)
        {
            throw new RewriteException("hcl-shape", $"{file.Path}: a document and ip-blocks are for YAML", "name a list of texts by `key`");
        }

        var tokens = HclTokens.Read(file);
        var at = new HclFinder(file, tokens, place.Key).Find();
        var isList = tokens.Is(at, '[');
        if (!(isList || tokens.Is(at, HclKind.Text)) || !IsEnd(tokens, isList ? tokens.CloseOf(at) + 1 : at + 1))
        {
            throw new RewriteException("hcl-expression", $"{file.Path}, line {file.LineOf(tokens[at].Start)}: {place.Key} is an expression and no plain list", OwnLocal);
        }

        if (place.Shape == (isList ? ValueShape.Commas : ValueShape.List))
        {
            throw new RewriteException("value-shape", $"{file.Path}, line {file.LineOf(tokens[at].Start)}: {place.Key} is {(isList ? "a list" : "a text")}", "correct `format`");
        }

        var (edits, before) = isList ? List(file, tokens, at, place, wanted) : Commas(file, tokens, at, place, wanted);
        return edits is null ? new RewrittenFile(content, before, before, IsChanged: false) : new RewrittenFile(file.With(edits), before, wanted, IsChanged: true);
    }

    private static bool IsEnd(HclTokens tokens, int at) => at >= tokens.Count || tokens.Is(at, HclKind.LineEnd) || tokens.Is(at, '}') || tokens.Is(at, ',');

    private static (IEnumerable<TextEdit>? Edits, PrefixSet Before) List(TextFile file, HclTokens tokens, int open, KeyPlace place, PrefixSet wanted)
    {
        var close = tokens.CloseOf(open);
        var (entries, prefixes) = (ImmutableArray.CreateBuilder<FlowEntry>(), ImmutableArray.CreateBuilder<IpPrefix?>());
        for (var at = open + 1; at < close; at++)
        {
            if (tokens.Is(at, HclKind.LineEnd))
            {
                continue;
            }

            if (!tokens.Is(at, HclKind.Text))
            {
                throw new RewriteException("hcl-expression", $"{file.Path}, line {file.LineOf(tokens[at].Start)}: {place.Key} holds {tokens.TextOf(at)}, which is no literal text, and it would be lost", OwnLocal);
            }

            var token = tokens[at];
            prefixes.Add(EntryText.Parse(file, token.Start, tokens.TextOf(at), place.Family));
            at = AfterBlanks(tokens, at + 1);
            var comma = tokens.Is(at, ',') ? tokens[at].Start : -1;
            entries.Add(new FlowEntry(token.Start, token.End, comma));
            _ = comma < 0 && at < close ? throw new RewriteException("hcl-expression", $"{file.Path}, line {file.LineOf(tokens[at].Start)}: an entry of {place.Key} is an expression", OwnLocal) : 0;
        }

        var choice = ListChoice.Of(prefixes.ToImmutable(), wanted);
        var list = new FlowList(file, tokens[open].End, tokens[close].Start, entries.ToImmutable());
        return (choice.IsNothing ? null : list.Edits(choice, prefix => $"\"{prefix}\"", mayBreak: true), choice.Before);
    }

    private static int AfterBlanks(HclTokens tokens, int at)
    {
        while (tokens.Is(at, HclKind.LineEnd))
        {
            at++;
        }

        return at;
    }

    private static (IEnumerable<TextEdit>? Edits, PrefixSet Before) Commas(TextFile file, HclTokens tokens, int at, KeyPlace place, PrefixSet wanted)
    {
        var inside = tokens.TextOf(at);
        var (text, before) = CommaText.Rewrite(file, tokens[at].Start, inside, place.Family, wanted);
        return (text is null ? null : [new TextEdit(tokens[at].Start + 1, inside.Length, text)], before);
    }
}
