using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Providers.Host.Nftables;

/// <summary>A digest of all that a plan for a target depends on: our sets, our rules, and the rules of the operator's chain without counters and handles.</summary>
internal static partial class NftRevision
{
    private const int AddressBytes = 16;

    public static string Of(NftState state, IEnumerable<NftRule> chain)
    {
        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var set in state.Sets.Concat(state.Elsewhere.SelectMany(place => place.Sets)))
        {
            Append(digest, $"{set.Name} {(set.Info is null ? "absent" : "present")} {set.Family}\n");
            Append(digest, set.Plain.Ranges(set.Family));
            Append(digest, "\ntagged\n");
            Append(digest, set.Tagged.Ranges(set.Family));
            Append(digest, "\n");
        }

        var text = new StringBuilder();
        text.Append(state.ChainExists).AppendJoin(';', state.Rules.Select(rule => rule.Rule is null ? "edited" : $"{rule.Rule.Family} {rule.Rule.Ports}")).Append(state.ForeignRules).Append('\n');
        foreach (var rule in chain)
        {
            text.Append(Text(rule)).Append('\n');
        }

        foreach (var place in state.Elsewhere)
        {
            text.Append(place).Append(place.Chain).Append(place.InTheWay).AppendJoin(' ', place.Rules.Select(rule => rule.Handle)).Append('\n');
        }

        Append(digest, text.ToString());
        return Convert.ToHexStringLower(digest.GetHashAndReset());
    }

    /// <summary>A digest of what one rule does: the same for as long as nobody edits it, whatever its handle and counters.</summary>
    public static string Of(NftRule rule) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Text(rule))));

    private static string Text(NftRule rule) => rule.Comment + string.Join(' ', rule.Expressions.Where(IsNoCounter).Select(WithoutCounts));

    private static void Append(IncrementalHash digest, string text) => digest.AppendData(Encoding.UTF8.GetBytes(text));

    // As numbers, with their count first: a hundred thousand ranges as text would cost more than the rest of a plan.
    private static void Append(IncrementalHash digest, IEnumerable<IpRange> ranges)
    {
        var all = ranges.ToArray();
        var bytes = new byte[sizeof(int) + (all.Length * 2 * AddressBytes)];
        BinaryPrimitives.WriteInt32BigEndian(bytes, all.Length);
        var at = sizeof(int);
        foreach (var range in all)
        {
            BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(at), range.First);
            BinaryPrimitives.WriteUInt128BigEndian(bytes.AsSpan(at + AddressBytes), range.Last);
            at += 2 * AddressBytes;
        }

        digest.AppendData(bytes);
    }

    private static bool IsNoCounter(JsonElement expression) => !NftExpression.Has(expression, "counter") && !NftExpression.Has(expression, "quota");

    // What nft prints as text (an anonymous chain) has the counters of its rules in it, and they change with every packet.
    private static string WithoutCounts(JsonElement expression) =>
        expression.ValueKind == JsonValueKind.String ? Counts.Replace(expression.GetString()!, "") : expression.GetRawText();

    [GeneratedRegex(@"\b(packets \d+ bytes \d+|used \d+ \w+)", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Counts { get; }
}
