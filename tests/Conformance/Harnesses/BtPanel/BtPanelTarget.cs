using System.Text.RegularExpressions;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.BtPanel;

namespace AllowlistSync.Conformance.Harnesses.BtPanel;

/// <summary>A host of its own with the chains and sets that the panel makes (script/init_firewall.sh of 2026-04), in a firewall that drops; the panel's program that saves is a stand-in.</summary>
public sealed partial class BtPanelTarget : SandboxTarget
{
    /// <summary>Where the panel is: /www belongs to no overlay of a sandbox, and the panel tells its place in /var/bt_setupPath.conf.</summary>
    public const string Panel = "/var/panel/server/panel";

    /// <summary>Runs the panel's program.</summary>
    public const string Service = $"{Panel}/pyenv/bin/python3 {Panel}/script/BT-FirewallServices.py";

    // The panel's own things, and what lies around them; the order of the drop set and the accept set is the panel's.
    private const string Load = $$"""
        for t in iptables ip6tables; do $t -P INPUT DROP; $t -F; $t -X; done
        iptables -t nat -F; iptables -t nat -X
        for s in $(ipset list -n); do ipset destroy $s; done
        iptables -A INPUT -i lo -j ACCEPT
        iptables -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        iptables -A INPUT -s 198.51.100.0/24 -p tcp --dport 22 -j ACCEPT
        ip6tables -A INPUT -s 2001:db8:1::/48 -p tcp --dport 22 -j ACCEPT
        for c in IN_BT IN_BT_log IN_BT_user_ip IN_BT_ip IN_BT_user_port OUT_BT OUT_BT_user_ip OUT_BT_user_port IN_BT_Country; do iptables -N $c; done
        iptables -t nat -N FORWARD_BT
        iptables -A INPUT -j IN_BT; iptables -A OUTPUT -j OUT_BT; iptables -t nat -A PREROUTING -j FORWARD_BT
        for c in IN_BT_log IN_BT_user_ip IN_BT_ip IN_BT_user_port; do iptables -A IN_BT -j $c; done
        for c in OUT_BT_user_ip OUT_BT_user_port; do iptables -A OUT_BT -j $c; done
        iptables -A IN_BT_ip -j IN_BT_Country
        for s in in_bt_user_accept_ipset in_bt_user_drop_ipset out_bt_user_accept_ipset out_bt_user_drop_ipset; do ipset create $s hash:net maxelem 100000 timeout 0; done
        for d in in:src out:dst; do
          c=$(echo ${d%:*} | tr a-z A-Z)_BT_user_ip
          iptables -A $c -m set --match-set ${d%:*}_bt_user_drop_ipset ${d#*:} -j DROP
          iptables -A $c -m set --match-set ${d%:*}_bt_user_accept_ipset ${d#*:} -j ACCEPT
        done
        ipset add in_bt_user_accept_ipset 198.51.100.20 timeout 0
        ipset add in_bt_user_drop_ipset 203.0.113.0/28 timeout 0
        iptables -A IN_BT_user_port -p udp --dport 5353 -j ACCEPT
        {{Service}} save
        """;

    private const string Listing = $"""
        (iptables-save; ip6tables-save) | sed -e '/^#/d' -e 's/ \[[0-9]*:[0-9]*\]$//'
        ipset save
        cat {Panel}/data/ipsetdata; sed 's/ \[[0-9]*:[0-9]*\]$//' {Panel}/data/iptablesdata
        """;

    private static readonly BtPanelMark Mark = BtPanelMark.Of(new Target { Name = "web", Provider = "btpanel", Allow = [], Ports = PortSet.Empty, Owner = Owner.TryCreate("als-test", out var made) ? made : Owner.Default });

    private BtPanelTarget(SandboxPlace place)
        : base(place)
    {
    }

    /// <inheritdoc/>
    public override ProviderSettings IPv4Only => ProviderSettings.None;

    /// <summary>Starts a host on which the panel has set up its firewall.</summary>
    public static async Task<BtPanelTarget> StartAsync(CancellationToken cancellationToken)
    {
        var target = new BtPanelTarget(await SandboxPlace.OpenAsync(listens: true, cancellationToken));
        var sandbox = target.Sandbox;
        var standIn = Path.Combine(AppContext.BaseDirectory, "StandIns", "btpanel", "BT-FirewallServices.py");
        await target.ShellAsync($"echo /var/panel > /var/bt_setupPath.conf; mkdir -p {Panel}/script {Panel}/data {Panel}/pyenv/bin; cp {standIn} {Panel}/script/; ln -s /bin/sh {Panel}/pyenv/bin/python3", cancellationToken);
        await target.ChangeAsync(ForeignChange.Reload, cancellationToken);
        return target;
    }

    /// <inheritdoc/>
    protected override string TakeToolAway => "mv /usr/sbin/xtables-nft-multi /usr/sbin/nft-away; mv /usr/sbin/xtables-legacy-multi /usr/sbin/legacy-away";

    /// <inheritdoc/>
    public override bool IsWrite(HostCommand command)
    {
        ArgumentNullException.ThrowIfNull(command);
        return command is { Program: "ipset", Arguments: ["restore", ..] } or { Program: $"{Panel}/pyenv/bin/python3" }
            || (command.Program.EndsWith("-restore", StringComparison.Ordinal) && !command.Arguments.Contains("--test"));
    }

    /// <inheritdoc/>
    public override async Task<string> ForeignAsync(CancellationToken cancellationToken) =>
        string.Join('\n', (await ShellAsync(Listing, cancellationToken)).Split('\n').Where(line => !line.Contains(Mark.Set, StringComparison.Ordinal) && !line.Contains(Mark.NewSet, StringComparison.Ordinal)).Select(line => InitialValue.Replace(line, "")));

    /// <inheritdoc/>
    public override async Task ChangeAsync(ForeignChange change, CancellationToken cancellationToken) => await ShellAsync(Script(change), cancellationToken);

    private static string Script(ForeignChange change) => change switch
    {
        ForeignChange.Reload => Load,
        ForeignChange.Reboot => $"for t in iptables ip6tables; do $t -P INPUT ACCEPT; $t -F; $t -X; done; iptables -t nat -F; iptables -t nat -X; for s in $(ipset list -n); do ipset destroy $s; done; for t in iptables ip6tables; do $t -P INPUT DROP; done; {Service} start",
        ForeignChange.RemoveOurs => $"iptables-save -t filter | grep -v {Mark.Set} | iptables-restore; ipset destroy {Mark.Set} || true; ipset destroy {Mark.NewSet} || true",
        ForeignChange.RemovePlace => "iptables -F; iptables -X; iptables -t nat -F; iptables -t nat -X",
        ForeignChange.TakeOurName => $"ipset create {Mark.Set} hash:ip",
        ForeignChange.AddUnreadable => $"iptables -A {BtPanelReader.Chain} -p udp --dport 5000 -m comment --comment mine -j ACCEPT; {Service} save",
        ForeignChange.Edit => $"iptables -A IN_BT_user_port -p udp --dport 53 -j ACCEPT; ipset add in_bt_user_drop_ipset 203.0.113.77 timeout 0; {Service} save",
        ForeignChange.Settle => ":",
        _ => throw new NotSupportedException($"{change} has no meaning for the panel"),
    };

    // Some versions of ipset draw a number for each set.
    [GeneratedRegex(" initval 0x[0-9a-f]+", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex InitialValue { get; }
}
