using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Ufw;

/// <summary>The picture of what was ours, as JSON in a receipt.</summary>
/// <param name="Rules">Our rules, in order.</param>
internal sealed record UfwSnapshotContent(ImmutableArray<UfwSnapshotRule> Rules);

/// <summary>A rule in a snapshot.</summary>
/// <param name="Source">The prefix.</param>
/// <param name="Ports">The ports, as the configuration writes them.</param>
internal sealed record UfwSnapshotRule(string Source, string Ports);

/// <summary>The JSON of ufw snapshots.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(UfwSnapshotContent))]
internal sealed partial class UfwSnapshotJson : JsonSerializerContext;

/// <summary>Writes and reads snapshots. Pure.</summary>
internal static class UfwSnapshot
{
    private const int Format = 1;

    public static TargetSnapshot Of(Target target, UfwState state)
    {
        var rules = UfwView.Of(state, UfwMark.Of(target)).SelectMany(view => view.Own.Select(own => own.Rule).Where(rule => !view.AllowedByOthers.Contains(rule)).Distinct());
        var content = new UfwSnapshotContent([.. rules.Select(rule => new UfwSnapshotRule(rule.Source.ToString(), rule.Ports.ToString()))]);
        return new TargetSnapshot(UfwProvider.ProviderName, Format, target.Name, JsonSerializer.Serialize(content, UfwSnapshotJson.Default.UfwSnapshotContent));
    }

    public static ImmutableArray<UfwRule> Read(TargetSnapshot snapshot, string target)
    {
        snapshot.Require(UfwProvider.ProviderName, Format, target);
        var content = JsonSerializer.Deserialize(snapshot.Content, UfwSnapshotJson.Default.UfwSnapshotContent)!;
        return [.. content.Rules.Select(rule => new UfwRule(IpPrefix.Parse(rule.Source), PortSet.Of(rule.Ports.Split(',').Select(PortRange.Parse))))];
    }
}
