using System.Text.Json;

namespace AllowlistSync.Providers.Host.Nftables;

/// <summary>Which rules lead packets to a chain. Pure.</summary>
public static class Leading
{
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
