using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Nftables;

namespace AllowlistSync.Conformance.Harnesses;

/// <summary>nftables with the operator's own sets, which we keep filled.</summary>
public sealed class NftablesSetHarness : IConformanceHarness
{
    /// <inheritdoc/>
    public string Name => "nftables, set way";

    /// <inheritdoc/>
    public ProviderRegistration Registration => NftablesRegistration.Line;

    /// <inheritdoc/>
    public ImmutableArray<string> Programs => ["nft"];

    /// <inheritdoc/>
    public ImmutableArray<string> Gaps => ["A6", "O2", "O4", "S5"];

    /// <inheritdoc/>
    public Task<IConformanceTarget> StartAsync(CancellationToken cancellationToken) => NftablesTarget.StartAsync(new Way(), cancellationToken);

    private sealed class Way : NftablesWay
    {
        private const string Sets = """
            set cf4 {
                type ipv4_addr
                flags interval
                comment "Cloudflare"
                elements = { 198.51.100.200 comment "monitoring" }
              }
              set cf6 {
                type ipv6_addr
                flags interval
              }
            """;

        private const string Rules = """
            ip saddr @cf4 tcp dport { 80, 443 } counter accept
                ip6 saddr @cf6 tcp dport { 80, 443 } counter accept
            """;

        public override ProviderSettings Settings { get; } = Of(("sets.ipv4", "inet filter cf4"), ("sets.ipv6", "inet filter cf6"));

        public override ProviderSettings IPv4Only { get; } = Of(("sets.ipv4", "inet filter cf4"));

        public override string Ruleset { get; } = Host(Sets, Rules);

        // What we keep are the elements without anything of their own.
        public override string WithoutOurs(string objects) => string.Concat(objects.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(WithoutPlainElements));

        public override string Script(ForeignChange change) => change switch
        {
            ForeignChange.RemoveOurs => "flush set inet filter cf4\nflush set inet filter cf6\nadd element inet filter cf4 { 198.51.100.200 comment \"monitoring\" }",
            ForeignChange.RemovePlace => "flush chain inet filter input\nflush set inet filter cf4\ndelete set inet filter cf4",
            ForeignChange.TakeOurName => "add element inet filter cf4 { 9.9.9.0/24 }",
            ForeignChange.TagEntries => "delete element inet filter cf4 { 131.0.72.0/22 }\nadd element inet filter cf4 { 131.0.73.0/24 comment \"kept\", 203.0.113.7 comment \"guest\" }",
            ForeignChange.AddUnreadable => "add element inet filter cf6 { 2001:db8:7::-2001:db8:9:: comment \"lab\" }",
            ForeignChange.LimitToTwo => $"""
                flush ruleset
                {Host(Sets.Replace("flags interval", "flags interval\n size 2", StringComparison.Ordinal), Rules)}
                """,
            ForeignChange.Edit => "add rule inet filter input udp dport 53 accept\nadd element inet filter bans { 198.51.100.77 timeout 1h }",
            _ => throw new NotSupportedException($"{change} has no meaning in the set way"),
        };

        private static string WithoutPlainElements(string line)
        {
            var item = JsonNode.Parse(line)!;
            if (item["set"] is JsonObject set && (string?)set["name"] is "cf4" or "cf6")
            {
                set["elem"] = Tagged(set);
            }

            return item.ToJsonString() + "\n";
        }
    }
}
