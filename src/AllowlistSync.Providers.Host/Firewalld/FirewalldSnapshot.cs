using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Firewalld;

/// <summary>The picture of what was ours, as JSON in a receipt.</summary>
/// <param name="Permanent">What our permanent configuration let in; null when there was none.</param>
/// <param name="Runtime">What ours in force let in; null when there was nothing.</param>
internal sealed record FirewalldSnapshotContent(ImmutableArray<FirewalldSnapshotSlice>? Permanent, ImmutableArray<FirewalldSnapshotSlice>? Runtime);

/// <summary>Some sources on some ports in a snapshot.</summary>
internal sealed record FirewalldSnapshotSlice(string Ports, ImmutableArray<string> Sources);

/// <summary>The JSON of firewalld snapshots.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(FirewalldSnapshotContent))]
internal sealed partial class FirewalldSnapshotJson : JsonSerializerContext;

/// <summary>Writes and reads snapshots. Pure.</summary>
internal static class FirewalldSnapshot
{
    private const int Format = 1;

    public static TargetSnapshot Of(string target, FirewalldState state)
    {
        var content = new FirewalldSnapshotContent(Slices(state.Permanent.Traffic), Slices(state.Runtime.Traffic));
        return new TargetSnapshot(FirewalldProvider.ProviderName, Format, target, JsonSerializer.Serialize(content, FirewalldSnapshotJson.Default.FirewalldSnapshotContent));
    }

    public static (FirewalldGoal Permanent, FirewalldGoal Runtime) Read(TargetSnapshot snapshot, string target)
    {
        snapshot.Require(FirewalldProvider.ProviderName, Format, target);
        var content = JsonSerializer.Deserialize(snapshot.Content, FirewalldSnapshotJson.Default.FirewalldSnapshotContent)!;
        return (Goal(content.Permanent), Goal(content.Runtime));
    }

    private static ImmutableArray<FirewalldSnapshotSlice>? Slices(TrafficSet traffic) => traffic.IsEmpty
        ? null
        : [.. traffic.Slices.Select(slice => new FirewalldSnapshotSlice(slice.Ports.ToString(), [.. slice.Sources.Prefixes().Select(prefix => prefix.ToString())]))];

    private static FirewalldGoal Goal(ImmutableArray<FirewalldSnapshotSlice>? slices) => FirewalldGoal.Of((slices ?? []).Aggregate(
        TrafficSet.Empty,
        (all, slice) => all.Union(TrafficSet.Of(PrefixSet.Of(slice.Sources.Select(IpPrefix.Parse)), PortSet.Of(PortRange.Parse(slice.Ports))))));
}
