using System.Collections.Immutable;
using System.Text;
using System.Text.Json;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Host;

/// <summary>Reads what <c>ip -j address</c> and <c>ip -j route</c> print (ip-address(8), ip-route(8)).</summary>
internal static class HostFactsReader
{
    /// <summary>The facts; what no dump tells stays unknown.</summary>
    /// <exception cref="DumpException">A dump is no such JSON.</exception>
    internal static HostFacts Read(ImmutableArray<Dump> addresses, ImmutableArray<Dump> routes) => new()
    {
        Interfaces = addresses.IsEmpty ? default : [.. addresses.SelectMany(dump => Items(dump, "ip -j address", Interface))],
        Routes = routes.IsEmpty ? default : [.. routes.SelectMany(ReadRoutes)],
    };

    private static IEnumerable<Route> ReadRoutes(Dump dump)
    {
        var isIPv6 = IsIPv6(dump.Content.Span);
        return Items(dump, "ip -j route", item => Route(item, isIPv6)).OfType<Route>();
    }

    private static IEnumerable<T> Items<T>(Dump dump, string command, Func<JsonElement, T> read)
    {
        try
        {
            using var document = JsonDocument.Parse(dump.Content);
            return [.. document.RootElement.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object).Select(read)];
        }
        catch (JsonException problem)
        {
            throw new DumpException($"{dump.Name}: it is not whole JSON ({problem.Message})", $"Give the whole output of {command}.", problem);
        }
        catch (InvalidOperationException problem)
        {
            throw new DumpException($"{dump.Name}: it is not a list as {command} prints it.", $"Give the whole output of {command}.", problem);
        }
    }

    private static NetworkInterface Interface(JsonElement item) => new(
        Text(item, "ifname") ?? "",
        item.TryGetProperty("addr_info", out var list) && list.ValueKind == JsonValueKind.Array
            ? [.. list.EnumerateArray().Select(one => Text(one, "local")).OfType<string>().Select(Address).OfType<IpPrefix>()]
            : []);

    private static IpPrefix? Address(string text)
    {
        var family = text.Contains(':', StringComparison.Ordinal) ? IpFamily.IPv6 : IpFamily.IPv4;
        return AddressText.TryAddress(Encoding.UTF8.GetBytes(text), family, out var address) ? IpPrefix.Create(family, address, AddressText.Bits(family)) : null;
    }

    /// <summary>A route through an interface; null for one without: unreachable, blackhole.</summary>
    private static Route? Route(JsonElement item, bool isIPv6)
    {
        var type = Text(item, "type");
        if (type is not (null or "unicast") || Device(item) is not { } device || Text(item, "dst") is not { } to)
        {
            return null;
        }

        var family = to == "default" ? isIPv6 ? IpFamily.IPv6 : IpFamily.IPv4 : to.Contains(':', StringComparison.Ordinal) ? IpFamily.IPv6 : IpFamily.IPv4;
        var bytes = Encoding.UTF8.GetBytes(to == "default" ? isIPv6 ? "::/0" : "0.0.0.0/0" : to);
        return AddressText.TryMasked(bytes, family, out var address, out var mask) && AddressText.IsPrefix(mask, family)
            ? new(IpPrefix.Create(family, address, (int)UInt128.PopCount(mask)), device, Metric(item))
            : null;
    }

    /// <summary>The interface; of a route with several next hops the first.</summary>
    private static string? Device(JsonElement item) => Text(item, "dev")
        ?? (item.TryGetProperty("nexthops", out var hops) && hops.ValueKind == JsonValueKind.Array ? hops.EnumerateArray().Select(hop => Text(hop, "dev")).FirstOrDefault() : null);

    private static int Metric(JsonElement item) =>
        item.TryGetProperty("metric", out var metric) && metric.ValueKind == JsonValueKind.Number && metric.TryGetInt32(out var number) ? number : 0;

    /// <summary>Only IPv6 routes have <c>pref</c>, and an address with colons; "default" does not tell.</summary>
    private static bool IsIPv6(ReadOnlySpan<byte> content) =>
        content.IndexOf("\"pref\""u8) >= 0 || content.IndexOf("\"fe80::/64\""u8) >= 0 || content.IndexOf("::"u8) >= 0;

    private static string? Text(JsonElement item, string name) =>
        item.ValueKind == JsonValueKind.Object && item.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;
}
