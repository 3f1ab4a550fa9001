using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Nftables;

/// <summary>The picture of what was ours, as JSON in a receipt.</summary>
/// <param name="Exists">Whether anything of ours was there.</param>
/// <param name="Sources">What our sets held.</param>
/// <param name="Rules">Our rules: the family and the ports of each.</param>
/// <param name="Jump">Where our jump stood; null in the set way, and when jumps of ours stood elsewhere.</param>
internal sealed record NftSnapshotContent(bool Exists, ImmutableArray<string> Sources, ImmutableArray<NftSnapshotRule> Rules, JumpPlace? Jump);

/// <summary>A rule in a snapshot.</summary>
internal sealed record NftSnapshotRule(IpFamily Family, string Ports);

/// <summary>The JSON of nftables snapshots.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(NftSnapshotContent))]
internal sealed partial class NftSnapshotJson : JsonSerializerContext;

/// <summary>Writes and reads snapshots. Pure.</summary>
internal static class NftSnapshot
{
    private const int Format = 1;

    public static TargetSnapshot Of(string target, NftState state)
    {
        var (sets, rules, stray) = Content(state);
        var exists = stray || state.ChainExists || state.Jump is null || state.Sets.Any(set => set.Info is not null);
        var content = new NftSnapshotContent(
            exists,
            [.. sets.SelectMany(set => set.Plain.Prefixes()).Select(prefix => prefix.ToString())],
            [.. rules.Select(rule => new NftSnapshotRule(rule.Family, rule.Ports.ToString()))],
            state.Elsewhere.IsEmpty ? state.Jump?.Place : null);
        return new TargetSnapshot(NftablesProvider.ProviderName, Format, target, JsonSerializer.Serialize(content, NftSnapshotJson.Default.NftSnapshotContent));
    }

    // What stood elsewhere is not put back there: the configuration does not name that place any more. So that an undo cuts nobody off, what
    // it let in is put back into the configured place, if nothing of ours was there.
    private static (IEnumerable<FilledSet> Sets, IEnumerable<OwnRule> Rules, bool IsStray) Content(NftState state)
    {
        var rules = state.Rules.Select(rule => rule.Rule).OfType<OwnRule>();
        var isEmpty = !state.ChainExists && state.Sets.All(set => set.Plain.IsEmpty);
        var stray = isEmpty ? state.Elsewhere.FirstOrDefault(place => place.Rules.Any(rule => rule.Rule is not null)) : null;
        if (stray is null)
        {
            return (state.Sets, rules, false);
        }

        var families = state.Sets.Select(set => set.Family).ToList();
        return (
            stray.Sets.Where(set => families.Contains(set.Family)),
            stray.Rules.Select(rule => rule.Rule).OfType<OwnRule>().Where(rule => families.Contains(rule.Family)).Distinct(),
            true);
    }

    public static NftLayout Read(TargetSnapshot snapshot, string target)
    {
        snapshot.Require(NftablesProvider.ProviderName, Format, target);
        var content = JsonSerializer.Deserialize(snapshot.Content, NftSnapshotJson.Default.NftSnapshotContent)!;
        var rules = content.Rules.Select(rule => new OwnRule(rule.Family, PortSet.Of(rule.Ports.Split(',').Select(PortRange.Parse))));
        return new NftLayout(PrefixSet.Of(content.Sources.Select(IpPrefix.Parse)), [.. rules], content.Exists) { Jump = content.Jump };
    }
}
