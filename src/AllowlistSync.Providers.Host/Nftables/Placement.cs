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
        rule.Expressions is [.., var last] && TargetOf(last, "jump") is { } target && !MayBlock(rule.Expressions[..^1])
            ? ruleset.RulesOf(rule.Table, target).Any(inner => MayBlock(inner, ruleset))
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
        NftExpression.TryGet(expression, "match", out var match)
        && NftExpression.TryGetText(match, "op", out var op) && op is "==" or "in"
        && NftExpression.TryGet(match, "left", out var left) && IsCtState(left)
        && NftExpression.TryGet(match, "right", out var right) && IsOnly(right, "invalid");

    // The well-known `ct state vmap { established : accept, related : accept, invalid : drop }`.
    private static bool MayBlockNew(JsonElement vmap)
    {
        if (!NftExpression.TryGet(vmap, "key", out var key) || !IsCtState(key)
            || !NftExpression.TryGet(vmap, "data", out var data) || !NftExpression.TryGet(data, "set", out var pairs))
        {
            return true;
        }

        return NftExpression.Items(pairs).Any(pair => !IsHarmless(pair));
    }

    private static bool IsHarmless(JsonElement pair) =>
        pair.ValueKind == JsonValueKind.Array && pair.GetArrayLength() == 2 && (IsOnly(pair[0], "invalid") || NftExpression.Has(pair[1], "accept"));

    private static bool IsCtState(JsonElement left) =>
        NftExpression.TryGet(left, "ct", out var ct) && NftExpression.TryGetText(ct, "key", out var key) && key == "state";

    private static bool IsOnly(JsonElement value, string state) =>
        value.ValueKind == JsonValueKind.String ? value.GetString() == state
        : value.ValueKind == JsonValueKind.Array && value.GetArrayLength() == 1 && value[0].ValueKind == JsonValueKind.String && value[0].GetString() == state;

    /// <summary>True for a rule that leads some or all packets to a chain.</summary>
    public static bool LeadsTo(NftRule rule, string chain) => rule.Expressions is [.., var last]
        && (TargetOf(last, "jump") ?? TargetOf(last, "goto")) == chain;

    /// <summary>True for a rule that does nothing but lead every packet to a chain.</summary>
    public static bool IsJumpTo(NftRule rule, string chain) =>
        rule.Expressions is [.., var last] && TargetOf(last, "jump") == chain
        && rule.Expressions[..^1].All(expression => NftExpression.Has(expression, "counter"));

    private static string? TargetOf(JsonElement expression, string verdict) =>
        NftExpression.TryGet(expression, verdict, out var way) && NftExpression.TryGetText(way, "target", out var target) ? target : null;
}
