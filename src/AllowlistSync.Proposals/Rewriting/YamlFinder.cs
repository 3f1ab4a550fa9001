using System.Collections.Immutable;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AllowlistSync.Proposals.Rewriting;

/// <summary>A value in YAML.</summary>
/// <param name="Document">Its document.</param>
/// <param name="Key">The event of its key; -1 when it is an entry of a list.</param>
/// <param name="Value">Its first event.</param>
/// <param name="InFlow">Whether it stands between brackets.</param>
internal sealed record YamlFound(YamlDocument Document, int Key, int Value, bool InFlow);

/// <summary>Finds a value in YAML by its key, in the one document that has it or that is named.</summary>
internal sealed class YamlFinder(TextFile file, KeyPlace place)
{
    private readonly ImmutableArray<KeyPart> _path = KeyPath.Parse(place.Key);

    /// <summary>The value.</summary>
    public YamlFound Find(List<YamlDocument> documents)
    {
        var named = place.Document is null ? documents : [.. documents.Where(document => document.KindAndName() == place.Document)];
        if (named.Count == 0 || (place.Document is not null && named.Count > 1))
        {
            throw place.Document is null
                ? new RewriteException("key-missing", $"{file.Path}: there is no {place.Key}; the file holds no document", "correct `path`, or write an empty list there first")
                : named.Count == 0
                ? new RewriteException("document-missing", $"{file.Path} has no document {place.Document}; it has {string.Join(", ", documents.Select(document => document.KindAndName() ?? "one without kind and name").Distinct(StringComparer.Ordinal).Take(8).DefaultIfEmpty("none"))}", "correct `document`")
                : new RewriteException("document-doubled", $"{file.Path} has {named.Count} documents {place.Document}", "give each a file of its own");
        }

        var tries = named.ConvertAll(In);
        var found = tries.Where(one => one.Found is not null).ToList();
        return found.Count switch
        {
            1 => found[0].Found!,
            0 => throw tries.MaxBy(one => one.Depth).Missing!,
            _ => throw new RewriteException("document-ambiguous", $"{file.Path}: {found.Count} documents have {place.Key}", "name one by `document: Kind/name`"),
        };
    }

    private (YamlFound? Found, RewriteException? Missing, int Depth) In(YamlDocument document)
    {
        var (node, key, inFlow, anchor) = (0, -1, false, (ParsingEvent?)null);
        for (var depth = 0; depth < _path.Length; depth++)
        {
            var current = document.Count > 0 ? document[node] : null;
            anchor ??= current is NodeEvent { Anchor.IsEmpty: false } ? current : null;
            inFlow |= current is MappingStart { Style: MappingStyle.Flow } or SequenceStart { Style: SequenceStyle.Flow };
            int? next;
            (next, key, var there) = (_path[depth].Name, current) switch
            {
                ({ } name, MappingStart) => InMapping(document, node, depth, name),
                (null, SequenceStart) => InList(document, node, depth),
                (_, AnchorAlias) => throw Anchor(current),
                _ => (null, -1, $"{Above(depth)} is no {(_path[depth].Name is null ? "list" : "mapping")}"),
            };
            if (next is null)
            {
                return (null, new RewriteException("key-missing", $"{file.Path}{(current is null ? "" : $", line {current.Start.Line}")}: there is no {Above(depth + 1)}; {there}", "correct `key`, or write an empty list there first"), depth);
            }

            node = next.Value;
        }

        return anchor is null ? (new YamlFound(document, key, node, inFlow), null, _path.Length) : throw Anchor(anchor);
    }

    private (int? Node, int Key, string There) InMapping(YamlDocument document, int mapping, int depth, string name)
    {
        ((int Node, int Key)? found, var names, ParsingEvent? merge) = (null, new List<string>(), null);
        foreach (var pair in document.Children(mapping).Chunk(2))
        {
            var key = document[pair[0]] as Scalar;
            merge ??= key is { Value: "<<", Style: ScalarStyle.Plain } ? key : null;
            if (key?.Value != name)
            {
                names.Add(key?.Value ?? "(a key that is no text)");
                continue;
            }

            found = found is null ? (pair[1], pair[0]) : throw new RewriteException("key-doubled", $"{file.Path}, line {key.Start.Line}: {Above(depth + 1)} is written twice", "keep one of them");
        }

        return merge is not null
            ? throw Anchor(merge)
            : (found?.Node, found?.Key ?? -1, $"{Above(depth)} has {string.Join(", ", names.Take(8).DefaultIfEmpty("nothing"))}");
    }

    private (int? Node, int Key, string There) InList(YamlDocument document, int list, int depth)
    {
        var entries = document.Children(list).ToList();
        return (_path[depth].Index < entries.Count ? entries[_path[depth].Index] : null, -1, $"{Above(depth)} has {entries.Count} entries");
    }

    private RewriteException Anchor(ParsingEvent at) =>
        new("yaml-anchor", $"{file.Path}, line {at.Start.Line}: an anchor, alias or merge key leads to {place.Key}, so a change would reach other places too", "write the list out at its place");

    private string Above(int depth) => KeyPath.Text(_path, depth, "the document");
}
