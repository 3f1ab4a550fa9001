using System.Text;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Iptables;

/// <summary>Carries out the lines of a table: declarations and commands (iptables(8), "COMMANDS"). Each gives null, or why it is refused.</summary>
internal sealed class RestoreCommands
{
    // XT_EXTENSION_MAXNAMELEN less one.
    private const int LongestName = 28;

    private readonly RestoreTable _table;
    private readonly RestoreTool _tool;
    private readonly RestoreRules _rules;

    internal RestoreCommands(RestoreTable table, RestoreTool tool, RuleSet ruleSet)
    {
        (_table, _tool) = (table, tool);
        _rules = new(table, tool, ruleSet);
    }

    /// <summary><c>:CHAIN POLICY [PACKETS:BYTES]</c>: makes a chain of a user or empties it; of a chain of the packet path it sets the policy, and leaves the rules.</summary>
    /// <param name="line">Behind the colon.</param>
    internal string? Declare(ReadOnlySpan<byte> line)
    {
        var words = Encoding.UTF8.GetString(line).Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length < 2)
        {
            return "the chain has no policy";
        }

        if (ChainPlaces.Of(_table.Name, words[0], policy: null) is not null)
        {
            return _table.Use(words[0]) is { } built ? words[1] == "-" ? null : SetPolicy(built, words[1]) : Missing(words[0]);
        }

        // iptables-nft forgets the policy of such a chain.
        if (words[1] != "-" && !_tool.IsNft)
        {
            return "only a chain of the packet path has a policy";
        }

        if (_table.Find(words[0]) is not { } chain)
        {
            return New(words[0]);
        }

        _table.Clear(chain);
        return null;
    }

    /// <summary>A command, perhaps with counters before it.</summary>
    internal string? Do(ReadOnlySpan<byte> line)
    {
        if (line[0] == '[')
        {
            line = line[(line.IndexOf((byte)']') + 1)..];
        }

        var words = new WordScanner(line);
        var command = words.Next() ? words.Text() : "";
        var chain = words.Next() ? words.Text() : null;
        var rest = words.Next() ? line[words.Start..].TrimEnd(" \t\r"u8) : default;
        return (command, chain, rest.IsEmpty) switch
        {
            ("-A" or "--append", not null, _) => _rules.Append(chain, rest),
            ("-I" or "--insert", not null, _) => _rules.Insert(chain, rest),
            ("-D" or "--delete", not null, _) => _rules.Delete(chain, rest),
            ("-R" or "--replace", not null, false) => _rules.Replace(chain, rest),
            ("-F" or "--flush", _, true) => Flush(chain),
            ("-N" or "--new-chain", not null, true) => New(chain),
            ("-X" or "--delete-chain", _, true) => Delete(chain),
            ("-P" or "--policy", not null, false) => _table.Use(chain) is { Base: not null } built ? SetPolicy(built, Encoding.UTF8.GetString(rest)) : Missing(chain),
            ("-Z" or "--zero", _, _) => chain is null || _table.Find(chain) is not null ? null : Missing(chain),
            _ => "this command is not understood",
        };
    }

    private string? SetPolicy(RestoreChain chain, string policy)
    {
        if (policy is not ("ACCEPT" or "DROP") || (policy == "DROP" && _table.Name == "nat"))
        {
            return $"{policy} is no policy that this chain can have";
        }

        chain.IsChanged |= chain.Base!.DropsByDefault != (policy == "DROP");
        chain.Base = chain.Base with { DropsByDefault = policy == "DROP" };
        return null;
    }

    private string? New(string chain)
    {
        if (!_table.IsFree(chain) || chain.Length > LongestName || chain[0] is '-' or '!' || Targets.IsTarget(chain))
        {
            return $"a chain cannot be called {chain}, or it is there already";
        }

        _table.Make(chain, place: null);
        return null;
    }

    private string? Flush(string? name)
    {
        if (name is not null && _table.Use(name) is null)
        {
            return Missing(name);
        }

        foreach (var chain in name is null ? _table.Chains.Where(chain => _table.Find(chain.Name) is not null).ToList() : [_table.Use(name)!])
        {
            _table.Clear(chain);
        }

        return null;
    }

    private string? Delete(string? name)
    {
        if (name is not null)
        {
            return _table.Find(name) is { Base: null } chain && _table.Delete(chain) ? null : $"there is no chain {name} of a user, or it holds rules, or rules lead to it";
        }

        // All of them; of none is left when one cannot go. Chains of the packet path go too where they are made anew when needed.
        var busy = _table.Chains.Where(chain => chain.Base is null).ToList().Find(chain => !_table.Delete(chain));
        if (busy is null && _tool.IsNft)
        {
            _ = _table.Chains.Where(chain => chain is { Base.DropsByDefault: false, Rules.Count: 0 } && _table.Find(chain.Name) is not null).ToList().FindAll(_table.Delete);
        }

        return busy is null ? null : $"chain {busy.Name} holds rules, or rules lead to it";
    }

    private static string Missing(string chain) => $"there is no such chain {chain}";
}
