using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Nftables;

/// <summary>A set that we fill, as it is now.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Family">The family of its elements.</param>
/// <param name="Info">What the kernel says of it; null when it is not there.</param>
/// <param name="Elements">Its elements.</param>
public sealed record FilledSet(NftSetName Name, IpFamily Family, NftSet? Info, NftElements Elements)
{
    /// <summary>The addresses of the elements that are ours.</summary>
    public PrefixSet Plain => field ??= PrefixSet.OfRanges(Elements.Plain);

    /// <summary>The addresses of the elements that somebody tagged.</summary>
    public PrefixSet Tagged => field ??= PrefixSet.OfRanges(Elements.Tagged);
}

/// <summary>A rule of our chain, as it is now.</summary>
/// <param name="Handle">Its handle.</param>
/// <param name="Rule">What it does; null when somebody edited it into another shape.</param>
public sealed record ExistingRule(long Handle, OwnRule? Rule);

/// <summary>The jump from the operator's chain, as it is now.</summary>
/// <param name="Ours">Handles of the jumps that carry our mark.</param>
/// <param name="IsEffective">True when a jump stands ahead of all that could block.</param>
/// <param name="IsWhole">True when a jump takes every packet; false when there is none, or somebody narrowed it.</param>
/// <param name="InsertBefore">The rule in front of which it belongs; null for the end of the chain.</param>
/// <param name="IsHeldByOthers">True when the operator's own rule leads to our chain.</param>
public sealed record JumpState(ImmutableArray<long> Ours, bool IsEffective, bool IsWhole, long? InsertBefore, bool IsHeldByOthers)
{
    /// <summary>All rules of the operator's chain, in order.</summary>
    public ImmutableArray<NftRule> Chain { get; init; } = [];

    /// <summary>Where our jump stands: the first rule of another behind it.</summary>
    public JumpPlace Place => Ours.IsEmpty ? new JumpPlace(false, null, null) : At(Chain.SkipWhile(rule => rule.Handle != Ours[0]).FirstOrDefault(rule => !Ours.Contains(rule.Handle)));

    /// <summary>True when a place is still one: it is not before a rule, or the rule is there and is the same.</summary>
    public bool Has(JumpPlace place) => place.Before is null || (Chain.FirstOrDefault(rule => rule.Handle == place.Before) is { } rule && At(rule) == place);

    private static JumpPlace At(NftRule? behind) => new(true, behind?.Handle, behind is null ? null : NftRevision.Of(behind));
}

/// <summary>A place in the operator's chain.</summary>
/// <param name="Stands">False when there is no jump of ours.</param>
/// <param name="Before">The handle of the rule behind it; null for the end of the chain.</param>
/// <param name="Rule">A digest of that rule: after a <c>flush ruleset</c> and a reload another rule may have its handle.</param>
public sealed record JumpPlace(bool Stands, long? Before, string? Rule);

/// <summary>What is in the kernel of one nftables target.</summary>
/// <param name="Sets">The sets that we fill.</param>
/// <param name="ChainExists">Rule way: our chain is there.</param>
/// <param name="Rules">Rule way: our rules.</param>
/// <param name="ForeignRules">Rule way: the number of rules of others in our chain.</param>
/// <param name="Jump">Rule way: the jump; null in the set way.</param>
public sealed record NftState(
    ImmutableArray<FilledSet> Sets, bool ChainExists, ImmutableArray<ExistingRule> Rules, int ForeignRules, JumpState? Jump) : NativeState
{
    /// <summary>What of ours stands outside of the configured place.</summary>
    public ImmutableArray<StrayPlace> Elsewhere { get; init; } = [];
}
