using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading;

namespace AllowlistSync.ProofScore.Cases;

/// <summary>The JSON beside a rule set: <c>iface</c>, <c>interfaces</c>, <c>addr4</c>, <c>addr6</c>, <c>client_mac</c>, <c>container</c>, <c>probes</c>.</summary>
internal sealed class CaseDocument(JsonElement root)
{
    internal static CaseDocument Read(string path)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(path));
        return new(document.RootElement.Clone());
    }

    internal string? Text(string name) => root.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    internal ProbeCase ToCase(string name, ImmutableArray<Dump> dumps)
    {
        var device = Text("iface") ?? throw new FormatException($"{name}: no \"iface\".");
        ImmutableArray<IpPrefix> local = [.. new[] { Text("addr4"), Text("addr6") }.OfType<string>().Select(IpPrefix.Parse)];
        var stateful = root.TryGetProperty("stateful", out var flag) && flag.ValueKind == JsonValueKind.True;
        var listeners = new Listeners(Text("container") is null ? local : [], root.TryGetProperty("listen", out var listen) ? [.. listen.EnumerateArray().Select(port => port.GetInt32())] : []);
        return new(Text("name") is { } title ? $"{name} ({title})" : name, (Text("kind") ?? "case").TrimEnd('-') + (stateful ? "/stateful" : ""))
        {
            Dumps = dumps,
            Host = Host(device, local),
            Interface = device,
            Local = local,
            Gateway = Text("client_mac") is { } mac ? UInt128.Parse(mac.Replace(":", "", StringComparison.Ordinal), NumberStyles.HexNumber, CultureInfo.InvariantCulture) : null,
            Probes = [.. root.GetProperty("probes").EnumerateArray().Select(probe => ReadProbe(probe) with { Listeners = listeners })],
        };
    }

    private HostFacts Host(string device, ImmutableArray<IpPrefix> local)
    {
        var names = root.TryGetProperty("interfaces", out var all) ? all.EnumerateArray().Select(item => item.GetString()!) : ["lo", device];
        var interfaces = names.Select(name => new NetworkInterface(name, Addresses(name, device, local))).ToList();
        List<Route> routes = [new(IpPrefix.Parse("0.0.0.0/0"), device, 0), new(IpPrefix.Parse("::/0"), device, 0)];
        if (Text("container") is { } container)
        {
            // Such as docker0=172.17.0.1/16,172.17.0.2: the bridge, its own address and network, and the container.
            var (bridge, value) = Split(container, '=');
            var (address, length) = Split(Split(value, ',').Before, '/');
            var own = IpPrefix.Parse(address);
            interfaces.Add(new(bridge, [own]));
            routes.Add(new(Network(own, int.Parse(length, CultureInfo.InvariantCulture)), bridge, 0));
        }

        return new() { Interfaces = [.. interfaces], Routes = [.. routes] };
    }

    private static ImmutableArray<IpPrefix> Addresses(string name, string device, ImmutableArray<IpPrefix> local) =>
        name == device ? local : name == "lo" ? [IpPrefix.Parse("127.0.0.1"), IpPrefix.Parse("::1")] : [];

    private static IpPrefix Network(IpPrefix address, int length)
    {
        var host = (UInt128.One << ((address.Family == IpFamily.IPv4 ? 32 : 128) - length)) - 1;
        return IpPrefix.Create(address.Family, address.First & ~host, length);
    }

    private static (string Before, string After) Split(string text, char at) =>
        text.IndexOf(at, StringComparison.Ordinal) is var index && index < 0 ? (text, "") : (text[..index], text[(index + 1)..]);

    private static Probe ReadProbe(JsonElement probe)
    {
        var path = probe.TryGetProperty("path", out var steps) && steps.ValueKind == JsonValueKind.Array ? steps.EnumerateArray().Select(ReadStep) : [];
        return new(IpPrefix.Parse(probe.GetProperty("src").GetString()!), probe.GetProperty("dport").GetUInt16(), Answer(probe.GetProperty("result").GetString()), [.. path]);
    }

    private static PathStep ReadStep(JsonElement step) =>
        new(step[0].GetString()!, step[1].GetString()!, step[2].GetString()!, step[3].ValueKind == JsonValueKind.Number ? step[3].GetInt64() : null);

    private static KernelAnswer Answer(string? text) => text switch
    {
        "accepted" => KernelAnswer.Accepted,
        "timeout" => KernelAnswer.Timeout,
        "refused" => KernelAnswer.Refused,
        "noreply" => KernelAnswer.NoReply,
        "half" => KernelAnswer.Half,
        _ => throw new FormatException($"An answer that nobody knows: {text}."),
    };
}
