using System.Collections.Immutable;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Tests.Generated;

namespace AllowlistSync.Reachability.Tests.Metamorphic;

/// <summary>Other ways to write one rule.</summary>
internal static class RuleSplits
{
    /// <summary>The condition on the source that a rule starts with; null when it starts with another.</summary>
    internal static FieldCondition? SourceOf(Rule rule) =>
        rule.Steps[0] is FieldCondition { Field: Field.IPv4Source or Field.IPv6Source, IsNegated: false, Mask: null } source ? source : null;

    /// <summary>Two rules, for the lower and the upper half of the first range of the sources and all others.</summary>
    internal static ImmutableArray<Rule> Halves(Rule rule)
    {
        if (SourceOf(rule) is not { } source || ((NumberSet)source.Values).Ranges is not [var first, .. var rest] || first.First == first.Last)
        {
            return [rule];
        }

        var middle = first.First + ((first.Last - first.First) / 2);
        return [With(rule, source, NumberSet.Of(first.First, middle)), With(rule, source, NumberSet.OfRanges([new(middle + 1, first.Last), .. rest]))];
    }

    /// <summary>A rule for each range of sources.</summary>
    internal static ImmutableArray<Rule> Ranges(Rule rule) => SourceOf(rule) is { } source && ((NumberSet)source.Values).Ranges.Length > 0
        ? [.. ((NumberSet)source.Values).Ranges.Select(range => With(rule, source, NumberSet.Of(range.First, range.Last)))]
        : [rule];

    /// <summary>A rule for each entry of a map of verdicts, which are disjoint.</summary>
    internal static ImmutableArray<Rule> Entries(Rule rule) => rule.Steps[^1] is DecideByMap { Key: [var key] } map && map.Entries.Length > 0 && !rule.Steps.Any(step => step is SetMark or UnknownCondition)
        ? [.. map.Entries.Select(entry => rule with { Steps = [.. rule.Steps[..^1], new FieldCondition(key, entry.Parts[0]), new Decide(entry.Value)] })]
        : [rule];

    /// <summary>A condition on one field as a lookup in a set of elements.</summary>
    internal static Step AsLookup(Step step) => step is FieldCondition { Mask: null, Values: NumberSet numbers } one
        ? new LookupCondition([one.Field], new([.. numbers.Ranges.Select(range => new Element([NumberSet.Of(range.First, range.Last)]))]), one.IsNegated)
        : step;

    /// <summary>A negated condition as one on all other values.</summary>
    internal static Step AsComplement(Step step) => step is FieldCondition { Mask: null, IsNegated: true, Values: NumberSet numbers } one
        ? one with { IsNegated = false, Values = numbers.Complement(UInt128.MaxValue) }
        : step;

    /// <summary>A rule for sources that nobody asks about, or for UDP; it looks at nothing that makes the kernel track connections.</summary>
    internal static Rule NeverMet(Random random)
    {
        Condition condition = random.Next(4) switch
        {
            0 => new FieldCondition(Field.IPv4Source, NumberSet.Of(World.Sources4.Last + 1, uint.MaxValue)),
            1 => new FieldCondition(Field.UdpDestinationPort, NumberSet.Of(80)),
            2 => new FieldCondition(Field.IPv6Source, NumberSet.Empty),
            _ => FixedCondition.Never,
        };

        // Answers have the asked sources as destination; nothing else comes from beyond them but the host and the container.
        Condition notOwn = new FieldCondition(Field.IPv4Source, NumberSet.OfRanges([NumberRange.One(World.Own4.First), NumberRange.One(World.Container.First)]), IsNegated: true);
        Verdict verdict = random.Next(2) == 0 ? Verdict.Accept : Verdict.Drop;
        return new([condition, notOwn, new Decide(verdict)], RuleText.Of("never met"), 0);
    }

    /// <summary>A rule for every packet.</summary>
    internal static Rule Always(Verdict verdict) => new([new Decide(verdict)], RuleText.Of("always"), 0);

    private static Rule With(Rule rule, FieldCondition source, NumberSet sources) => rule with { Steps = rule.Steps.SetItem(0, source with { Values = sources }) };
}
