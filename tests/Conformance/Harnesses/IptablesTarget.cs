using System.Text.RegularExpressions;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Conformance.Harnesses;

/// <summary>The real iptables and ipset of a sandbox of its own, with an operator's rules of both families.</summary>
public sealed partial class IptablesTarget : SandboxTarget
{
    /// <summary>What all names of ours hold.</summary>
    public const string Owner = "als-test";

    private const string Mark = $"owner={Owner} ";

    private readonly IptablesWay _way;

    private IptablesTarget(IptablesWay way, SandboxPlace place)
        : base(place) => _way = way;

    /// <inheritdoc/>
    public override ProviderSettings Settings => _way.Settings;

    /// <summary>Starts a host whose operator has loaded his rules from /etc/operator.v4 and .v6.</summary>
    public static async Task<IConformanceTarget> StartAsync(IptablesWay way, CancellationToken cancellationToken) => await OpenAsync(way, cancellationToken);

    /// <summary>The same, for tests that need to know what it is.</summary>
    public static async Task<IptablesTarget> OpenAsync(IptablesWay way, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(way);
        var target = new IptablesTarget(way, await SandboxPlace.OpenAsync(listens: true, cancellationToken));
        var sandbox = target.Sandbox;
        await sandbox.WriteFileAsync("/etc/operator.v4", OperatorRules.IPv4, ct: cancellationToken);
        await sandbox.WriteFileAsync("/etc/operator.v6", OperatorRules.IPv6, ct: cancellationToken);
        await target.ShellAsync("ipset create bans hash:ip comment; ipset add bans 198.51.100.9 comment 'a scanner'; ipset create als-lookalike hash:net", cancellationToken);
        await target.ChangeAsync(ForeignChange.Reload, cancellationToken);
        return target;
    }

    /// <inheritdoc/>
    protected override string TakeToolAway => "mv /usr/sbin/xtables-nft-multi /usr/sbin/nft-away; mv /usr/sbin/xtables-legacy-multi /usr/sbin/legacy-away";

    /// <inheritdoc/>
    public override bool IsWrite(HostCommand command) =>
        command is { Program: "ipset", Arguments: ["restore", ..] } || (command.Program.EndsWith("-restore", StringComparison.Ordinal) && !command.Arguments.Contains("--test"));

    /// <inheritdoc/>
    public override async Task<string> ForeignAsync(CancellationToken cancellationToken)
    {
        var saves = await ShellAsync("for e in nft legacy; do for t in iptables ip6tables; do echo \"== $t-$e\"; $t-$e-save 2>/dev/null; done; done; echo == ipset; ipset save", cancellationToken);
        return string.Join('\n', saves.Split('\n').Where(IsForeign).Select(line => Counters.Replace(line, "")));
    }

    /// <inheritdoc/>
    public override async Task ChangeAsync(ForeignChange change, CancellationToken cancellationToken) => await ShellAsync(Script(change), cancellationToken);

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

    // Of policies; they grow with every packet.
    [GeneratedRegex(@" \[\d+:\d+\]$", RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Counters { get; }
}
