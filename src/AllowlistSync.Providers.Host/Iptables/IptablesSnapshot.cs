using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Iptables;

/// <summary>The picture of what was ours, as JSON in a receipt.</summary>
/// <param name="Families">What each family let in; none when nothing of ours was there.</param>
/// <param name="WithoutJump">The places whose jump was missing.</param>
internal sealed record IptablesSnapshotContent(ImmutableArray<IptablesSnapshotFamily> Families, ImmutableArray<string> WithoutJump);

/// <summary>A family in a snapshot.</summary>
internal sealed record IptablesSnapshotFamily(IpFamily Family, ImmutableArray<string> Sources, ImmutableArray<string> Ports);

/// <summary>The JSON of iptables snapshots.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(IptablesSnapshotContent))]
internal sealed partial class IptablesSnapshotJson : JsonSerializerContext;

/// <summary>Writes and reads snapshots. Pure. A picture holds what was let in, not in which form: what is put back is made as the settings say.</summary>
internal static class IptablesSnapshot
{
    private const int Format = 1;

    public static TargetSnapshot Of(string target, IptablesState state)
    {
        var exists = state.Places.Any(place => place.HoldsOurs) || state.Sets.Any(set => set.Info is not null);
        var content = new IptablesSnapshotContent(
            exists ? [.. state.Families.Select(family => Family(state, family))] : [],
            [.. state.Served.Where(place => place.Jump.Ours.IsEmpty && !place.Jump.IsEffective).Select(place => place.Place.Name)]);
        return new TargetSnapshot(IptablesProvider.ProviderName, Format, target, JsonSerializer.Serialize(content, IptablesSnapshotJson.Default.IptablesSnapshotContent));
    }

    public static IptablesLayout Read(TargetSnapshot snapshot, string target)
    {
        snapshot.Require(IptablesProvider.ProviderName, Format, target);
        var content = JsonSerializer.Deserialize(snapshot.Content, IptablesSnapshotJson.Default.IptablesSnapshotContent)!;
        return new IptablesLayout([.. content.Families.Select(family => new FamilyLayout(family.Family, PrefixSet.Of(family.Sources.Select(IpPrefix.Parse)), PortSet.Of(family.Ports.Select(PortRange.Parse))))])
        {
            WithoutJump = content.WithoutJump,
        };
    }

    // What an earlier configuration made counts too, so that an undo of a move cuts nobody off.
    private static IptablesSnapshotFamily Family(IptablesState state, IpFamily family)
    {
        var here = IptablesObservation.Allowed(state).Only(family);
        var traffic = !here.IsEmpty ? here : IptablesObservation.Allowed(state with { Places = [.. state.Places.Where(place => place.Place.Family == family && place.HasChain).Select(place => place with { IsServed = true })] });
        var ports = PortSet.Of(state.Places.Where(place => place.Place.Family == family).SelectMany(place => place.Rules).Select(rule => rule.Rule).OfType<AcceptRule>().SelectMany(rule => rule.Ports.Ranges));
        var slices = traffic.Slices;
        return new IptablesSnapshotFamily(
            family,
            [.. (slices.IsEmpty ? state.SetOf(family).Info?.Matches ?? PrefixSet.Empty : slices[0].Sources).Prefixes().Select(prefix => prefix.ToString())],
            [.. ports.Ranges.Select(port => port.ToString())]);
    }
}
