using System.Collections.Immutable;
using System.Text.Json;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>Reads chain objects.</summary>
internal static class NftJsonChains
{
    /// <summary>Where a chain is attached; null with <paramref name="problem"/> null for one that is only jumped to.</summary>
    public static BaseChain? Base(JsonElement chain, out string? problem)
    {
        problem = NftJson.HasOnly(chain, "family", "table", "name", "handle", "type", "hook", "prio", "dev", "devs", "policy", "comment", "flags")
            ? null : "has a key that is not known";
        if (!chain.TryGetProperty("hook"u8, out _) && !chain.TryGetProperty("type"u8, out _))
        {
            return null;
        }

        if (Hook(NftJson.Text(chain, "hook")) is not { } hook || Type(NftJson.Text(chain, "type")) is not { } type
            || !chain.TryGetProperty("prio"u8, out var prio) || prio.ValueKind != JsonValueKind.Number || !prio.TryGetInt32(out var priority)
            || Drops(NftJson.Text(chain, "policy")) is not { } drops)
        {
            problem = "is attached in a way that is not known";
            return null;
        }

        return new(type, hook, priority, drops) { Devices = Devices(chain, hook) };
    }

    private static ImmutableArray<string> Devices(JsonElement chain, Hook hook)
    {
        if (!chain.TryGetProperty("dev"u8, out var devices) && !chain.TryGetProperty("devs"u8, out devices))
        {
            return hook is Model.Hook.Ingress or Model.Hook.Egress ? default : [];
        }

        return devices.ValueKind switch
        {
            JsonValueKind.String => [devices.GetString()!],
            JsonValueKind.Array when devices.EnumerateArray().All(device => device.ValueKind == JsonValueKind.String) => [.. devices.EnumerateArray().Select(device => device.GetString()!)],
            _ => default,
        };
    }

    private static Hook? Hook(string? name) => name switch
    {
        "ingress" => Model.Hook.Ingress,
        "prerouting" => Model.Hook.Prerouting,
        "input" => Model.Hook.Input,
        "forward" => Model.Hook.Forward,
        "output" => Model.Hook.Output,
        "postrouting" => Model.Hook.Postrouting,
        "egress" => Model.Hook.Egress,
        _ => null,
    };

    private static ChainType? Type(string? name) => name switch
    {
        "filter" => ChainType.Filter,
        "nat" => ChainType.Nat,
        "route" => ChainType.Route,
        _ => null,
    };

    private static bool? Drops(string? policy) => policy switch
    {
        null or "accept" => false,
        "drop" => true,
        _ => null,
    };
}
