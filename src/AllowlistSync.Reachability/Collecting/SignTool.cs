using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AllowlistSync.Reachability.Collecting;

/// <summary>Reads <see cref="HostSigns"/> with cat, grep, ip and tc (iproute2 6). The only place that looks at what they print.</summary>
internal sealed class SignTool(DumpTool tool)
{
    // The state of a socket that listens, with a blank on both sides (include/net/tcp_states.h: TCP_LISTEN is 10).
    private const string ListenState = " 0A ";

    public async Task<HostSigns> ReadAsync(string? networkInterface, CancellationToken cancellationToken)
    {
        var files = FilesAsync(networkInterface, cancellationToken);
        var listening = ListeningAsync(cancellationToken);
        var policies = tool.RunAsync("ip", ["xfrm", "policy", "count"], null, cancellationToken);
        var xdp = HasXdpAsync(networkInterface, cancellationToken);
        var ingress = HasIngressFilterAsync(networkInterface, cancellationToken);
        var values = await files;
        return new HostSigns
        {
            ReversePathFilter = networkInterface is null ? null : Strictest(values, networkInterface),
            Tracked = values.TryGetValue(Count, out var count) && values.TryGetValue(Most, out var most) && long.TryParse(count[0], CultureInfo.InvariantCulture, out var tracked) && long.TryParse(most[0], CultureInfo.InvariantCulture, out var can) ? (tracked, can) : null,

            // Three lines are its heading (net/netfilter/ipvs/ip_vs_ctl.c).
            HasVirtualService = values.TryGetValue(VirtualServices, out var services) && services.Count > 3,
            Listening = await listening,
            IpsecPolicies = Policies(await policies),
            HasXdp = await xdp,
            HasIngressFilter = await ingress,
        };
    }

    private const string Count = "/proc/sys/net/netfilter/nf_conntrack_count";
    private const string Most = "/proc/sys/net/netfilter/nf_conntrack_max";
    private const string VirtualServices = "/proc/net/ip_vs";

    private static string FilterOf(string networkInterface) => $"/proc/sys/net/ipv4/conf/{networkInterface}/rp_filter";

    // One process for all of them: each line comes with the name of its file; a file that is not there says nothing.
    private async Task<Dictionary<string, List<string>>> FilesAsync(string? networkInterface, CancellationToken cancellationToken)
    {
        string[] paths = [Count, Most, VirtualServices, FilterOf("all"), .. networkInterface is null ? Array.Empty<string>() : [FilterOf(networkInterface)]];
        var answer = await tool.RunAnywayAsync("grep", ["-sH", "", .. paths], cancellationToken);
        var values = new Dictionary<string, List<string>>(StringComparer.Ordinal);
        foreach (var line in Lines(answer))
        {
            // An address in a value may hold a colon, a path of these does not.
            var colon = line.IndexOf(':', StringComparison.Ordinal);
            if (colon > 0)
            {
                (values.TryGetValue(line[..colon], out var list) ? list : values[line[..colon]] = []).Add(line[(colon + 1)..]);
            }
        }

        return values;
    }

    private static int? Strictest(Dictionary<string, List<string>> values, string networkInterface) =>
        values.TryGetValue(FilterOf("all"), out var all) && values.TryGetValue(FilterOf(networkInterface), out var own)
        && int.TryParse(all[0], CultureInfo.InvariantCulture, out var first) && int.TryParse(own[0], CultureInfo.InvariantCulture, out var second)
            ? Math.Max(first, second)
            : null;

    private async Task<ImmutableHashSet<int>?> ListeningAsync(CancellationToken cancellationToken)
    {
        var answer = await tool.RunAnywayAsync("grep", ["-sh", "-e", ListenState, "-e", "local_address", "/proc/net/tcp", "/proc/net/tcp6"], cancellationToken);

        // The heading is always there, unless the file could not be read.
        return answer.IsEmpty ? null : [.. Lines(answer).Select(PortOf).OfType<int>()];
    }

    // `0: 0100007F:1F90 00000000:0000 0A ...`: address and port in hexadecimal digits, the address in the byte order of the machine.
    private static int? PortOf(string line)
    {
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var local = fields.Length > 1 ? fields[1].Split(':') : [];
        return local.Length == 2 && !IsLoopback(local[0]) && int.TryParse(local[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var port) ? port : null;
    }

    private static bool IsLoopback(string address) =>
        address.Length == 8 ? address.EndsWith("7F", StringComparison.Ordinal) : address == "00000000000000000000000001000000";

    private async Task<bool?> HasXdpAsync(string? networkInterface, CancellationToken cancellationToken)
    {
        var link = networkInterface is null ? null : await tool.RunAsync("ip", ["-j", "link", "show", "dev", networkInterface], WholeOutput.Json, cancellationToken);
        return link?.End == ToolEnd.Done ? Items(link.Output).Any(item => item.TryGetProperty("xdp", out _)) : null;
    }

    private async Task<bool?> HasIngressFilterAsync(string? networkInterface, CancellationToken cancellationToken)
    {
        var disciplines = networkInterface is null ? null : await tool.RunAsync("tc", ["-j", "qdisc", "show", "dev", networkInterface], WholeOutput.Json, cancellationToken);
        if (disciplines?.End != ToolEnd.Done)
        {
            return null;
        }

        if (!Items(disciplines.Output).Any(item => item.TryGetProperty("kind", out var kind) && kind.GetString() is "ingress" or "clsact"))
        {
            return false;
        }

        var filters = await tool.RunAsync("tc", ["-j", "filter", "show", "dev", networkInterface!, "ingress"], WholeOutput.Json, cancellationToken);
        return filters.End == ToolEnd.Done ? Items(filters.Output).Length > 0 : null;
    }

    // ` SPD IN  1 OUT 0 FWD 0`
    private static int? Policies(ToolAnswer answer)
    {
        var words = answer.End == ToolEnd.Done ? Encoding.UTF8.GetString(answer.Output.Span).Split((char[])[' ', '\t', '\n'], StringSplitOptions.RemoveEmptyEntries) : [];
        return words is ["SPD", ..] ? words.Sum(word => int.TryParse(word, CultureInfo.InvariantCulture, out var number) ? number : 0) : null;
    }

    private static JsonElement[] Items(ReadOnlyMemory<byte> output)
    {
        if (output.Span.Trim(" \n"u8).IsEmpty)
        {
            return [];
        }

        using var document = JsonDocument.Parse(output);
        return document.RootElement.ValueKind == JsonValueKind.Array
            ? [.. document.RootElement.EnumerateArray().Where(item => item.ValueKind == JsonValueKind.Object).Select(item => item.Clone())]
            : [];
    }

    private static string[] Lines(ReadOnlyMemory<byte> output) =>
        Encoding.UTF8.GetString(output.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries);
}
