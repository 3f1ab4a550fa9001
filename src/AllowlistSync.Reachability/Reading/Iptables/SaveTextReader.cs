using System.Text;

namespace AllowlistSync.Reachability.Reading.Iptables;

/// <summary>Splits the text of iptables-save, or of a file for iptables-restore, into tables, chains and lines.</summary>
internal sealed class SaveTextReader
{
    private const string Remedy = "Save the rules again and give the whole output of iptables-save.";

    private readonly Dump _dump;
    private readonly List<SaveTable> _tables = [];
    private SaveTable? _table;
    private SaveChain? _lastChain;
    private byte[] _lastName = [];
    private Dictionary<string, SaveChain> _chains = [];
    private int _line;
    private bool _saysIncompatible;

    private SaveTextReader(Dump dump) => _dump = dump;

    /// <summary>Splits the text.</summary>
    /// <exception cref="DumpException">It is cut off, or no such text.</exception>
    internal static SaveText Read(Dump dump)
    {
        var reader = new SaveTextReader(dump);
        reader.ReadLines(dump.Content);
        if (reader._table is { } open)
        {
            throw reader.Bad($"table {open.Name} has no COMMIT; the text ends before it");
        }

        return new(reader._tables, reader._saysIncompatible);
    }

    private void ReadLines(ReadOnlyMemory<byte> rest)
    {
        while (!rest.IsEmpty)
        {
            var end = rest.Span.IndexOf((byte)'\n');
            var line = Trim(end < 0 ? rest : rest[..end]);
            rest = end < 0 ? default : rest[(end + 1)..];
            _line++;
            if (!line.IsEmpty)
            {
                ReadLine(line);
            }
        }
    }

    private void ReadLine(ReadOnlyMemory<byte> line)
    {
        switch (line.Span[0])
        {
            case (byte)'#':
                _saysIncompatible |= line.Span.IndexOf("incompatible"u8) >= 0;
                break;
            case (byte)'*':
                StartTable(Text(line.Span[1..]));
                break;
            case (byte)':':
                DeclareChain(Words(line.Span[1..]));
                break;
            case (byte)'[':
                ReadRule(WithoutCounters(line));
                break;
            case (byte)'-':
                ReadRule(line);
                break;
            default:
                EndTable(line.Span);
                break;
        }
    }

    private void StartTable(string name)
    {
        if (_table is not null)
        {
            throw Bad($"table {_table.Name} has no COMMIT before table {name} starts");
        }

        if (!ChainPlaces.IsTable(name))
        {
            throw Bad($"there is no table \"{Shown(name)}\"");
        }

        if (_tables.Exists(table => table.Name == name))
        {
            throw new DumpException($"{_dump.Name}, line {_line}: table {name} is in it twice.", "Give each iptables-save as a dump of its own.");
        }

        _table = new(name);
        _tables.Add(_table);
        _chains = [];
        (_lastChain, _lastName) = (null, []);
    }

    private void EndTable(ReadOnlySpan<byte> line)
    {
        if (!line.SequenceEqual("COMMIT"u8))
        {
            throw Bad($"\"{Shown(Text(line))}\" is no line of iptables-save");
        }

        if (_table is null)
        {
            throw Bad("COMMIT stands outside of a table");
        }

        _table = null;
    }

    private void DeclareChain(string[] words)
    {
        if (words.Length < 2)
        {
            throw Bad("the declaration of a chain has no policy; the line is cut off");
        }

        Chain(words[0]).Policy = words[1];
    }

    private SaveChain Chain(string name)
    {
        if (_table is null)
        {
            throw Bad($"chain {Shown(name)} stands outside of a table; a line such as *filter is missing before it");
        }

        if (!_chains.TryGetValue(name, out var chain))
        {
            chain = new(name);
            _chains.Add(name, chain);
            _table.Chains.Add(chain);
        }

        return chain;
    }

    private ReadOnlyMemory<byte> WithoutCounters(ReadOnlyMemory<byte> line)
    {
        var end = line.Span.IndexOf((byte)']');
        return end < 0 ? throw Bad("the counters of a rule are cut off") : Trim(line[(end + 1)..]);
    }

    private void ReadRule(ReadOnlyMemory<byte> line)
    {
        var words = new WordScanner(line.Span);
        var command = words.Next() ? words.Word : default;
        if (!command.SequenceEqual("-A"u8) && !command.SequenceEqual("--append"u8))
        {
            ReadCommand(line);
            return;
        }

        if (!words.Next())
        {
            throw Bad("a rule has no chain; the line is cut off");
        }

        if (_lastChain is null || !words.Word.SequenceEqual(_lastName))
        {
            _lastChain = Chain(words.Text());
            _lastName = words.Word.ToArray();
        }

        _lastChain.Lines.Add(new(line, words.End));
    }

    /// <summary>Other commands that iptables-restore takes in files that people write.</summary>
    private void ReadCommand(ReadOnlyMemory<byte> line)
    {
        var words = Words(line.Span);
        if (words.Length < 2)
        {
            // -F, -X and -Z of everything: what follows is the whole table anyway.
            _ = _table ?? throw Bad("a command stands outside of a table; a line such as *filter is missing before it");
            return;
        }

        var chain = Chain(words[1]);
        switch (words[0])
        {
            case "-N" or "--new-chain" or "-Z" or "--zero":
                break;
            case "-P" or "--policy" when words.Length > 2:
                chain.Policy = words[2];
                break;
            case "-F" or "--flush":
                chain.Lines.Clear();
                break;
            case "-X" or "--delete-chain":
                _table!.Chains.Remove(chain);
                _chains.Remove(chain.Name);
                (_lastChain, _lastName) = (null, []);
                break;
            case "-I" or "--insert":
                Insert(chain, line, words);
                break;
            default:
                chain.Lines.Insert(0, new(line, 0));
                break;
        }
    }

    private static void Insert(SaveChain chain, ReadOnlyMemory<byte> line, string[] words)
    {
        var scanner = new WordScanner(line.Span);
        _ = scanner.Next() && scanner.Next();
        var number = 1;
        if (words.Length > 2 && int.TryParse(words[2], out number))
        {
            scanner.Next();
        }
        else
        {
            number = 1;
        }

        chain.Lines.Insert(Math.Clamp(number - 1, 0, chain.Lines.Count), new(line, scanner.End));
    }

    private DumpException Bad(string message) => new($"{_dump.Name}, line {_line}: {message}.", Remedy);

    private static string[] Words(ReadOnlySpan<byte> line)
    {
        var words = new List<string>();
        for (var scanner = new WordScanner(line); scanner.Next();)
        {
            words.Add(scanner.Text());
        }

        return [.. words];
    }

    private static string Text(ReadOnlySpan<byte> bytes) => Encoding.UTF8.GetString(bytes).Trim();

    private static string Shown(string text) => text.Length <= 60 ? text : text[..60] + "...";

    private static ReadOnlyMemory<byte> Trim(ReadOnlyMemory<byte> line)
    {
        var span = line.Span;
        var (start, end) = (0, span.Length);
        while (start < end && span[start] <= ' ')
        {
            start++;
        }

        while (end > start && span[end - 1] <= ' ')
        {
            end--;
        }

        return line[start..end];
    }
}
