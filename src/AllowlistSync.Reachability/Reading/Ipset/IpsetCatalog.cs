using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Ipset;

/// <summary>All ipsets of a host, and the conditions that ask them. The same question gives the same instance.</summary>
/// <param name="find">A set by its name; null when it is not there.</param>
internal sealed class IpsetCatalog(Func<string, SavedSet?> find)
{
    private readonly Dictionary<(string Name, string Directions, bool IsNegated, IpFamily Family), Condition> _asked = [];
    private readonly Dictionary<(string Name, string Directions, IpFamily Family), Condition> _plain = [];

    /// <summary>No set at all; a new one each time, since a catalog remembers what it was asked and is used by one reading at a time.</summary>
    internal static IpsetCatalog Empty => new(_ => null);

    /// <summary>The condition of <c>--match-set NAME DIRECTIONS</c>.</summary>
    /// <param name="name">The set.</param>
    /// <param name="directions">Such as <c>src,dst</c>: one for each field of the set's elements.</param>
    /// <param name="isNegated">Whether a <c>!</c> stands before it.</param>
    /// <param name="family">Of the packets.</param>
    internal Condition Match(string name, string directions, bool isNegated, IpFamily family)
    {
        if (!_asked.TryGetValue((name, directions, isNegated, family), out var condition))
        {
            var plain = Plain(name, directions, family);
            condition = isNegated ? Negate(plain) : plain;
            _asked.Add((name, directions, isNegated, family), condition);
        }

        return condition;
    }

    private Condition Plain(string name, string directions, IpFamily family)
    {
        if (!_plain.TryGetValue((name, directions, family), out var condition))
        {
            condition = Read(name, directions, family);
            _plain[(name, directions, family)] = condition;
        }

        return condition;
    }

    private Condition Read(string name, string directions, IpFamily family)
    {
        var isSource = directions.Split(',').Select(direction => direction == "src").ToImmutableArray();
        if (find(name) is not { } set)
        {
            return new UnknownCondition($"set --match-set {name} {directions}: the set is not in any dump", UnknownReason.NotRead);
        }

        if (set.Members is { } members)
        {
            // A list does not hold lists (ipset(8), "list:set").
            return new AnyOfCondition([.. members.Where(member => find(member)?.Members is null).Select(member => Plain(member, directions, family))]);
        }

        return set.Ask(isSource, family) ?? new UnknownCondition($"set --match-set {name} {directions} ({set.Type})", UnknownReason.NotUnderstood);
    }

    /// <summary>A packet that lacks a field is not in the set, and so a negated match holds for it (ip_set_core.c).</summary>
    private static Condition Negate(Condition condition) => condition switch
    {
        FixedCondition one => one.Holds ? FixedCondition.Never : FixedCondition.Always,
        FieldCondition { Field: Field.IPv4Source or Field.IPv4Destination or Field.IPv6Source or Field.IPv6Destination } field => field with { IsNegated = true },
        UnknownCondition unknown => unknown with { Text = "! " + unknown.Text },
        _ => new AnyOfCondition([condition], IsNegated: true),
    };
}
