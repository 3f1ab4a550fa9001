using System.Text;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading;
using AllowlistSync.Reachability.Reading.Nft;

namespace AllowlistSync.Reachability.Tests.Reading.Nft;

/// <summary>Puts what nft 1.0.6 printed for one rule or set into a whole document.</summary>
internal static class NftJsonSample
{
    /// <summary>The steps of a rule with these statements, in a table of this family that also holds these objects.</summary>
    public static Step[] Steps(string expr, string family = "inet", string objects = "") => [.. Rule(expr, family, objects).Steps];

    public static Step Step(string expr, string family = "inet", string objects = "") => Steps(expr, family, objects).Single();

    public static Rule Rule(string expr, string family = "inet", string objects = "") =>
        Document(family, objects + $$$"""{"rule": {"family": "{{{family}}}", "table": "t", "chain": "c", "handle": 7, "expr": [{{{expr}}}]}}""")
            .Tables.Single().Chains["c"].Rules.Single();

    public static string Text(string expr) => Rule(expr).Text.ToString();

    /// <summary>A table <c>t</c> with a chain <c>c</c>, and what is given.</summary>
    public static NftReading Document(string family, string objects) => Read($$$"""
        {"nftables": [{"metainfo": {"version": "1.0.6", "release_name": "Lester Gooch #5", "json_schema_version": 1}},
        {"table": {"family": "{{{family}}}", "name": "t", "handle": 1}},
        {"chain": {"family": "{{{family}}}", "table": "t", "name": "c", "handle": 2}},
        {{{objects}}}]}
        """);

    public static NftReading Read(string json) => NftJsonReader.Read(new Dump("nft.json", Encoding.UTF8.GetBytes(json)));

    public static FieldCondition Is(Field field, UInt128 value) => new(field, NumberSet.Of(value));

    public static FieldCondition IsIn(Field field, params (uint First, uint Last)[] ranges) => new(field, Numbers(ranges));

    public static NumberSet Numbers(params (uint First, uint Last)[] ranges) => NumberSet.OfRanges(ranges.Select(range => new NumberRange(range.First, range.Last)));

    /// <summary>The steps in a few words each, for what has no equality of its own.</summary>
    public static string Names(Step step) => string.Join(' ', ((NameSet)((FieldCondition)step).Values).Names);
}
