using System.Collections.Immutable;
using System.Globalization;
using AllowlistSync.Reachability.Tests.Generated;

namespace AllowlistSync.Reachability.Tests.Metamorphic;

/// <summary>A rule that every format can say.</summary>
/// <param name="Chain">The chain that it is in.</param>
/// <param name="Source">An IPv4 prefix; null for any.</param>
/// <param name="IsNot">Whether it is for all other sources.</param>
/// <param name="Ports">TCP ports; empty for any packet.</param>
/// <param name="State">Of conntrack, such as <c>new</c>; null for any.</param>
/// <param name="Verdict">As nft says it: <c>accept</c>, <c>drop</c>, <c>reject</c>, <c>return</c>, <c>jump X</c>, <c>goto X</c>.</param>
internal sealed record TextRule(string Chain, string? Source, bool IsNot, ImmutableArray<ushort> Ports, string? State, string Verdict);

/// <summary>A filter table of few words, in random order: what is in it can be written for iptables and for nft.</summary>
/// <param name="DropsByDefault">The policy of <c>INPUT</c>; <c>OUTPUT</c> accepts.</param>
/// <param name="Rules">Of <c>INPUT</c>, <c>OUTPUT</c>, <c>one</c> and <c>two</c>.</param>
internal sealed record TextTable(bool DropsByDefault, ImmutableArray<TextRule> Rules)
{
    internal static readonly ImmutableArray<string> Chains = ["INPUT", "OUTPUT", "one", "two"];

    /// <summary>Always the same for the same seed.</summary>
    internal static TextTable Of(int seed)
    {
        var random = new Random(seed);
        return new(random.Next(2) == 0, [.. Enumerable.Range(0, random.Next(2, 14)).Select(_ => Rule(random))]);
    }

    private static TextRule Rule(Random random)
    {
        var chain = Chains[random.Next(10) switch { < 5 => 0, 5 => 1, < 8 => 2, _ => 3 }];
        var ports = World.Ports.Where(_ => random.Next(3) == 0).ToImmutableArray();
        var source = random.Next(4) == 0 ? null : Prefix(random);
        string? state = random.Next(4) switch { 0 => "new", 1 => "established", _ => null };
        return new(chain, source, source is not null && random.Next(6) == 0, ports, state, Verdict(random, chain));
    }

    private static string Prefix(Random random)
    {
        var length = random.Next(28, 33);
        var address = (uint)World.Sources4.First + ((uint)random.Next(16) & ~((1u << (32 - length)) - 1));
        return string.Create(CultureInfo.InvariantCulture, $"{address >> 24}.{(address >> 16) & 255}.{(address >> 8) & 255}.{address & 255}/{length}");
    }

    private static string Verdict(Random random, string chain) => random.Next(10) switch
    {
        < 3 => "accept",
        < 5 => "drop",
        5 => "reject",
        6 => "return",
        7 when chain != "two" => chain == "one" ? "goto two" : "goto one",
        > 7 when chain != "two" => chain == "one" ? "jump two" : random.Next(2) == 0 ? "jump one" : "jump two",
        _ => "accept",
    };
}
