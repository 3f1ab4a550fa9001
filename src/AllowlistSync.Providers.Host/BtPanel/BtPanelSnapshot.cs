using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Iptables;

namespace AllowlistSync.Providers.Host.BtPanel;

/// <summary>The picture of what was ours, as JSON in a receipt.</summary>
/// <param name="Sources">What our set held.</param>
/// <param name="Ports">The ports of our rules; none for no rule.</param>
internal sealed record BtPanelSnapshotContent(ImmutableArray<string> Sources, ImmutableArray<string> Ports);

/// <summary>The JSON of btpanel snapshots.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(BtPanelSnapshotContent))]
internal sealed partial class BtPanelSnapshotJson : JsonSerializerContext;

/// <summary>Writes and reads snapshots. Pure.</summary>
internal static class BtPanelSnapshot
{
    private const int Format = 1;

    public static TargetSnapshot Of(string target, BtPanelState state)
    {
        var ports = PortSet.Of(state.Rules.Select(rule => rule.Rule).OfType<AcceptRule>().SelectMany(rule => rule.Ports.Ranges));
        var content = new BtPanelSnapshotContent([.. (state.Set?.Matches ?? PrefixSet.Empty).Prefixes().Select(prefix => prefix.ToString())], [.. ports.Ranges.Select(range => range.ToString())]);
        return new TargetSnapshot(BtPanelProvider.ProviderName, Format, target, JsonSerializer.Serialize(content, BtPanelSnapshotJson.Default.BtPanelSnapshotContent));
    }

    public static TrafficSet Read(TargetSnapshot snapshot, string target)
    {
        snapshot.Require(BtPanelProvider.ProviderName, Format, target);
        var content = JsonSerializer.Deserialize(snapshot.Content, BtPanelSnapshotJson.Default.BtPanelSnapshotContent)!;
        return TrafficSet.Of(PrefixSet.Of(content.Sources.Select(IpPrefix.Parse)), PortSet.Of(content.Ports.Select(PortRange.Parse)));
    }
}
