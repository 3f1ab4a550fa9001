using System.Collections.Immutable;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading.Nft;

namespace AllowlistSync.Reachability.Tests.Reading.Nft;

/// <summary>The model as lines of text, so that two readings can be compared and a difference is shown where it is.</summary>
internal static class NftTextModel
{
    public static IReadOnlyList<string> Lines(NftReading reading) => [.. reading.Tables.SelectMany(Lines), .. reading.Gaps.Select(gap => $"gap {gap.Families} {gap.Message}")];

    public static IReadOnlyList<string> Lines(RuleSet rules) => [.. rules.Tables.SelectMany(Lines), .. rules.Gaps.Select(gap => $"gap {gap.Families} {gap.Message}")];

    public static string Step(Step step) => step switch
    {
        FieldCondition condition => $"{condition.Field}{(condition.Mask is { } mask ? $"&{mask:x}" : "")} {(condition.IsNegated ? "not " : "")}in {Values(condition.Values)}",
        LookupCondition condition => $"{string.Join('.', condition.Key)} {(condition.IsNegated ? "not " : "")}in [{string.Join("; ", condition.Elements.Elements.Select(element => Parts(element.Parts)).Order(StringComparer.Ordinal))}]",
        AnyOfCondition any => $"{(any.IsNegated ? "not " : "")}any({string.Join(" | ", any.Conditions.Select(Step))})",
        AllOfCondition all => $"{(all.IsNegated ? "not " : "")}all({string.Join(" & ", all.Conditions.Select(Step))})",
        DecideByMap map => $"map {string.Join('.', map.Key)} [{string.Join("; ", map.Entries.Select(entry => $"{Parts(entry.Parts)} : {entry.Value}").Order(StringComparer.Ordinal))}]",
        DestinationNat nat => $"dnat {Nat(nat.Address)} {Nat(nat.Port)} {nat.ToLocal}",
        UnknownCondition unknown => $"unknown condition {unknown.Reason} {unknown.UsesConntrack}",
        UnknownStatement unknown => $"unknown statement {unknown.Reason} {unknown.UsesConntrack}",
        _ => step.ToString(),
    };

    private static IEnumerable<string> Lines(Table table)
    {
        yield return $"{table.Backend} table {table.Family} {table.Name}{(table.IsDormant ? " dormant" : "")}";
        foreach (var chain in table.Chains.Values.OrderBy(chain => chain.Name, StringComparer.Ordinal))
        {
            var place = chain.Base is { } known ? $"{known.Type} {known.Hook} {known.Priority} {(known.DropsByDefault ? "drop" : "accept")} {(known.Devices.IsDefault ? "?" : string.Join(',', known.Devices))}" : "";
            yield return $"  {table.Name} chain {chain.Name} {place}";
            foreach (var rule in chain.Rules)
            {
                yield return $"    {table.Name} {chain.Name} {rule.Number}: {string.Join(" ; ", rule.Steps.Select(Step))}";
            }
        }
    }

    private static string Values(Values values) => values switch
    {
        NumberSet set => string.Join(',', set.Ranges.Select(range => range.First == range.Last ? $"{range.First:x}" : $"{range.First:x}-{range.Last:x}")),
        NameSet set => string.Join(',', set.Names.Order(StringComparer.Ordinal)),
        _ => values.ToString(),
    };

    private static string Parts(ImmutableArray<Values> parts) => string.Join(" . ", parts.Select(Values));

    private static string Nat(NatValue? value) => value switch
    {
        NatValue.FromMap map => $"map {string.Join('.', map.Key)} [{string.Join("; ", map.Entries.Select(entry => $"{Parts(entry.Parts)} : {entry.Value}").Order(StringComparer.Ordinal))}]",
        null => "-",
        _ => value.ToString(),
    };
}
