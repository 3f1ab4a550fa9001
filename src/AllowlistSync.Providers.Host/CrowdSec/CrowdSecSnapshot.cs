using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.CrowdSec;

/// <summary>The picture of what was ours, as JSON in a receipt.</summary>
/// <param name="Sources">What our entries spared.</param>
internal sealed record CrowdSecSnapshotContent(ImmutableArray<string> Sources);

/// <summary>The JSON of crowdsec snapshots.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CrowdSecSnapshotContent))]
internal sealed partial class CrowdSecSnapshotJson : JsonSerializerContext;

/// <summary>Writes and reads snapshots. Pure.</summary>
internal static class CrowdSecSnapshot
{
    private const int Format = 1;

    public static TargetSnapshot Of(string target, CrowdSecState state)
    {
        // What an older way holds is what spares sources as long as the newer one holds nothing.
        var sources = state.HasAllowlists && state.Allowlist is null ? state.File.Sources : state.Own;
        var content = new CrowdSecSnapshotContent([.. sources.Prefixes().Select(prefix => prefix.ToString())]);
        return new TargetSnapshot(CrowdSecProvider.ProviderName, Format, target, JsonSerializer.Serialize(content, CrowdSecSnapshotJson.Default.CrowdSecSnapshotContent));
    }

    public static PrefixSet Read(TargetSnapshot snapshot, string target)
    {
        snapshot.Require(CrowdSecProvider.ProviderName, Format, target);
        return PrefixSet.Of(JsonSerializer.Deserialize(snapshot.Content, CrowdSecSnapshotJson.Default.CrowdSecSnapshotContent)!.Sources.Select(IpPrefix.Parse));
    }
}
