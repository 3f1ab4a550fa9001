using System.Text.Json;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;

namespace AllowlistSync.Core.Planning;

/// <summary>The canonical JSON of a plan: fixed order of keys, sorted entries, no times that change from run to run. It is what a fingerprint is made of.</summary>
public static class PlanJson
{
    /// <summary>
    /// Writes a plan as one JSON object. What stays by policy and what waits to leave are part of it, without dates: whoever approves a
    /// list that shrank approves just that, although nothing else may change today.
    /// </summary>
    public static void Write(Utf8JsonWriter json, Plan plan)
    {
        var target = plan.Target;
        json.WriteStartObject();
        json.WriteString("target", target.Name);
        json.WriteString("provider", target.Provider);
        json.WriteString("host", target.Host);
        json.WriteString("place", target.Place);
        json.WriteString("owner", target.Owner.Name);
        json.WriteString("revision", plan.Changes.Observed.Revision);
        WriteTraffic(json, "add", plan.Changes.Add);
        WriteTraffic(json, "remove", plan.Changes.Remove);
        json.WriteStartArray("repairs");
        foreach (var repair in plan.Changes.Repairs)
        {
            json.WriteStringValue(repair.Id);
        }

        json.WriteEndArray();
        WriteLifts(json, plan);
        WriteTraffic(json, "kept", plan.Kept);
        json.WriteStartArray("leaving");
        foreach (var removal in plan.Pending)
        {
            json.WriteStringValue(removal.Prefix.ToString());
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }

    // Only where there are any: the fingerprint of every other plan stays what it was.
    private static void WriteLifts(Utf8JsonWriter json, Plan plan)
    {
        if (plan.Changes.Lift.IsEmpty)
        {
            return;
        }

        json.WriteStartArray("lift");
        foreach (var ban in plan.Changes.Lift)
        {
            json.WriteStringValue($"{ban.Prefix} by {ban.By}");
        }

        json.WriteEndArray();
    }

    /// <summary>Writes traffic as an array of <c>{ "prefix", "ports" }</c>; a single TCP port is a number, any other a text as in the configuration.</summary>
    public static void WriteTraffic(Utf8JsonWriter json, string name, TrafficSet traffic)
    {
        Span<byte> text = stackalloc byte[IpPrefix.MaxTextLength];
        json.WriteStartArray(name);
        foreach (var entry in traffic.Entries())
        {
            json.WriteStartObject();
            _ = entry.Prefix.TryFormat(text, out var length, default, null);
            json.WriteString("prefix"u8, text[..length]);
            json.WriteStartArray("ports"u8);
            foreach (var range in entry.Ports.Ranges)
            {
                WritePort(json, range);
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes ports as a value: a single TCP port is a number, any other a text as in the configuration.</summary>
    internal static void WritePort(Utf8JsonWriter json, PortRange range)
    {
        if (range.Protocol == TransportProtocol.Tcp && range.First == range.Last)
        {
            json.WriteNumberValue(range.First);
        }
        else
        {
            json.WriteStringValue(range.ToString());
        }
    }
}
