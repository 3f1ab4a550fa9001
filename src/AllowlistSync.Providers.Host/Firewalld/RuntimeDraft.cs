using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;

namespace AllowlistSync.Providers.Host.Firewalld;

/// <summary>
/// The steps that turn what is in force into what shall be, and what is in force after each of them. To fill a set is to empty it first, so what a set lets in is let in by the other
/// set, or by rules by address, before it is filled. It is copied to try several ways.
/// </summary>
internal sealed class RuntimeDraft
{
    private readonly FirewalldMark _mark;
    private readonly ImmutableArray<FirewalldPlace> _places;
    private readonly Dictionary<string, PrefixSet> _entries;
    private readonly HashSet<PlacedRule> _rules;

    public RuntimeDraft(FirewalldSide runtime, FirewalldMark mark)
    {
        _mark = mark;
        _places = runtime.Places;
        _entries = runtime.Sets.Where(set => set.IsSound).ToDictionary(set => set.Name, set => set.Entries, StringComparer.Ordinal);
        _rules = [.. runtime.Rules];
    }

    private RuntimeDraft(RuntimeDraft other)
    {
        (_mark, _places, Steps, Bridges) = (other._mark, other._places, [.. other.Steps], other.Bridges);
        _entries = new Dictionary<string, PrefixSet>(other._entries, StringComparer.Ordinal);
        _rules = [.. other._rules];
    }

    /// <summary>The steps so far.</summary>
    public List<FirewalldStep> Steps { get; } = [];

    /// <summary>How many rules by address were made only to bridge the filling of a set.</summary>
    public int Bridges { get; private set; }

    /// <summary>A copy, to go on in another way.</summary>
    public RuntimeDraft Copy() => new(this);

    /// <summary>True when a set can be used.</summary>
    public bool Has(string set) => _entries.ContainsKey(set);

    /// <summary>What a set lets in, in every place.</summary>
    public TrafficSet Live(string set) => Has(set)
        ? TrafficSet.Of(_entries[set], PortSet.Of(_rules.Where(placed => placed.Rule.Set == set).Select(placed => placed.Rule).Distinct().Where(IsEverywhere).Select(rule => rule.Ports)))
        : TrafficSet.Empty;

    /// <summary>Lets in sources by rules by address.</summary>
    public void AddLoose(TrafficSet traffic) => Add(LooseRules(traffic));

    /// <summary>Makes a set hold something on some ports, while all that is wanted goes on being let in.</summary>
    /// <param name="set">The set.</param>
    /// <param name="goal">What it shall hold, and its ports.</param>
    /// <param name="wanted">What must not be shut out meanwhile.</param>
    /// <param name="others">What lets in besides.</param>
    public void Fill(OwnSet set, Slot goal, TrafficSet wanted, TrafficSet others)
    {
        var rules = goal.Ports.Ranges.Select(range => OwnRichRule.Of(_mark, set.Family, set.IsSpare, range)).ToList();
        if (_entries[set.Name].Equals(goal.Entries))
        {
            Add(rules);
            return;
        }

        Bridge(Live(set.Name).Intersect(wanted).Except(others));
        var current = _rules.Where(placed => placed.Rule.Set == set.Name).Select(placed => placed.Rule).Distinct().ToList();
        if (!_entries[set.Name].IsEmpty && !current.ToHashSet().SetEquals(rules))
        {
            // Old sources never meet new ports, nor new sources old ports.
            SetEntries(set, PrefixSet.Empty);
        }

        if (!goal.Entries.IsEmpty)
        {
            Remove(_rules.Where(placed => placed.Rule.Set == set.Name && !rules.Contains(placed.Rule)));
        }

        Add(rules);
        if (!_entries[set.Name].Equals(goal.Entries))
        {
            SetEntries(set, goal.Entries);
        }
    }

    /// <summary>Empties a set; what of it is wanted is let in by something else already.</summary>
    public void Empty(string set)
    {
        if (!_entries[set].IsEmpty)
        {
            _entries[set] = PrefixSet.Empty;
            Steps.Add(new RuntimeEntries(set, []));
        }
    }

    /// <summary>Takes out every rule of ours but these, wherever it stands.</summary>
    public void KeepOnly(IEnumerable<OwnRichRule> rules)
    {
        var kept = rules.ToHashSet();
        Remove(_rules.Where(placed => !kept.Contains(placed.Rule) || !_places.Contains(placed.Place)));
    }

    /// <summary>Rules by address, one for each prefix and run of ports.</summary>
    public static IEnumerable<OwnRichRule> LooseRules(TrafficSet traffic) =>
        traffic.Slices.SelectMany(slice => slice.Sources.Prefixes().Select(prefix => OwnRichRule.Of(prefix, slice.Ports)));

    private void Bridge(TrafficSet traffic)
    {
        var rules = LooseRules(traffic).ToList();
        Bridges += rules.Count;
        Add(rules);
    }

    private void SetEntries(OwnSet set, PrefixSet entries)
    {
        _entries[set.Name] = entries;
        Steps.Add(new RuntimeEntries(set.Name, [.. entries.Prefixes().Select(prefix => prefix.ToString())]));
    }

    private void Add(IEnumerable<OwnRichRule> rules) =>
        Change([.. from rule in rules from place in _places let placed = new PlacedRule(place, rule) where !_rules.Contains(placed) select placed], adds: true);

    private void Remove(IEnumerable<PlacedRule> rules) => Change([.. rules], adds: false);

    private void Change(ImmutableArray<PlacedRule> changed, bool adds)
    {
        foreach (var placed in changed)
        {
            _ = adds ? _rules.Add(placed) : _rules.Remove(placed);
            if (!placed.Place.IsPolicy)
            {
                Steps.Add(new RuntimeRule(placed.Place, placed.Rule.Text(_mark), adds));
            }
        }

        foreach (var policy in changed.Where(placed => placed.Place.IsPolicy).Select(placed => placed.Place).Distinct())
        {
            Steps.Add(new RuntimePolicyRules(policy.Name, [.. _rules.Where(placed => placed.Place == policy).Select(placed => placed.Rule.Text(_mark)).Order(StringComparer.Ordinal)]));
        }
    }

    private bool IsEverywhere(OwnRichRule rule) => _places.All(place => _rules.Contains(new PlacedRule(place, rule)));
}
