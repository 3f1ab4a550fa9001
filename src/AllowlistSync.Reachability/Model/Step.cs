using System.Collections.Immutable;

namespace AllowlistSync.Reachability.Model;

/// <summary>One part of a rule: a <see cref="Condition"/> or a <see cref="Statement"/>. The hierarchy is closed.</summary>
public abstract record Step
{
    private protected Step()
    {
    }
}

/// <summary>A part of a rule that holds for a packet, does not, or cannot be known. A field that the packet does not have ends the rule, negated or not.</summary>
public abstract record Condition : Step
{
    private protected Condition()
    {
    }
}

/// <summary>One field is one of some values.</summary>
/// <param name="Field">The field.</param>
/// <param name="Values">The values: a <see cref="NumberSet"/>, or a <see cref="NameSet"/> for interfaces.</param>
/// <param name="IsNegated">Holds when the field is none of them.</param>
public sealed record FieldCondition(Field Field, Values Values, bool IsNegated = false) : Condition
{
    /// <summary>Bits of the field that count; null for all. <c>ip saddr &amp; 255.255.0.0 == 10.1.0.0</c>, <c>--mark 0x1/0xff</c>, <c>tcp flags &amp; (syn|ack) == syn</c>.</summary>
    public UInt128? Mask { get; init; }
}

/// <summary>At least one of some bits of a field is set: <c>ct state new,established</c>, <c>--ctstate NEW</c>, <c>tcp flags syn</c>. Without bits it never holds.</summary>
/// <param name="Field">The field.</param>
/// <param name="Bits">The bits.</param>
/// <param name="IsNegated">Holds when none of them is set.</param>
public sealed record BitsCondition(Field Field, UInt128 Bits, bool IsNegated = false) : Condition;

/// <summary>Several fields together are an element of a set: a concatenation of nft, an ipset of several dimensions.</summary>
/// <param name="Key">The fields in their order.</param>
/// <param name="Elements">The elements; each has a part for each field. One instance for all rules that use the same set.</param>
/// <param name="IsNegated">Holds when they are not.</param>
public sealed record LookupCondition(ImmutableArray<Field> Key, ElementTable Elements, bool IsNegated = false) : Condition;

/// <summary>One of several conditions holds; a condition whose field is absent does not.</summary>
/// <param name="Conditions">The conditions.</param>
/// <param name="IsNegated">Holds when none does.</param>
public sealed record AnyOfCondition(ImmutableArray<Condition> Conditions, bool IsNegated = false) : Condition;

/// <summary>All of several conditions hold.</summary>
/// <param name="Conditions">The conditions.</param>
/// <param name="IsNegated">Holds when one does not.</param>
public sealed record AllOfCondition(ImmutableArray<Condition> Conditions, bool IsNegated = false) : Condition;

/// <summary>A condition that has one answer for every packet of this model, such as a match on fragments.</summary>
/// <param name="Holds">The answer.</param>
public sealed record FixedCondition(bool Holds) : Condition
{
    /// <summary>Holds for every packet.</summary>
    public static FixedCondition Always { get; } = new(true);

    /// <summary>Holds for no packet.</summary>
    public static FixedCondition Never { get; } = new(false);
}

/// <summary>A condition that may or may not hold.</summary>
/// <param name="Text">The condition as the tool writes it, such as <c>limit rate 2/minute</c>.</param>
/// <param name="Reason">Why it cannot be known.</param>
/// <param name="UsesConntrack">True when the kernel tracks connections because of it.</param>
public sealed record UnknownCondition(string Text, UnknownReason Reason, bool UsesConntrack = false) : Condition;

/// <summary>Writes the packet's address to a list of recent addresses as it is asked: <c>-m recent --set</c>. It holds for every packet.</summary>
/// <param name="Name">The list; all tables of both backends share it (xt_recent.c).</param>
/// <param name="IsNegated">Holds for none, and writes all the same.</param>
public sealed record ListFill(string Name, bool IsNegated = false) : Condition;

/// <summary>Asks whether an address is in a list of recent addresses: <c>-m recent --rcheck</c>. Not known, but never so while no rule fills the list.</summary>
/// <param name="Name">The list.</param>
/// <param name="Text">The condition as the tool writes it.</param>
/// <param name="IsNegated">Holds when it is not.</param>
public sealed record ListLookup(string Name, string Text, bool IsNegated = false) : Condition;

/// <summary>Why the answer of a condition is not known.</summary>
public enum UnknownReason
{
    /// <summary>It depends on rate, count or chance.</summary>
    Rate,

    /// <summary>It depends on the time of day, or on what happened before.</summary>
    History,

    /// <summary>It looks at a part of the packet that differs from visitor to visitor: TTL, options, payload.</summary>
    Packet,

    /// <summary>It depends on the host beyond its rules: sockets, users, routes that were not given.</summary>
    Host,

    /// <summary>This version does not understand it.</summary>
    NotUnderstood,

    /// <summary>What it refers to is not in the dump: a set, a module's options.</summary>
    NotRead,
}

/// <summary>
/// An xt extension that a dump of nft names without its content (<c>{"xt":{"type":"match","name":"multiport"}}</c>). It exists only between
/// reading and merging with the iptables-save text of the same table; what finds no partner becomes unknown.
/// </summary>
/// <param name="Type">As nft prints it: <c>match</c>, <c>target</c>, <c>watcher</c>; empty when it prints null.</param>
/// <param name="Name">The extension's name.</param>
internal sealed record XtStep(string Type, string Name) : Step;
