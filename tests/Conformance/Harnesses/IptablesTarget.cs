using System.Text.RegularExpressions;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;
using AllowlistSync.CrashHost;
using AllowlistSync.TestKit;

namespace AllowlistSync.Conformance.Harnesses;

/// <summary>The real iptables and ipset of a sandbox of its own, with an operator's rules of both families.</summary>
public sealed partial class IptablesTarget : IConformanceTarget
{
    /// <summary>What all names of ours hold.</summary>
    public const string Owner = "als-test";

    private const string Mark = $"owner={Owner} ";

    private readonly Listener _listener;
    private readonly IptablesWay _way;

    private IptablesTarget(IptablesWay way, Sandbox sandbox, PacketClient client, Listener listener)
    {
        _way = way;
        Sandbox = sandbox;
        Client = client;
        _listener = listener;
        Host = SandboxHost.Of(sandbox);
    }

    /// <inheritdoc/>
    public Sandbox Sandbox { get; }

    /// <inheritdoc/>
    public IHost Host { get; }

    /// <inheritdoc/>
    public ProviderSettings Settings => _way.Settings;

    /// <inheritdoc/>
    public ProviderSettings IPv4Only => throw new NotSupportedException("every target of this provider holds both families");

    /// <inheritdoc/>
    public PacketClient Client { get; }

    /// <summary>Starts a host whose operator has loaded his rules from /etc/operator.v4 and .v6.</summary>
    public static async Task<IConformanceTarget> StartAsync(IptablesWay way, CancellationToken cancellationToken) => await OpenAsync(way, cancellationToken);

    /// <summary>The same, for tests that need to know what it is.</summary>
    public static async Task<IptablesTarget> OpenAsync(IptablesWay way, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(way);
        var sandbox = await Sandbox.StartAsync(SandboxOptions.Default, cancellationToken);
        var client = await sandbox.ConnectClientAsync(cancellationToken);
        var target = new IptablesTarget(way, sandbox, client, await Listener.StartAsync(sandbox, 22, 80, 443, 8443));
        await sandbox.WriteFileAsync("/etc/operator.v4", OperatorRules.IPv4, ct: cancellationToken);
        await sandbox.WriteFileAsync("/etc/operator.v6", OperatorRules.IPv6, ct: cancellationToken);
        await target.BashAsync("ipset create bans hash:ip comment; ipset add bans 198.51.100.9 comment 'a scanner'; ipset create als-lookalike hash:net", cancellationToken);
        await target.ChangeAsync(ForeignChange.Reload, cancellationToken);
        return target;
    }

    /// <inheritdoc/>
    public bool IsWrite(HostCommand command) =>
        command is { Program: "ipset", Arguments: ["restore", ..] } || (command.Program.EndsWith("-restore", StringComparison.Ordinal) && !command.Arguments.Contains("--test"));

    /// <inheritdoc/>
    public async Task<string> ForeignAsync(CancellationToken cancellationToken)
    {
        var saves = await BashAsync("for e in nft legacy; do for t in iptables ip6tables; do echo \"== $t-$e\"; $t-$e-save 2>/dev/null; done; done; echo == ipset; ipset save", cancellationToken);
        return string.Join('\n', saves.Split('\n').Where(IsForeign).Select(line => Counters.Replace(line, "")));
    }

    /// <summary>Runs a script of bash that must go well; what it printed.</summary>
    public async Task<string> BashAsync(string script, CancellationToken cancellationToken) => (await Sandbox.RunAsync(["bash", "-ec", script], ct: cancellationToken)).EnsureSuccess().StdOut;

    /// <inheritdoc/>
    public async Task ChangeAsync(ForeignChange change, CancellationToken cancellationToken) => await BashAsync(Script(change), cancellationToken);

    /// <inheritdoc/>
    public async Task<IHost> BreakAsync(Breakage breakage, CancellationToken cancellationToken)
    {
        switch (breakage)
        {
            case Breakage.ToolMissing:
                await BashAsync("mv /usr/sbin/xtables-nft-multi /usr/sbin/nft-away; mv /usr/sbin/xtables-legacy-multi /usr/sbin/legacy-away", cancellationToken);
                return Host;
            case Breakage.NoPermission:
                return SandboxHost.Of(Sandbox, "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--");
            default:
                return new HostTap(Host) { After = (_, _, result) => result with { Output = Damage(breakage, result.Output) } };
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        await Client.DisposeAsync();
        await Sandbox.DisposeAsync();
    }

    private string Script(ForeignChange change) => change switch
    {
        ForeignChange.Reload => Each("$t-restore < /etc/operator.v$v"),
        ForeignChange.RemoveOurs => Each($"$t-save | grep -v {Owner}/ | $t-restore") + $"; for s in {Owner}/web/v4 {Owner}/web/v6; do ipset destroy $s || true; done",
        ForeignChange.BlockAhead => Each("$t -w 5 -I INPUT 1 -p tcp -m multiport --dports 80,443 -m comment --comment panic -j DROP"),
        ForeignChange.RemovePlace => Each("$t -P INPUT ACCEPT; $t -P FORWARD ACCEPT; $t -F; $t -X") + (_way.Engine == "nft" ? "; nft delete table ip filter; nft delete table ip6 filter" : ""),
        ForeignChange.TakeOurName => Each($"$t -N {Owner}/web; $t -A {Owner}/web -p tcp -j ACCEPT"),
        ForeignChange.AddUnreadable => Each($"$t -A {Owner}/web -p udp -m udp --dport 5353 -m comment --comment mine -j ACCEPT"),
        ForeignChange.Edit => Each("$t -A INPUT -p udp -m udp --dport 53 -j ACCEPT") + "; ipset -exist add bans 198.51.100.77",
        ForeignChange.Settle => ":",
        _ => throw new NotSupportedException($"{change} has no meaning for iptables"),
    };

    // t: the tool of family and engine; v: the family.
    private string Each(string command) => $"for v in 4 6; do t=iptables-{_way.Engine}; [ $v = 4 ] || t=ip6tables-{_way.Engine}; {command}; done";

    // A rule in our chain that does not carry our mark is somebody else's.
    private static bool IsForeign(string line) => !line.StartsWith('#') && !line.Contains(Mark, StringComparison.Ordinal)
        && !line.StartsWith($":{Owner}/", StringComparison.Ordinal)
        && !Array.Exists(["create ", "add "], verb => line.StartsWith($"{verb}{Owner}/", StringComparison.Ordinal) || line.StartsWith($"{verb}+{Owner}/", StringComparison.Ordinal));

    private static ReadOnlyMemory<byte> Damage(Breakage breakage, ReadOnlyMemory<byte> output) => breakage switch
    {
        Breakage.Garbage => "table inet filter {\n}\n"u8.ToArray(),
        Breakage.Silence => ReadOnlyMemory<byte>.Empty,
        _ => output[..(output.Length / 2)],
    };

    // Of policies; they grow with every packet.
    [GeneratedRegex(@" \[\d+:\d+\]$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Counters { get; }
}
