using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Firewalld;

/// <summary>A set of ours.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Family">The family.</param>
/// <param name="IsSpare">Which of the two of its family.</param>
/// <param name="IsSound">True when it can be used: type and family are those that we gave it.</param>
/// <param name="Entries">What it holds.</param>
/// <param name="Place">Where our rules stood when it was made.</param>
public sealed record OwnSet(string Name, IpFamily Family, bool IsSpare, bool IsSound, PrefixSet Entries, FirewalldPlace Place);

/// <summary>A rule of ours in its place.</summary>
/// <param name="Place">The place.</param>
/// <param name="Rule">The rule.</param>
public sealed record PlacedRule(FirewalldPlace Place, OwnRichRule Rule);

/// <summary>A set of firewalld as a service tells it (getSettings, getIPSetSettings).</summary>
/// <param name="Description">Its description.</param>
/// <param name="Type">Its type.</param>
/// <param name="Options">Its options.</param>
/// <param name="Entries">Its entries as texts.</param>
public sealed record RawSet(string Description, string Type, ImmutableSortedDictionary<string, string> Options, ImmutableArray<string> Entries);

/// <summary>A policy of firewalld as a service tells it; null values are those that it did not tell.</summary>
/// <param name="Description">Its description.</param>
/// <param name="Ingress">Zones that traffic comes from.</param>
/// <param name="Egress">Zones that traffic goes to.</param>
/// <param name="Priority">Its priority.</param>
/// <param name="Target">What becomes of the rest.</param>
/// <param name="Rules">Its rich rules.</param>
public sealed record RawPolicy(string Description, ImmutableArray<string> Ingress, ImmutableArray<string> Egress, long Priority, string Target, ImmutableArray<string> Rules);

/// <summary>What one side of firewalld holds: the permanent configuration, or what is in force now. They are independent until a reload.</summary>
/// <param name="Sets">Our sets.</param>
/// <param name="Rules">Our rules, wherever they stand.</param>
/// <param name="Places">Where each rule belongs.</param>
/// <param name="Mark">Our names.</param>
public sealed record FirewalldSide(ImmutableArray<OwnSet> Sets, ImmutableArray<PlacedRule> Rules, ImmutableArray<FirewalldPlace> Places, FirewalldMark Mark)
{
    private HashSet<PlacedRule>? _all;

    /// <summary>Our policy is there.</summary>
    public bool HasPolicy { get; init; }

    /// <summary>Our policy is as we make it, apart from its rules.</summary>
    public bool IsPolicySound { get; init; } = true;

    /// <summary>Rules of others that use a set of ours, each with its place.</summary>
    public ImmutableArray<string> Borrowers { get; init; } = [];

    /// <summary>What our rules let in.</summary>
    public TrafficSet Traffic => field ??= Sets.Select(TrafficOf).Append(Loose).Aggregate(TrafficSet.Empty, (all, part) => all.Union(part));

    /// <summary>What our rules by address let in.</summary>
    public TrafficSet Loose => TrafficOf(Rules.Where(placed => placed.Rule.Source is not null).Select(placed => placed.Rule).Distinct().Where(IsEverywhere));

    /// <summary>A set of ours; null when it is not there.</summary>
    public OwnSet? Set(IpFamily family, bool isSpare) => Sets.FirstOrDefault(set => set.Family == family && set.IsSpare == isSpare);

    /// <summary>The ports that are open for a set, in every place.</summary>
    public PortSet PortsOf(OwnSet set) =>
        PortSet.Of(Rules.Where(placed => placed.Rule.Set == set.Name).Select(placed => placed.Rule).Distinct().Where(IsEverywhere).Select(rule => rule.Ports));

    /// <summary>Rules that stand where none of ours belongs.</summary>
    public ImmutableArray<PlacedRule> Strays => [.. Rules.Where(placed => !Places.Contains(placed.Place))];

    /// <summary>Rules that are missing in some of the places.</summary>
    public ImmutableArray<PlacedRule> Partial => [.. Rules.Where(placed => Places.Contains(placed.Place) && !IsEverywhere(placed.Rule))];

    private TrafficSet TrafficOf(OwnSet set) => TrafficSet.Of(set.Entries, PortsOf(set));

    private bool IsEverywhere(OwnRichRule rule)
    {
        var all = _all ??= [.. Rules];
        return Places.All(place => all.Contains(new PlacedRule(place, rule)));
    }

    // Grouped by ports first: hundreds of rules of one prefix each are few unions.
    private static TrafficSet TrafficOf(IEnumerable<OwnRichRule> rules) => rules.GroupBy(rule => rule.Ports)
        .Aggregate(TrafficSet.Empty, (all, group) => all.Union(TrafficSet.Of(PrefixSet.Of(group.Select(rule => rule.Source!.Value)), PortSet.Of(group.Key))));
}

/// <summary>What is in firewalld of one target.</summary>
/// <param name="Permanent">What a reload or a start brings into force.</param>
/// <param name="Runtime">What is in force.</param>
/// <param name="Place">Where our permanent rules belong.</param>
/// <param name="Around">The operator's own part of the places, as text: what a plan depends on.</param>
public sealed record FirewalldState(FirewalldSide Permanent, FirewalldSide Runtime, FirewalldPlace Place, string Around) : NativeState
{
    /// <summary>Both kinds of rules of the kernel by what firewalld names them: <c>nftables</c> or <c>iptables</c>.</summary>
    public string Backend { get; init; } = "";

    /// <summary><c>nft -j -t list ruleset</c>; null when it was not read.</summary>
    public ReadOnlyMemory<byte>? Listing { get; init; }

    /// <summary>Other rich rules with a priority stand in a place: where ours goes among them is firewalld's to say.</summary>
    public bool HasOtherPriorities { get; init; }
}
