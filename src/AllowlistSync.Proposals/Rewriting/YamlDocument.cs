using System.Globalization;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace AllowlistSync.Proposals.Rewriting;

/// <summary>A document of a YAML file as the parser's events, with the end of each node at hand.</summary>
internal sealed class YamlDocument
{
    private readonly List<ParsingEvent> _events = [];
    private readonly List<int> _closes = [];

    private YamlDocument()
    {
    }

    /// <summary>How many events there are.</summary>
    public int Count => _events.Count;

    /// <summary>One of them; the root is the first.</summary>
    public ParsingEvent this[int index] => _events[index];

    /// <summary>The documents of a file.</summary>
    /// <exception cref="RewriteException">It is no YAML.</exception>
    public static List<YamlDocument> Read(TextFile file)
    {
        try
        {
            return ReadAll(new Parser(new StringReader(file.Text)));
        }
        catch (YamlException wrong)
        {
            throw new RewriteException("yaml-syntax", $"{file.Path}, line {LineOf(wrong, file.Text)}: this is no YAML: {wrong.Message}", "mend the file; blanks, not tabs, indent in YAML");
        }
        catch (InvalidOperationException wrong)
        {
            // The parser ends some broken texts, such as "{ a{: b }", with an exception of no place.
            throw new RewriteException("yaml-syntax", $"{file.Path}: this is no YAML: {wrong.Message}", "mend the file");
        }
    }

    /// <summary>The last event of the node that begins with an event.</summary>
    public int CloseOf(int node) => _closes[node];

    /// <summary>The children of a node: entries of a list, or keys and values by turns.</summary>
    public IEnumerable<int> Children(int node)
    {
        for (var at = node + 1; at < _closes[node]; at = _closes[at] + 1)
        {
            yield return at;
        }
    }

    /// <summary>The text of a key in a mapping; null when it has none.</summary>
    public string? TextOf(int mapping, string key) => ValueOf(mapping, key) is { } value && _events[value] is Scalar scalar ? scalar.Value : null;

    /// <summary>The value of the first such key in a mapping.</summary>
    public int? ValueOf(int mapping, string key)
    {
        for (var at = mapping + 1; mapping < Count && _events[mapping] is MappingStart && at < _closes[mapping]; at = _closes[_closes[at] + 1] + 1)
        {
            if (_events[at] is Scalar { Value: var name } && name == key)
            {
                return _closes[at] + 1;
            }
        }

        return null;
    }

    /// <summary><c>kind/name</c>, as Kubernetes names its objects; null for another document.</summary>
    public string? KindAndName() => TextOf(0, "kind") is { } kind && ValueOf(0, "metadata") is { } metadata && TextOf(metadata, "name") is { } name ? $"{kind}/{name}" : null;

    /// <summary>How far lists of this document are indented below their key; 2 when there is none.</summary>
    public int ListStep()
    {
        for (var at = 1; at < Count; at++)
        {
            if (_events[at] is SequenceStart { Style: SequenceStyle.Block } list && _events[at - 1] is Scalar key && key.Start.Line < list.Start.Line)
            {
                return (int)Math.Max(0, list.Start.Column - key.Start.Column);
            }
        }

        return 2;
    }

    /// <summary>The character behind the last text of a node; blanks and comments behind it are not counted.</summary>
    public int EndOf(int node, string text)
    {
        var at = _closes[node];
        while (at > node && _events[at] is MappingEnd or SequenceEnd && !IsBracket(at, text))
        {
            at--;
        }

        var (start, end) = ((int)_events[node].Start.Index, IsBracket(at, text) ? (int)_events[at].Start.Index + 1 : Math.Min((int)_events[at].End.Index, text.Length));
        while (end > start && char.IsWhiteSpace(text[end - 1]))
        {
            end--;
        }

        return end;
    }

    // The end of a list with dashes is told at what follows it; that of one in brackets at its bracket.
    private bool IsBracket(int at, string text) => _events[at] is MappingEnd or SequenceEnd && _events[at].Start.Index < text.Length && text[(int)_events[at].Start.Index] is (']' or '}');

    // The parser names the line where the mapping begins that a tab cannot continue.
    private static long LineOf(YamlException wrong, string text)
    {
        var line = Math.Max(wrong.Start.Line, wrong.End.Line);
        var tabbed = wrong.Message.Contains("tab", StringComparison.Ordinal) ? text.Split('\n').Skip((int)line - 1).ToList().FindIndex(next => next.TrimStart(' ').StartsWith('\t')) : 0;
        return line + Math.Max(0, tabbed);
    }

    private static List<YamlDocument> ReadAll(Parser parser)
    {
        var documents = new List<YamlDocument>();
        var open = new Stack<int>();
        while (parser.MoveNext())
        {
            var current = parser.Current!;
            if (current is DocumentStart)
            {
                documents.Add(new YamlDocument());
            }
            else if (current is not (StreamStart or StreamEnd or DocumentEnd or Comment))
            {
                documents[^1].Add(current, open);
            }
        }

        return documents;
    }

    private void Add(ParsingEvent current, Stack<int> open)
    {
        if (current is MappingEnd or SequenceEnd)
        {
            _closes[open.Pop()] = Count;
        }
        else if (current is MappingStart or SequenceStart)
        {
            open.Push(Count);
        }

        _closes.Add(Count);
        _events.Add(current);
    }

    /// <inheritdoc/>
    public override string ToString() => KindAndName() ?? string.Create(CultureInfo.InvariantCulture, $"{Count} events");
}
