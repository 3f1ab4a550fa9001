using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Fail2Ban;

/// <summary>The picture of what was ours, as JSON in a receipt.</summary>
/// <param name="Entries">The prefixes.</param>
internal sealed record Fail2BanSnapshotContent(ImmutableArray<string> Entries);

/// <summary>The JSON of fail2ban snapshots.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Fail2BanSnapshotContent))]
internal sealed partial class Fail2BanSnapshotJson : JsonSerializerContext;

/// <summary>Writes and reads snapshots. Pure.</summary>
internal static class Fail2BanSnapshot
{
    private const int Format = 1;

    public static TargetSnapshot Of(Target target, Fail2BanState state) => new(
        Fail2BanProvider.ProviderName,
        Format,
        target.Name,
        JsonSerializer.Serialize(new Fail2BanSnapshotContent([.. state.Entries.Select(entry => entry.ToString())]), Fail2BanSnapshotJson.Default.Fail2BanSnapshotContent));

    public static PrefixSet Read(TargetSnapshot snapshot, string target)
    {
        snapshot.Require(Fail2BanProvider.ProviderName, Format, target);
        return PrefixSet.Of(JsonSerializer.Deserialize(snapshot.Content, Fail2BanSnapshotJson.Default.Fail2BanSnapshotContent)!.Entries.Select(IpPrefix.Parse));
    }
}
