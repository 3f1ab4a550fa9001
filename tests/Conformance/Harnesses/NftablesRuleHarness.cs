using System.Collections.Immutable;
using System.Text.Json.Nodes;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Nftables;

namespace AllowlistSync.Conformance.Harnesses;

/// <summary>nftables with a chain and sets of our own in the operator's table.</summary>
public sealed class NftablesRuleHarness : IConformanceHarness
{
    /// <inheritdoc/>
    public string Name => "nftables, rule way";

    /// <inheritdoc/>
    public ProviderRegistration Registration => NftablesRegistration.Line;

    /// <inheritdoc/>
    public ImmutableArray<string> Programs => ["nft"];

    /// <inheritdoc/>
    public ImmutableArray<string> Gaps => ["L2", "S5"];

    /// <inheritdoc/>
    public Task<IConformanceTarget> StartAsync(CancellationToken cancellationToken) => NftablesTarget.StartAsync(new Way(), cancellationToken);

    private sealed class Way : NftablesWay
    {
        public override ProviderSettings Settings { get; } = Of(("table", "inet filter"), ("chain", "input"));

        public override ProviderSettings IPv4Only { get; } = Of(("table", "ip filter"), ("chain", "input"));

        public override string Ruleset { get; } = Host("", "");

        // Of what is ours only the elements are foreign that somebody tagged.
        public override string WithoutOurs(string objects) => string.Concat(objects.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(Foreign));

        public override string Script(ForeignChange change) => change switch
        {
            ForeignChange.RemoveOurs => $$"""
                flush chain inet filter input
                add rule inet filter input ct state established,related accept
                add rule inet filter input ip saddr 198.51.100.0/24 tcp dport 22 accept
                add rule inet filter input counter drop
                delete chain inet filter {{Owner}}/web
                delete set inet filter {{Owner}}/web/v4
                delete set inet filter {{Owner}}/web/v6
                """,
            ForeignChange.BlockAhead => "insert rule inet filter input tcp dport { 80, 443 } drop comment \"panic\"",
            ForeignChange.RemovePlace => $"flush chain inet filter input\ndelete chain inet filter input",
            ForeignChange.TakeOurName => $"add set inet filter {Owner}/web/v4 {{ type ipv4_addr; flags interval; }}\nadd element inet filter {Owner}/web/v4 {{ 9.9.9.0/24 }}",
            ForeignChange.TagEntries => $"delete element inet filter {Owner}/web/v4 {{ 131.0.72.0/22 }}\nadd element inet filter {Owner}/web/v4 {{ 131.0.73.0/24 comment \"kept\", 203.0.113.7 comment \"guest\" }}",
            ForeignChange.AddUnreadable => $"add rule inet filter {Owner}/web ip saddr . tcp dport @pairs counter accept comment \"mine\"",
            ForeignChange.Edit => "add rule inet filter input udp dport 53 accept\nadd element inet filter bans { 198.51.100.77 timeout 1h }",
            _ => throw new NotSupportedException($"{change} has no meaning in the rule way"),
        };

        private static string Foreign(string line)
        {
            var (kind, body) = JsonNode.Parse(line)!.AsObject().First();
            var isOurs = body!["comment"] is { } comment && ((string)comment!).Contains($"owner={Owner} ", StringComparison.Ordinal);
            return kind switch
            {
                "chain" when ((string)body["name"]!).StartsWith(Owner + "/", StringComparison.Ordinal) => "",
                "rule" when isOurs => "",
                "set" when isOurs => Tagged(body) is { Count: > 0 } tagged ? $"{body["name"]} {tagged.ToJsonString()}\n" : "",
                _ => line + "\n",
            };
        }
    }
}
