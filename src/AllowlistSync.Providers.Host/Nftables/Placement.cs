using System.Collections.Immutable;
using System.Text.Json;

namespace AllowlistSync.Providers.Host.Nftables;

/// <summary>
/// Where the jump to our chain must stand in the operator's chain: ahead of the first rule that could block a new connection, and
/// behind what only accepts, so that packets of known connections do not pay for us. A rule that we do not understand could block. Pure.
/// </summary>
public static class Placement
{
    // Statements that never end a packet's way through the chain against us.
    private static readonly ImmutableHashSet<string> Harmless = ["match", "counter", "log", "limit", "accept", "quota", "ct count", "notrack", "meter", "mangle", "ct helper"];

    /// <summary>The first rule that could block, or null when none does (then the policy decides, and we stand at the end).</summary>
    public static NftRule? FirstThatMayBlock(IEnumerable<NftRule> rules, NftRuleset ruleset) => rules.FirstOrDefault(rule => MayBlock(rule, ruleset));

    /// <summary>
    /// True when the rule, or one in the chains that it jumps to, could block. A chain that only accepts comes back: so two targets
    /// in one chain do not overtake each other at every run. The kernel allows no loops and at most 16 jumps (NFT_JUMP_STACK_SIZE).
    /// </summary>
    public static bool MayBlock(NftRule rule, NftRuleset ruleset) =>
        rule.Expressions is [.., var last] && last.ValueKind == JsonValueKind.Object && last.TryGetProperty("jump", out var jump) && !MayBlock(rule.Expressions[..^1])
            ? ruleset.RulesOf(rule.Table, jump.GetProperty("target").GetString()!).Any(inner => MayBlock(inner, ruleset))
            : MayBlock(rule.Expressions);

    /// <summary>True when the rule could drop, reject or lead away a packet that opens a connection.</summary>
    public static bool MayBlock(ImmutableArray<JsonElement> expressions)
    {
        // A rule for invalid packets only does not concern a packet that opens a connection.
        if (expressions.Any(IsMatchOnInvalidState))
        {
            return false;
        }

        return expressions.Any(expression => expression.ValueKind != JsonValueKind.Object || expression.EnumerateObject().Any(statement => MayBlock(statement)));
    }

    private static bool MayBlock(JsonProperty statement) =>
        statement.Name == "vmap" ? MayBlockNew(statement.Value) : !Harmless.Contains(statement.Name);

    private static bool IsMatchOnInvalidState(JsonElement expression) =>
        expression.ValueKind == JsonValueKind.Object
        && expression.TryGetProperty("match", out var match)
        && match.GetProperty("op").GetString() is "==" or "in"
        && IsCtState(match.GetProperty("left"))
        && IsOnly(match.GetProperty("right"), "invalid");

    // The well-known `ct state vmap { established : accept, related : accept, invalid : drop }`.
    private static bool MayBlockNew(JsonElement vmap)
    {
        if (!vmap.TryGetProperty("key", out var key) || !IsCtState(key)
            || !vmap.TryGetProperty("data", out var data) || data.ValueKind != JsonValueKind.Object || !data.TryGetProperty("set", out var pairs))
        {
            return true;
        }

        return pairs.EnumerateArray().Any(pair => !IsOnly(pair[0], "invalid") && !pair[1].TryGetProperty("accept", out _));
    }

    private static bool IsCtState(JsonElement left) =>
        left.ValueKind == JsonValueKind.Object && left.TryGetProperty("ct", out var ct) && ct.TryGetProperty("key", out var key) && key.GetString() == "state";

    private static bool IsOnly(JsonElement value, string state) =>
        value.ValueKind == JsonValueKind.String ? value.GetString() == state
        : value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 1 && value[0].ValueKind == JsonValueKind.String && value[0].GetString() == state;

    /// <summary>True for a rule that leads some or all packets to a chain.</summary>
    public static bool LeadsTo(NftRule rule, string chain) => rule.Expressions is [.., { ValueKind: JsonValueKind.Object } last]
        && (last.TryGetProperty("jump", out var way) || last.TryGetProperty("goto", out way)) && way.GetProperty("target").GetString() == chain;

    /// <summary>True for a rule that does nothing but lead every packet to a chain.</summary>
    public static bool IsJumpTo(NftRule rule, string chain) =>
        rule.Expressions is [.., { ValueKind: JsonValueKind.Object } last]
        && last.TryGetProperty("jump", out var jump) && jump.GetProperty("target").GetString() == chain
        && rule.Expressions[..^1].All(expression => expression.TryGetProperty("counter", out _));
}
