using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Iptables;

namespace AllowlistSync.Providers.Host.BtPanel;

/// <summary>A rule with our mark.</summary>
/// <param name="Text">As iptables-save prints it, without <c>-A CHAIN</c>.</param>
/// <param name="Rule">What it does; null when somebody edited it.</param>
public sealed record BtPanelRule(string Text, AcceptRule? Rule);

/// <summary>An entry of the panel's drop set.</summary>
/// <param name="Prefix">Who is kept out.</param>
/// <param name="Element">As ipset prints it.</param>
/// <param name="Timeout">Seconds that are left; 0 for no end.</param>
public sealed record BtPanelDrop(IpPrefix Prefix, string Element, long Timeout);

/// <summary>What the panel has saved for the next boot.</summary>
/// <param name="Script">Its program that saves.</param>
/// <param name="Python">What runs it.</param>
/// <param name="Sources">What our set in the file holds; null when it is not there.</param>
/// <param name="Rules">The rules with our mark in the file.</param>
public sealed record BtPanelSaved(string Script, string Python, PrefixSet? Sources, ImmutableArray<string> Rules);

/// <summary>What is there of the panel's firewall and of ours in it.</summary>
/// <param name="Set">Our set; null when there is none.</param>
/// <param name="HasUnfinished">Whether a set is there that was being filled.</param>
/// <param name="Rules">The rules with our mark in the panel's chain.</param>
/// <param name="Chain">All rules of that chain.</param>
/// <param name="Drops">The panel's drop set.</param>
/// <param name="IsLinked">Whether incoming packets get to that chain.</param>
/// <param name="Saved">What is saved for the next boot; null when the panel's program is not there.</param>
public sealed record BtPanelState(
    SavedSet? Set, bool HasUnfinished, ImmutableArray<BtPanelRule> Rules, ImmutableArray<string> Chain, ImmutableArray<BtPanelDrop> Drops, bool IsLinked, BtPanelSaved? Saved) : NativeState
{
    /// <summary>What our rules let in.</summary>
    public TrafficSet Allowed => Rules.Select(rule => rule.Rule).OfType<AcceptRule>()
        .Aggregate(TrafficSet.Empty, (all, rule) => all.Union(TrafficSet.Of(Set?.Matches ?? PrefixSet.Empty, rule.Ports)));

    /// <summary>True when something of ours is there.</summary>
    public bool Exists => Set is not null || HasUnfinished || !Rules.IsEmpty;

    /// <summary>True when the next boot brings back what is there now.</summary>
    public bool IsSaved => Saved is null || (Equals(Saved.Sources, Set?.Matches) && Saved.Rules.SequenceEqual(Rules.Select(rule => rule.Text), StringComparer.Ordinal));
}
