using System.Collections.Immutable;
using System.Text;
using AllowlistSync.Reachability.Reading.Iptables;

namespace AllowlistSync.Reachability.Reading.Ipset;

/// <summary>Reads what <c>ipset save</c> prints (ipset(8)).</summary>
internal sealed class IpsetReader
{
    private readonly Dump _dump;
    private readonly Dictionary<string, ListedSet> _sets = [];
    private ListedSet? _last;
    private byte[] _lastName = [];
    private int _line;
    private (int Start, int End) _place;

    private IpsetReader(Dump dump) => _dump = dump;

    /// <summary>Reads all sets.</summary>
    /// <exception cref="DumpException">A line is no command of ipset.</exception>
    internal static IpsetListing Read(Dump dump)
    {
        var reader = new IpsetReader(dump);
        reader.ReadLines(dump.Content.Span);
        return new(
            reader._sets.ToDictionary(set => set.Key, set => set.Value.Builder.Build()),
            reader._sets.ToImmutableDictionary(set => set.Key, set => set.Value.Text(dump.Content)));
    }

    private void ReadLines(ReadOnlySpan<byte> text)
    {
        for (var start = 0; start < text.Length; start = _place.End + 1)
        {
            var end = text[start..].IndexOf((byte)'\n');
            _place = (start, end < 0 ? text.Length : start + end);
            var line = text[start.._place.End];
            _line++;
            if (line.StartsWith("add "u8) && TryAdd(line[4..]))
            {
                continue;
            }

            ReadLine(line.Trim(" \t\r"u8));
        }
    }

    /// <summary>The short way for a line like the one before it: the same set, one element.</summary>
    private bool TryAdd(ReadOnlySpan<byte> line)
    {
        if (_last is null || !line.StartsWith(_lastName) || line.Length <= _lastName.Length || line[_lastName.Length] != ' ')
        {
            return false;
        }

        var element = line[(_lastName.Length + 1)..];
        if (element.IndexOfAny(" \t\r\""u8) >= 0 || !_last.Builder.TryAdd(element))
        {
            return false;
        }

        _last.Note(_place);
        return true;
    }

    private void ReadLine(ReadOnlySpan<byte> line)
    {
        if (line.IsEmpty || line[0] == '#' || line.SequenceEqual("COMMIT"u8))
        {
            return;
        }

        var words = new List<string>();
        for (var scanner = new WordScanner(line); scanner.Next();)
        {
            words.Add(scanner.Text());
        }

        words.RemoveAll(word => word is "-!" or "-exist");
        if (words.Count == 0)
        {
            return;
        }

        if (words.Count == 1 || !Run(words))
        {
            throw new DumpException(
                $"{_dump.Name}, line {_line}: \"{string.Join(' ', words.Take(4))}\" is no whole line of ipset save.",
                "Give the whole output of ipset save.");
        }
    }

    private bool Run(List<string> words)
    {
        switch (words[0])
        {
            case "create" or "-N" or "--create" or "n" or "new" when words.Count > 2:
                _sets[words[1]] = new(words[2], [.. words.Skip(3)]);
                _last = null;
                return true;
            case "add" or "-A" or "--add" when words.Count > 2 && _sets.TryGetValue(words[1], out var set):
                set.Builder.Add(Encoding.UTF8.GetBytes(words[2]), words[3..]);
                set.Note(_place);
                (_last, _lastName) = (set, Encoding.UTF8.GetBytes(words[1]));
                return true;
            case "flush" or "-F" or "destroy" or "-X" when _sets.TryGetValue(words[1], out var cleared):
                cleared.Clear();
                return true;
            case "flush" or "-F" or "destroy" or "-X":
                return true;
            case "del" or "-D" or "swap" or "-W" or "rename" or "-E":
                SetsOf(words).ForEach(set => set.GiveUp());
                return true;
            default:
                return false;
        }
    }

    private List<ListedSet> SetsOf(List<string> words) => [.. words.Skip(1).Where(_sets.ContainsKey).Select(name => _sets[name])];
}
