using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Iptables;

/// <summary>A table while a script is carried out on it.</summary>
internal sealed class RestoreTable
{
    private readonly Table _before;
    private readonly RestoreTool _tool;
    private readonly Dictionary<string, RestoreChain> _chains;
    private Dictionary<string, int>? _jumps;

    /// <param name="before">The table; null when it is not there yet.</param>
    /// <param name="name">Its name.</param>
    /// <param name="tool">Whose table it is.</param>
    internal RestoreTable(Table? before, string name, RestoreTool tool)
    {
        _tool = tool;
        _before = before ?? new(tool.Backend, tool.Family == IpFamily.IPv4 ? "ip" : "ip6", name, ImmutableDictionary<string, Chain>.Empty);
        _chains = _before.Chains.Values.ToDictionary(chain => chain.Name, chain => new RestoreChain(chain), StringComparer.Ordinal);
        if (!tool.IsNft)
        {
            // The kernel makes a table of x_tables with all of its chains.
            foreach (var chain in ChainPlaces.ChainsOf(name))
            {
                _ = Use(chain);
            }
        }
    }

    internal string Name => _before.Name;

    /// <summary>Set when the script makes a rule that leads to a chain: only then can chains lead to themselves.</summary>
    internal bool HasNewJumps { get; private set; }

    internal IEnumerable<RestoreChain> Chains => _chains.Values;

    /// <summary>Whether a rule may lead there: to a chain that is there and that the packet path does not lead to.</summary>
    internal bool IsUserChain(string name) => _chains.TryGetValue(name, out var chain) && chain.Base is null;

    /// <summary>
    /// A chain; null when it is not there. iptables-nft makes a chain of the packet path when a command first needs it, and does not know chains that
    /// nft attached in its own way.
    /// </summary>
    internal RestoreChain? Use(string name)
    {
        if (_chains.TryGetValue(name, out var chain))
        {
            return IsOurs(chain) ? chain : null;
        }

        return ChainPlaces.Of(Name, name, policy: null) is { } place ? Make(name, _tool.IsNft && (Name, name) is ("mangle", "OUTPUT") ? place with { Type = ChainType.Route } : place) : null;
    }

    /// <summary>As <see cref="Use"/>, and makes none.</summary>
    internal RestoreChain? Find(string name) => _chains.TryGetValue(name, out var chain) && IsOurs(chain) ? chain : null;

    /// <summary>Whether a chain of that name can be made.</summary>
    internal bool IsFree(string name) => !_chains.ContainsKey(name) && ChainPlaces.Of(Name, name, policy: null) is null;

    /// <summary>Makes a chain.</summary>
    internal RestoreChain Make(string name, BaseChain? place) => _chains[name] = new(new(name, []) { Base = place }) { IsChanged = true };

    /// <summary>Deletes a chain; false when it holds rules or a rule leads to it.</summary>
    internal bool Delete(RestoreChain chain) => chain.Rules.Count == 0 && Jumps().GetValueOrDefault(chain.Name) == 0 && _chains.Remove(chain.Name);

    /// <summary>Puts a rule in.</summary>
    internal void Insert(RestoreChain chain, int index, RestoreRule rule)
    {
        chain.Rules.Insert(index, rule);
        chain.IsChanged = true;
        HasNewJumps |= rule.LeadsTo is not null;
        Count(rule, 1);
    }

    /// <summary>Takes a rule out.</summary>
    internal void Remove(RestoreChain chain, int index)
    {
        Count(chain.Rules[index], -1);
        chain.Rules.RemoveAt(index);
        chain.IsChanged = true;
    }

    /// <summary>Takes all rules out.</summary>
    internal void Clear(RestoreChain chain)
    {
        chain.Rules.ForEach(rule => Count(rule, -1));
        chain.IsChanged |= chain.Rules.Count > 0;
        chain.Rules.Clear();
    }

    /// <summary>The table as the script leaves it.</summary>
    internal Table Close()
    {
        var chains = _before.Chains.ToBuilder();
        chains.RemoveRange(_before.Chains.Keys.Where(name => !_chains.ContainsKey(name)));
        foreach (var chain in _chains.Values.Where(chain => chain.IsChanged))
        {
            chains[chain.Name] = chain.Close();
        }

        return _before with { Chains = chains.ToImmutable() };
    }

    private bool IsOurs(RestoreChain chain) => chain.Base is null || ChainPlaces.Of(Name, chain.Name, policy: null) is not null;

    private void Count(RestoreRule rule, int by)
    {
        if (_jumps is not null && rule.LeadsTo is { } chain)
        {
            _jumps[chain] = _jumps.GetValueOrDefault(chain) + by;
        }
    }

    // How many rules lead to each chain: counted when somebody first asks, and kept right from then on.
    private Dictionary<string, int> Jumps()
    {
        if (_jumps is null)
        {
            _jumps = new(StringComparer.Ordinal);
            foreach (var rule in _chains.Values.SelectMany(chain => chain.Rules))
            {
                Count(rule, 1);
            }
        }

        return _jumps;
    }
}

/// <summary>A chain while a script is carried out.</summary>
internal sealed class RestoreChain(Chain before)
{
    internal string Name => before.Name;

    /// <summary>Where it is on the packet path; null for a chain of a user.</summary>
    internal BaseChain? Base { get; set; } = before.Base;

    internal List<RestoreRule> Rules { get; } = [.. before.Rules.Select(rule => new RestoreRule(rule))];

    internal bool IsChanged { get; set; }

    /// <summary>The chain as the script leaves it.</summary>
    internal Chain Close() => before with { Base = Base, Rules = [.. Rules.Select((rule, i) => rule.Rule.Number == i + 1 ? rule.Rule : rule.Rule with { Number = i + 1 })] };
}

/// <summary>A rule while a script is carried out.</summary>
internal sealed class RestoreRule(Rule rule)
{
    private string? _text;

    internal Rule Rule => rule;

    /// <summary>Set when the script made it since its table began.</summary>
    internal bool IsNew { get; init; }

    /// <summary>Whether iptables says what it is.</summary>
    internal bool IsSaved => !rule.Saved.IsEmpty;

    /// <summary>Set for what stands in for rules that could not be read one by one.</summary>
    internal bool IsStandIn => rule is { Handle: null, Saved.IsEmpty: true, Steps: [UnknownStatement { Reason: UnknownReason.NotRead }] };

    /// <summary>The chain that it leads to; null when it leads to none.</summary>
    internal string? LeadsTo => rule.Steps.IsEmpty ? null : (rule.Steps[^1] as Decide)?.Verdict.Chain;

    /// <summary>The rule without its chain in its one spelling; as it is when it cannot be spelled.</summary>
    internal string TextFor(RestoreTool tool)
    {
        if (_text is null)
        {
            var words = new WordScanner(rule.Saved.Span);
            _ = words.Next() && words.Next();
            var spec = rule.Saved.Span[words.End..];
            var spelled = RuleSpeller.Spell(spec, tool.Family, out var why);
            _text = why is null ? spelled.Texts(tool.IsNft).First() : System.Text.Encoding.UTF8.GetString(spec).Trim();
        }

        return _text;
    }
}
