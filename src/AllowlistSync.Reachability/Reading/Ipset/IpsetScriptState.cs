using System.Collections.Immutable;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading.Iptables;

namespace AllowlistSync.Reachability.Reading.Ipset;

/// <summary>The sets while a script is carried out.</summary>
internal sealed class IpsetScriptState(RuleSet before)
{
    private readonly ImmutableDictionary<string, IpSet> _before = before.IpSets!;
    private readonly Dictionary<string, ScriptedSet?> _touched = new(StringComparer.Ordinal);
    private HashSet<string>? _asked;

    /// <summary>What was refused or not understood.</summary>
    internal List<Gap> Gaps { get; } = [];

    /// <summary>A set; null when it is not there. With this it counts as touched.</summary>
    internal ScriptedSet? this[string name]
    {
        get
        {
            if (!_touched.TryGetValue(name, out var set))
            {
                set = _before.TryGetValue(name, out var old) ? new(old) : null;
                _touched[name] = set;
            }

            return set;
        }

        set => _touched[name] = value;
    }

    /// <summary>The names of all sets.</summary>
    internal IEnumerable<string> Names => _before.Keys.Where(name => !_touched.TryGetValue(name, out var set) || set is not null)
        .Concat(_touched.Where(set => set.Value is not null && !_before.ContainsKey(set.Key)).Select(set => set.Key)).ToList();

    /// <summary>Whether a rule or a list of sets holds on to a set: then the kernel neither destroys nor renames it.</summary>
    internal bool IsHeld(string name) => (_asked ??= SetRules.Names(before)).Contains(name)
        || Names.Any(list => (_touched.TryGetValue(list, out var set) ? set!.Head : _before[list]).Type == "list:set" && this[list]!.Members.Contains(name, StringComparer.Ordinal));

    /// <summary>The sets as the script leaves them.</summary>
    internal ImmutableDictionary<string, IpSet> Close()
    {
        var sets = _before.ToBuilder();
        foreach (var (name, set) in _touched)
        {
            if (set is null)
            {
                sets.Remove(name);
            }
            else
            {
                sets[name] = set.Close();
            }
        }

        return sets.ToImmutable();
    }

    /// <summary>The sets that hold something else now, and the lists that they are members of.</summary>
    /// <param name="after">What <see cref="Close"/> gave.</param>
    internal HashSet<string> Changed(ImmutableDictionary<string, IpSet> after)
    {
        var changed = _touched.Keys.Where(name => after.GetValueOrDefault(name) != _before.GetValueOrDefault(name)).ToHashSet(StringComparer.Ordinal);
        var lists = after.Where(set => set.Value.Type == "list:set").Select(set => set.Key).ToList();
        changed.UnionWith(lists.Where(list => SetText.Read(after[list]).Members!.Value.Any(changed.Contains)));
        return changed;
    }
}
