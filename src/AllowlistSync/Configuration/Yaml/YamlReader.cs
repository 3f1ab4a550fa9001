using AllowlistSync.Configuration.Reading;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AllowlistSync.Configuration.Yaml;

/// <summary>
/// Reads YAML into nodes that know their place. It takes the parser's events rather than its representation model, because that
/// one stops at the first duplicate key, follows aliases and recurses without a limit. Anchors, aliases, merge keys and tags are
/// refused: a configuration should mean what it shows.
/// </summary>
internal sealed class YamlReader
{
    /// <summary>The configuration itself needs 6 levels.</summary>
    internal const int MaxDepth = 32;

    private readonly Parser _parser;
    private readonly ProblemLog _log;
    private bool _stopped;

    private YamlReader(string text, ProblemLog log)
    {
        _parser = new Parser(new StringReader(text));
        _log = log;
    }

    /// <summary>The only document, or null when there is none or it cannot be read on; then a problem is logged.</summary>
    internal static YamlNode? Read(string text, ProblemLog log)
    {
        var reader = new YamlReader(text, log);
        try
        {
            var node = reader.ReadStream();
            return reader._stopped ? null : node;
        }
        catch (YamlException exception)
        {
            var (at, fault) = SyntaxFault.Explain(text, exception);
            log.Add(at, "", fault);
            return null;
        }
    }

    private YamlNode? ReadStream()
    {
        Next();
        Next();
        if (_parser.Current is not DocumentStart)
        {
            return Empty();
        }

        Next();
        var root = ReadNode(0);
        if (root is YamlScalar { Kind: ScalarKind.Nothing })
        {
            return Empty();
        }

        if (!_stopped && Next() && _parser.Current is DocumentStart second)
        {
            Report(second.Start, new("a second document starts here", "keep one; remove the line ---"));
        }

        return root;
    }

    // The parser ends some broken texts, such as "{ a{: b }", with an exception of no place.
    private bool Next()
    {
        try
        {
            return _parser.MoveNext() ? true : throw End(null);
        }
        catch (InvalidOperationException exception)
        {
            throw End(exception);
        }
    }

    private YamlException End(Exception? inner)
    {
        var at = _parser.Current?.End ?? Mark.Empty;
        return new(at, at, "did not find the end of a value", inner!);
    }

    private YamlNode? Empty()
    {
        _log.Add(Place.Start, "", new("the file is empty", "write \"version: 1\", \"sources:\" and \"targets:\", or let \"allowlist-sync init\" write it"));
        return null;
    }

    // Leaves the parser behind the node. After a stop, nothing is read any more.
    private YamlNode ReadNode(int depth)
    {
        var current = _parser.Current;
        var at = PlaceOf(current?.Start ?? Mark.Empty);
        if (depth > MaxDepth)
        {
            _log.Add(at, "", new($"values are nested more than {MaxDepth} deep", "no setting needs more than 6 levels; look for a bracket too many"));
            _stopped = true;
            return new YamlBroken(at);
        }

        CheckNode(current as NodeEvent);
        switch (current)
        {
            case Scalar scalar:
                Next();
                return new YamlScalar(at, scalar.Value, scalar.Style == ScalarStyle.Plain);
            case SequenceStart:
                return ReadList(at, depth);
            case MappingStart:
                return ReadMap(at, depth);
            case AnchorAlias alias:
                Report(alias.Start, new("an alias stands here; they are not followed", "write the value itself"));
                break;
        }

        Next();
        return new YamlBroken(at);
    }

    private YamlList ReadList(Place at, int depth)
    {
        var items = new List<YamlNode>();
        Next();
        while (!_stopped && _parser.Current is not SequenceEnd)
        {
            items.Add(ReadNode(depth + 1));
        }

        Next();
        return new(at, items);
    }

    private YamlMap ReadMap(Place at, int depth)
    {
        var entries = new List<YamlEntry>();
        Next();
        while (!_stopped && _parser.Current is not MappingEnd)
        {
            var key = ReadNode(depth + 1);
            if (_stopped)
            {
                break;
            }

            var value = ReadNode(depth + 1);
            if (key is YamlScalar { Value: "<<" })
            {
                _log.Add(key.At, "", new("a merge key (<<) stands here; they are not followed", "write the keys themselves"));
            }
            else if (key is YamlScalar scalar)
            {
                entries.Add(new(scalar.Value, key.At, value));
            }
            else if (key is not YamlBroken)
            {
                _log.Add(key.At, "", new("a key is a list or a mapping", "write a name as the key"));
            }
        }

        Next();
        return new(at, entries);
    }

    private void CheckNode(NodeEvent? node)
    {
        if (node is { Anchor.IsEmpty: false })
        {
            Report(node.Start, new("an anchor (&) stands here; they are not followed", "remove it, and write each value where it is used"));
        }

        if (node is { Tag.IsEmpty: false })
        {
            Report(node.Start, new("a tag (!) stands here; tags mean nothing in this file", "remove it; use quotes where a number is meant as a text"));
        }
    }

    private void Report(Mark mark, Fault fault) => _log.Add(PlaceOf(mark), "", fault);

    private static Place PlaceOf(Mark mark) => new((int)Math.Max(1, mark.Line), (int)Math.Max(1, mark.Column));
}
