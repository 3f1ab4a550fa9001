using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Csf;

/// <summary>The picture of what was ours, as JSON in a receipt.</summary>
/// <param name="Entries">Our entries for CSF, in order.</param>
internal sealed record CsfSnapshotContent(ImmutableArray<string> Entries);

/// <summary>The JSON of csf snapshots.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CsfSnapshotContent))]
internal sealed partial class CsfSnapshotJson : JsonSerializerContext;

/// <summary>Writes and reads snapshots. Pure.</summary>
internal static class CsfSnapshot
{
    private const int Format = 1;

    public static TargetSnapshot Of(Target target, CsfState state)
    {
        var rules = CsfRule.For(CsfRule.Traffic(CsfView.Of(state, CsfMark.Of(target)).Written));
        return new TargetSnapshot(CsfProvider.ProviderName, Format, target.Name, JsonSerializer.Serialize(new CsfSnapshotContent([.. rules.Select(rule => rule.Subject)]), CsfSnapshotJson.Default.CsfSnapshotContent));
    }

    public static ImmutableArray<CsfRule> Read(TargetSnapshot snapshot, string target)
    {
        snapshot.Require(CsfProvider.ProviderName, Format, target);
        var content = JsonSerializer.Deserialize(snapshot.Content, CsfSnapshotJson.Default.CsfSnapshotContent)!;
        return [.. content.Entries.Select(entry => CsfRule.Read(entry) ?? throw new JsonException($"{entry} is no entry"))];
    }
}
