using System.Collections.Immutable;
using System.Text;
using System.Xml.Linq;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;
using AllowlistSync.CrashHost;
using AllowlistSync.Providers.Host.Firewalld;
using AllowlistSync.TestKit;

namespace AllowlistSync.Conformance.Harnesses;

/// <summary>The real firewalld of a sandbox of its own, with an operator's configuration.</summary>
public sealed class FirewalldTarget : IConformanceTarget
{
    // Only a test that fails waits for so long.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly Listener _listener;
    private readonly bool _isPolicy;
    private SandboxProcess? _daemon;

    private FirewalldTarget(bool isPolicy, Sandbox sandbox, PacketClient client, Listener listener)
    {
        _isPolicy = isPolicy;
        (Sandbox, Client, _listener) = (sandbox, client, listener);
        Host = SandboxHost.Of(sandbox);
        Firewalld = new FirewalldBus(Host.Bus);
        _ = Owner.TryCreate("als-test", out var owner);
        Mark = FirewalldMark.Of(new Target { Name = "web", Provider = "firewalld", Allow = [], Ports = PortSet.Empty, Owner = owner! });
    }

    /// <inheritdoc/>
    public Sandbox Sandbox { get; }

    /// <inheritdoc/>
    public IHost Host { get; }

    /// <summary>firewalld, for the operator.</summary>
    public FirewalldBus Firewalld { get; }

    /// <summary>The names of ours.</summary>
    public FirewalldMark Mark { get; }

    /// <inheritdoc/>
    public ProviderSettings Settings => FirewalldOptions.For(_isPolicy ? null : FirewalldOperator.Zone);

    /// <inheritdoc/>
    public ProviderSettings IPv4Only => Settings;

    /// <inheritdoc/>
    public PacketClient Client { get; }

    /// <summary>Starts a host with the operator's configuration.</summary>
    public static async Task<FirewalldTarget> StartAsync(bool isPolicy, string backend, CancellationToken cancellationToken)
    {
        var sandbox = await Sandbox.StartAsync(SandboxOptions.Default, cancellationToken);
        var client = await sandbox.ConnectClientAsync(cancellationToken);
        var target = new FirewalldTarget(isPolicy, sandbox, client, await Listener.StartAsync(sandbox, 22, 80, 443, 8443));
        foreach (var (path, content) in FirewalldOperator.Files)
        {
            await sandbox.WriteFileAsync("/etc/firewalld/" + path, content, ct: cancellationToken);
        }

        var config = await sandbox.ReadFileAsync("/etc/firewalld/firewalld.conf", cancellationToken);
        await sandbox.WriteFileAsync("/etc/firewalld/firewalld.conf", config.Replace("FirewallBackend=nftables", $"FirewallBackend={backend}", StringComparison.Ordinal), ct: cancellationToken);
        (await sandbox.RunAsync(["nft", "add table inet operator { chain input { type filter hook input priority 50; tcp dport 4444 drop; }; }"], ct: cancellationToken)).EnsureSuccess();
        (await sandbox.RunAsync(["dbus-daemon", "--system", "--fork", "--nopidfile"], ct: cancellationToken)).EnsureSuccess();
        await target.StartDaemonAsync(cancellationToken);
        await target.SettleFilesAsync(cancellationToken);
        return target;
    }

    /// <summary>Starts firewalld and waits until it has done so, whether well or not.</summary>
    public async Task StartDaemonAsync(CancellationToken cancellationToken)
    {
        _daemon = await Sandbox.StartProcessAsync(["firewalld", "--nofork", "--nopid"], cancellationToken);
        var began = TimeProvider.System.GetTimestamp();
        while (TimeProvider.System.GetElapsedTime(began) < Patience)
        {
            if (await Firewalld.StateAsync(cancellationToken) is "RUNNING" or "FAILED")
            {
                return;
            }

            await Task.Delay(TimeSpan.FromMilliseconds(15), TimeProvider.System, cancellationToken);
        }

        throw new InvalidOperationException("firewalld did not start: " + _daemon.StdErr);
    }

