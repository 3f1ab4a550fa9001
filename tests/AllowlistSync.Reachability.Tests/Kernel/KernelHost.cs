using System.Collections.Immutable;
using System.Net;
using System.Text;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading;
using AllowlistSync.Reachability.Tests.Kernel.Generating;
using AllowlistSync.TestKit;

namespace AllowlistSync.Reachability.Tests.Kernel;

/// <summary>Runs a program on the host in question.</summary>
internal delegate Task<SandboxResult> ToolRun(IReadOnlyList<string> argv, string? stdin, CancellationToken ct);

/// <summary>What the kernel and its tools say of a host with a rule set: loads it, and collects what a program on that host could read.</summary>
internal static class KernelHost
{
    private static readonly (DumpKind Kind, string[] Argv)[] Dumpers =
    [
        (DumpKind.NftJson, ["nft", "-j", "list", "ruleset"]),
        (DumpKind.NftText, ["nft", "list", "ruleset"]),
        (DumpKind.IptablesLegacy, ["iptables-legacy-save"]),
        (DumpKind.Ip6tablesLegacy, ["ip6tables-legacy-save"]),
        (DumpKind.IptablesNft, ["iptables-nft-save"]),
        (DumpKind.Ip6tablesNft, ["ip6tables-nft-save"]),
        (DumpKind.Ipset, ["ipset", "save"]),
    ];

    /// <summary>The programs that all this takes.</summary>
    public static string[] Programs { get; } = ["nft", "ipset", "iptables-legacy-restore", "ip6tables-legacy-restore", "iptables-nft-restore", "ip6tables-nft-restore"];

    /// <summary>The client's hardware address as a number.</summary>
    public static UInt128 ClientMac { get; } = Convert.ToUInt64(HandshakeLab.ClientMac.Replace(":", "", StringComparison.Ordinal), 16);

    /// <summary>Addresses, interfaces and routes of a <see cref="HandshakeLab"/>.</summary>
    public static HostFacts Facts(HandshakeOptions options)
    {
        List<NetworkInterface> interfaces = [new("lo", [IpPrefix.Parse("127.0.0.1"), IpPrefix.Parse("::1")]), new("eth0", [IpPrefix.Parse("192.0.2.2"), IpPrefix.Parse("2001:db8::2")])];
        interfaces.AddRange(options.ExtraInterfaces.Select(name => new NetworkInterface(name, [])));
        List<Route> routes = [new(IpPrefix.Parse("0.0.0.0/0"), "eth0", 0), new(IpPrefix.Parse("192.0.2.0/30"), "eth0", 0), new(IpPrefix.Parse("::/0"), "eth0", 1024), new(IpPrefix.Parse("2001:db8::/64"), "eth0", 256)];
        if (options.Container is { } container)
        {
            interfaces.Add(new(container.Interface, [IpPrefix.Parse($"{container.Gateway}")]));
            routes.Add(new(IpPrefix.Parse("172.17.0.0/24"), container.Interface, 0));
        }

        return new() { Interfaces = [.. interfaces], Routes = [.. routes] };
    }

    /// <exception cref="InvalidOperationException">A tool refused its text; the message holds both.</exception>
    public static async Task LoadAsync(ToolRun run, IEnumerable<Load> loads, CancellationToken ct)
    {
        foreach (var load in loads)
        {
            var said = await run(Loader(load.Kind), load.Text, ct);
            if (said.ExitCode != 0)
            {
                throw new InvalidOperationException($"{load.Kind} refused: {said.StdErr}\n{load.Text}");
            }
        }
    }

    /// <summary>All that the tools print.</summary>
    public static async Task<ImmutableArray<Dump>> DumpAsync(ToolRun run, CancellationToken ct)
    {
        var dumps = await Task.WhenAll(Dumpers.Select(async dumper =>
        {
            var said = (await run(dumper.Argv, null, ct)).EnsureSuccess();
            return new Dump(string.Join(' ', dumper.Argv), Encoding.UTF8.GetBytes(said.StdOut)) { Kind = dumper.Kind };
        }));
        return [.. dumps];
    }

    /// <summary>An address as the reachability model has it.</summary>
    public static IpRange RangeOf(IPAddress address)
    {
        var prefix = IpPrefix.Parse($"{address}");
        return new(prefix.Family, prefix.First, prefix.Last);
    }

    private static string[] Loader(LoadKind kind) => kind switch
    {
        LoadKind.Ipset => ["ipset", "restore", "-exist"],
        LoadKind.IptablesLegacy => ["iptables-legacy-restore", "-w", "5"],
        LoadKind.Ip6tablesLegacy => ["ip6tables-legacy-restore", "-w", "5"],
        LoadKind.IptablesNft => ["iptables-nft-restore"],
        LoadKind.Ip6tablesNft => ["ip6tables-nft-restore"],
        _ => ["nft", "-f", "-"],
    };
}
