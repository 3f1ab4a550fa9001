using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Iptables;

/// <summary>Where prefixes are kept.</summary>
public enum PrefixForm
{
    /// <summary>In one set for each family.</summary>
    Sets,

    /// <summary>One rule for each prefix.</summary>
    Rules,
}

/// <summary>A set of ours, as it is now.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Family">Its family.</param>
/// <param name="Info">What the kernel says; null when it is not there.</param>
public sealed record OwnSet(string Name, IpFamily Family, SavedSet? Info)
{
    /// <summary>True when it can go on: its elements do not expire, and it has no exceptions.</summary>
    public bool IsFit => Info is { Forgets: false, HasExceptions: false };
}

/// <summary>A rule of our chain, as it is now.</summary>
/// <param name="Text">As iptables-save prints it, without <c>-A CHAIN</c>.</param>
/// <param name="Rule">What it does; null when somebody edited it.</param>
public sealed record OwnedRule(string Text, AcceptRule? Rule);

/// <summary>The jump from the operator's chain.</summary>
/// <param name="Ours">The places of the rules with our mark in the operator's chain, from 1, and their texts.</param>
/// <param name="IsWhole">True when a jump takes every packet.</param>
/// <param name="IsEffective">True when such a jump stands ahead of all that could block.</param>
/// <param name="InsertBefore">The place of the rule ahead of which it belongs; null for the end of the chain.</param>
/// <param name="IsHeldByOthers">True when a rule that is not ours leads to our chain.</param>
public sealed record JumpState(ImmutableArray<(int Number, string Text)> Ours, bool IsWhole, bool IsEffective, int? InsertBefore, bool IsHeldByOthers);

/// <summary>What concerns us in the filter table of one engine and family.</summary>
/// <param name="Place">Engine and family.</param>
/// <param name="Programs">What its programs are called here.</param>
/// <param name="IsServed">False for a place that the settings or the rules do not name: what is ours there goes.</param>
/// <param name="HasChain">Our chain is there.</param>
/// <param name="Rules">Our rules in it.</param>
/// <param name="Foreign">The rules of others in it.</param>
/// <param name="Jump">The jump from the operator's chain.</param>
/// <param name="Strays">Rules with our mark in other chains: chain and text.</param>
/// <param name="SetRules">Rules of others that ask a set of ours.</param>
/// <param name="Digest">A digest of all of that, and of the operator's chain.</param>
public sealed record PlaceState(
    IptablesPlace Place,
    string Programs,
    bool IsServed,
    bool HasChain,
    ImmutableArray<OwnedRule> Rules,
    ImmutableArray<string> Foreign,
    JumpState Jump,
    ImmutableArray<(string Chain, string Text)> Strays,
    ImmutableArray<string> SetRules,
    string Digest)
{
    /// <summary>True when anything of ours is there.</summary>
    public bool HoldsOurs => HasChain || !Strays.IsEmpty || !Jump.Ours.IsEmpty;
}

/// <summary>What is in the kernel of one iptables target.</summary>
/// <param name="Form">Where prefixes are to be kept.</param>
/// <param name="Sets">Our sets, of both families.</param>
/// <param name="Unfinished">Sets that an interrupted change left.</param>
/// <param name="Places">All places that are served, and those in which something of ours is left.</param>
public sealed record IptablesState(PrefixForm Form, ImmutableArray<OwnSet> Sets, ImmutableArray<string> Unfinished, ImmutableArray<PlaceState> Places) : NativeState
{
    /// <summary>The families that have a place.</summary>
    public IEnumerable<IpFamily> Families => Served.Select(place => place.Place.Family).Distinct();

    /// <summary>The places that are served.</summary>
    public IEnumerable<PlaceState> Served => Places.Where(place => place.IsServed);

    /// <summary>A digest of the sets.</summary>
    public required string SetDigest { get; init; }

    /// <summary>The files that hold rules over a reboot.</summary>
    public ImmutableArray<PersistentState> Persistent { get; init; } = [];

    /// <summary>What is worth telling of the host.</summary>
    public ImmutableArray<Finding> Findings { get; init; } = [];

    /// <summary>Our set of a family.</summary>
    public OwnSet SetOf(IpFamily family) => Sets.Single(set => set.Family == family);
}