    /// <summary>Ends firewalld at once (SIGKILL); its rules stay.</summary>
    public async Task KillDaemonAsync(CancellationToken cancellationToken)
    {
        await _daemon!.DisposeAsync();
        _daemon = null;
        while ((await Firewalld.StateAsync(cancellationToken)).Length > 0)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, cancellationToken);
        }
    }

    /// <inheritdoc/>
    public bool IsWrite(HostCommand command) => false;

    /// <inheritdoc/>
    public async Task<string> ForeignAsync(CancellationToken cancellationToken)
    {
        var text = new StringBuilder();
        foreach (var (path, content) in await Sandbox.WithFilesAsync(() => FilesOf("/etc/firewalld")).WaitAsync(cancellationToken))
        {
            text.Append(WithoutOurs(path, content) is { Length: > 0 } foreign ? $"{path}\n{foreign}\n" : "");
        }

        if (_daemon is not null)
        {
            text.Append(await Firewalld.RuntimeAsync(Mark, cancellationToken));
        }

        return text.Append((await Sandbox.RunAsync(["nft", "-s", "list", "table", "inet", "operator"], ct: cancellationToken)).EnsureSuccess().StdOut).ToString();
    }

    /// <inheritdoc/>
    public async Task ChangeAsync(ForeignChange change, CancellationToken cancellationToken)
    {
        switch (change)
        {
            case ForeignChange.Reload or ForeignChange.Settle:
                break;
            case ForeignChange.Reboot:
                await KillDaemonAsync(cancellationToken);
                await StartDaemonAsync(cancellationToken);
                return;
            case ForeignChange.RemoveOurs:
                await Firewalld.RemoveOursAsync(Mark, FirewalldOperator.Zone, cancellationToken);
                break;
            case ForeignChange.RemovePlace when _isPolicy:
                await Firewalld.ObjectAsync("getPolicyByName", Mark.Policy, "policy", "remove", cancellationToken);
                break;
            case ForeignChange.RemovePlace:
                await Firewalld.RemoveOursAsync(Mark, FirewalldOperator.Zone, cancellationToken);
                await Firewalld.ObjectAsync("getZoneByName", FirewalldOperator.Zone, "zone", "remove", cancellationToken);
                break;
            case ForeignChange.TakeOurName when _isPolicy:
                await Firewalld.ConfigAsync("addPolicy", cancellationToken, new BusText(Mark.Policy), BusMap.Of("v", ("target", new BusVariant(new BusText("CONTINUE"))), ("ingress_zones", new BusVariant(BusValue.Texts(["lab"]))), ("egress_zones", new BusVariant(BusValue.Texts(["HOST"])))));
                break;
            case ForeignChange.TakeOurName:
                await Firewalld.ConfigAsync("addIPSet", cancellationToken, new BusText(Mark.Set(Core.Addresses.IpFamily.IPv4, isSpare: false)), FirewalldBus.Set("hash:ip", "somebody's", "9.9.9.9"));
                break;
            case ForeignChange.AddUnreadable:
                await Firewalld.ObjectAsync("getZoneByName", FirewalldOperator.Zone, "zone", "addRichRule", cancellationToken, new BusText($"rule family=\"ipv4\" source ipset=\"{Mark.Set(Core.Addresses.IpFamily.IPv4, isSpare: false)}\" service name=\"ssh\" accept"));
                break;
            case ForeignChange.Edit:
                await Firewalld.RuntimeCallAsync("zone", "addPort", cancellationToken, new BusText(FirewalldOperator.Zone), new BusText("5353"), new BusText("udp"), new BusNumber(0));
                await Firewalld.ObjectAsync("getIPSetByName", "bans", "ipset", "addEntry", cancellationToken, new BusText("100.64.0.0/16"));
                return;
            default:
                throw new NotSupportedException($"{change} has no meaning for firewalld");
        }

        await Firewalld.RuntimeCallAsync("", "reload", cancellationToken);
    }

    /// <inheritdoc/>
    public async Task<IHost> BreakAsync(Breakage breakage, CancellationToken cancellationToken)
    {
        switch (breakage)
        {
            case Breakage.ToolMissing:
                await KillDaemonAsync(cancellationToken);
                return Host;
            case Breakage.NoPermission:
                return new HostTap(Host) { BeforeOther = (_, operation) => throw new HostException(HostFailure.Denied, $"the system bus does not let this user call {operation}") };
            default:
                return new HostTap(Host) { AfterCall = (_, answer) => breakage == Breakage.Garbage ? [new BusNumber(7)] : answer[..(answer.Length / 2)] };
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _listener.DisposeAsync();
        await Client.DisposeAsync();
        await Sandbox.DisposeAsync();
    }

    // firewalld writes a file in its own way when it changes it: let it do so before anybody compares.
    private async Task SettleFilesAsync(CancellationToken cancellationToken)
    {
        foreach (var (zone, method) in new[] { (FirewalldOperator.Zone, "addRichRule"), (FirewalldOperator.Zone, "removeRichRule"), ("lab", "addRichRule"), ("lab", "removeRichRule") })
        {
            await Firewalld.ObjectAsync("getZoneByName", zone, "zone", method, cancellationToken, new BusText("rule family=\"ipv4\" source address=\"192.0.2.77\" drop"));
        }

        await Firewalld.ObjectAsync("getIPSetByName", "bans", "ipset", "addEntry", cancellationToken, new BusText("192.0.2.77/32"));
        await Firewalld.ObjectAsync("getIPSetByName", "bans", "ipset", "removeEntry", cancellationToken, new BusText("192.0.2.77/32"));
    }

    private static ImmutableArray<(string Path, string Content)> FilesOf(string directory) =>
    [
        .. Directory.EnumerateFiles(directory, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Where(path => !path.EndsWith(".old", StringComparison.Ordinal)).Select(path => (path, File.ReadAllText(path))),
    ];

    private string WithoutOurs(string path, string content)
    {
        if (Path.GetFileName(path).StartsWith(Mark.Stem, StringComparison.Ordinal) || Path.GetFileName(path) == Mark.Policy + ".xml")
        {
            return content.Contains(Mark.Comment, StringComparison.Ordinal) ? "" : content;
        }

        if (!path.Contains("/zones/", StringComparison.Ordinal))
        {
            return content;
        }

        var zone = XDocument.Parse(content, LoadOptions.PreserveWhitespace);
        var ours = zone.Root!.Elements("rule").Where(IsOurs).ToList();
        ours.ForEach(rule => rule.PreviousNode?.Remove());
        ours.ForEach(rule => rule.Remove());
        return zone.ToString(SaveOptions.DisableFormatting);
    }

    private bool IsOurs(XElement rule) =>
        ((string?)rule.Attribute("priority") == $"{Mark.Priority}" || ((string?)rule.Element("source")?.Attribute("ipset"))?.StartsWith(Mark.Stem, StringComparison.Ordinal) == true)
        && rule.Element("port") is not null;
}
