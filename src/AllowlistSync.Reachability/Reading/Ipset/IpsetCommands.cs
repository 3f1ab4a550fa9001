using System.Text;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Ipset;

/// <summary>Carries out the lines of a script for <c>ipset restore</c> (ipset(8)), one after the other; ipset stops at the first that it refuses.</summary>
internal sealed class IpsetCommands(IpsetScriptState state)
{
    // The longest name of a set (linux/netfilter/ipset/ip_set.h, IPSET_MAXNAMELEN).
    private const int LongestName = 31;

    private ScriptedSet? _last;
    private byte[] _lastName = [];
    private (string? Command, string? Set, bool IsLenient) _run;

    /// <summary>Carries out a line; false when the script ends with it.</summary>
    internal bool Do(ReadOnlyMemory<byte> line, int number)
    {
        if (TryPlain(line))
        {
            return true;
        }

        var words = SetText.Words(line.Span);
        var isLenient = words.RemoveAll(word => word is "-exist" or "-!") > 0;
        if (words.Count == 0 || words[0].StartsWith('#') || words is ["COMMIT"])
        {
            return true;
        }

        if (words is ["quit"])
        {
            return false;
        }

        _last = null;
        isLenient &= IsLenientRun(words, isLenient);
        if (Run(words, isLenient) is not { } refusal)
        {
            return true;
        }

        var shown = string.Join(' ', words.Take(4));
        state.Gaps.Add(new(Families.Both, $"line {number} of the script for ipset, \"{shown}\": {refusal}; ipset ends there, or does what is not followed here"));
        return false;
    }

    /// <summary>The short way for <c>add NAME ELEMENT</c> of the set of the line before; false when it is something else, or would be refused.</summary>
    private bool TryPlain(ReadOnlyMemory<byte> line)
    {
        var text = line.Span;
        if (_last is null || !text.StartsWith("add "u8) || !text[4..].StartsWith(_lastName) || text.Length <= 5 + _lastName.Length || text[4 + _lastName.Length] != ' ')
        {
            return false;
        }

        var element = text[(5 + _lastName.Length)..];
        return element.IndexOfAny(" \t\r\""u8) < 0 && _last.Add(line, element, [], isLenient: false) is null;
    }

    // ipset hands lines of one command and set to the kernel together, with the -exist of the first of them. (It also keeps -exist for all that follows, which
    // nobody should count on.)
    private bool IsLenientRun(List<string> words, bool isLenient)
    {
        var isSame = words.Count > 1 && _run.Command == words[0] && _run.Set == words[1];
        _run = (words[0], words.ElementAtOrDefault(1), isSame ? _run.IsLenient : isLenient);
        return _run.IsLenient;
    }

    private string? Run(List<string> words, bool isLenient) => (words[0], words.Count) switch
    {
        ("create" or "-N" or "--create", >= 3) => Create(words, isLenient),
        ("add" or "-A" or "--add", >= 3) => Add(words, isLenient),
        ("del" or "-D" or "--del", 3) => Delete(words, isLenient),
        ("flush" or "-F" or "--flush", 2) => Flush([words[1]]),
        ("flush" or "-F" or "--flush", 1) => Flush(state.Names),
        ("destroy" or "-X" or "--destroy", 2) => Destroy([words[1]], isLenient),
        ("destroy" or "-X" or "--destroy", 1) => Destroy(state.Names, isLenient),
        ("swap" or "-W" or "--swap", 3) => Swap(words[1], words[2]),
        ("rename" or "-E" or "--rename", 3) => Rename(words[1], words[2]),
        _ => "this command is not understood",
    };

    private ScriptedSet? Find(string name) => state[name];

    private string? Create(List<string> words, bool isLenient)
    {
        var made = SetOptions.New(words[2], words.Skip(3));
        if (words[1].Length > LongestName || !SetOptions.AreUnderstood(made) || (IpsetBuilder.PartsOf(made.Type).IsEmpty && made.Type != "list:set"))
        {
            return "such a set is not understood";
        }

        if (Find(words[1]) is { } existing)
        {
            return isLenient && SetOptions.AreSame(existing.Head, made) ? null : $"there is another set {words[1]}";
        }

        state[words[1]] = new(made);
        return null;
    }

    private string? Add(List<string> words, bool isLenient)
    {
        if (Find(words[1]) is not { } set)
        {
            return Missing(words[1]);
        }

        var options = words[3..];
        if (set.Head.Type == "list:set")
        {
            if (Find(words[2]) is not { Head.Type: not "list:set" })
            {
                return $"{words[2]} is no set that a list can hold";
            }

            // The order of a list decides nothing that a match asks.
            options = options is ["before" or "after", _, .. var rest] ? rest : options;
        }

        // Of quoted and lenient lines the plain part is kept, which is what a listing has.
        if (set.Add(default, Encoding.UTF8.GetBytes(words[2]), options, isLenient) is { } refusal)
        {
            return refusal;
        }

        (_last, _lastName) = (set.Head.Type == "list:set" ? null : set, Encoding.UTF8.GetBytes(words[1]));
        return null;
    }

    private string? Delete(List<string> words, bool isLenient) =>
        Find(words[1]) is not { } set ? Missing(words[1])
        : set.Head.Type == "list:set" && Find(words[2]) is null ? Missing(words[2])
        : set.Delete(Encoding.UTF8.GetBytes(words[2]), isLenient);

    private string? Flush(IEnumerable<string> names)
    {
        foreach (var name in names)
        {
            if (Find(name) is not { } set)
            {
                return Missing(name);
            }

            set.Clear();
        }

        return null;
    }

    private string? Destroy(IEnumerable<string> names, bool isLenient)
    {
        foreach (var name in names)
        {
            if (Find(name) is null)
            {
                if (!isLenient)
                {
                    return Missing(name);
                }
            }
            else if (state.IsHeld(name))
            {
                return $"set {name} is in use";
            }

            state[name] = null;
        }

        return null;
    }

    // Rules and lists go by the place of a set, and swap exchanges what lies at the two places: under each name stands the other's content.
    private string? Swap(string name, string other)
    {
        if (Find(name) is not { } set || Find(other) is not { } with)
        {
            return $"there is no set {name} or no set {other}";
        }

        if (set.Head.Type != with.Head.Type || (SetOptions.Value(set.Head, "family") ?? "inet") != (SetOptions.Value(with.Head, "family") ?? "inet"))
        {
            return "the sets are not of one type and family";
        }

        (state[name], state[other]) = (with, set);
        return null;
    }

    private string? Rename(string name, string to)
    {
        if (Find(name) is not { } set)
        {
            return Missing(name);
        }

        if (Find(to) is not null || to.Length > LongestName || state.IsHeld(name))
        {
            return $"set {name} is in use, or the name {to} is taken or too long";
        }

        (state[name], state[to]) = (null, set);
        return null;
    }

    private static string Missing(string name) => $"there is no set {name}";
}
