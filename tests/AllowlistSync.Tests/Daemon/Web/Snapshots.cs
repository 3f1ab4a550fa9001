using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Sources;
using AllowlistSync.Core.State;
using AllowlistSync.Daemon;

namespace AllowlistSync.Tests.Daemon.Web;

/// <summary>Made-up standings of a daemon.</summary>
internal static class Snapshots
{
    public static readonly DateTimeOffset Now = new(2026, 11, 28, 13, 20, 5, TimeSpan.Zero);

    /// <summary>What Cloudflare publishes, and the ranges that nobody else would pick.</summary>
    public static readonly ImmutableArray<string> Ranges =
    [
        "173.245.48.0/20", "103.21.244.0/22", "103.22.200.0/22", "103.31.4.0/22", "141.101.64.0/18", "108.162.192.0/18", "190.93.240.0/20", "188.114.96.0/20",
        "197.234.240.0/22", "198.41.128.0/17", "162.158.0.0/15", "104.16.0.0/13", "104.24.0.0/14", "172.64.0.0/13", "131.0.72.0/22",
        "2400:cb00::/32", "2606:4700::/32", "2803:f800::/32", "2405:b500::/32", "2405:8100::/32", "2a06:98c0::/29", "2c0f:f248::/32",
    ];

    /// <summary>Nothing configured, nothing known.</summary>
    public static DaemonSnapshot Empty { get; } = new() { At = Now, StartedAt = Now.AddMinutes(-1), Version = "0.1.0", Node = "web-1", ConfigHash = "3f2a9c1b7d42" };

    /// <summary>One target, everything well.</summary>
    public static DaemonSnapshot Good { get; } = Empty with
    {
        StartedAt = Now.AddDays(-12),
        Targets = [GoodTarget("web")],
        Sources = [Source("cloudflare")],
    };

    /// <summary>Every field used: good, blocked, refused, failed, paused, waiting; a source that is refused and one that is stale.</summary>
    public static DaemonSnapshot Full { get; } = Good with
    {
        ConfigProblem = "config.yaml:12:5: targets[0].ports[1]: 70000 is not a port; write 1-65535",
        Targets = [GoodTarget("web"), Blocked, RefusedTarget, FailedTarget, Paused, new TargetStanding(TargetOf("new", "ufw")) { NextRun = Now.AddMinutes(2) }],
        Sources = [Leaving, Stale, new SourceStanding("office")],
    };

    public static TargetStanding Blocked
    {
        get
        {
            var run = Run("mail", "failed") with
            {
                At = Now.AddMinutes(-4),
                Provider = "iptables",
                Error = new("Conflict", Severity.Problem, "wanted traffic is blocked by another rule (nothing was changed)", "remove or move the rule that is named"),
                Reach = [.. Cells(["443"], "blocked", 522).Take(3), .. Cells(["443"], "unknown", null).Skip(3).Take(2), .. Cells(["80"], "accepted", null), .. Cells(["443"], "accepted", null).Skip(5)],
                ReachCounts = new(39, 3, 2),
            };
            return new(TargetOf("mail", "iptables")) { Last = run, LastChange = Changed("mail") with { IsRepair = true, Repairs = 1, Lifted = 2 }, NextRun = Now.AddMinutes(10), Watches = "the kernel's rules", Recent = Runs("mail", 40, 4) };
        }
    }

    private static TargetStanding RefusedTarget => new(TargetOf("edge", "nftables", "ssh://root@edge-1.example.org"))
    {
        Last = Run("edge", "refused") with { Refusals = [new("removes-too-much", "the plan takes away 14 of 22 prefixes (64 %), and 20 % is the most", "look at `allowlist-sync diff`; `apply --accept 1234567890ab` carries it out", true)] },
        NextRun = Now.AddMinutes(9),
        Recent = Runs("edge", 10, 3),
    };

    private static TargetStanding FailedTarget => new(TargetOf("db", "firewalld"))
    {
        Last = Run("db", "failed") with
        {
            Error = new("Unavailable", Severity.Problem, "firewalld does not run (nothing was changed)", "start it: `systemctl start firewalld`"),
            Findings = [new("two-managers", Severity.Warning, "ufw filters beside firewalld", "switch one of them off"), new("note", Severity.Info, "sets are in force without a reload", "")],
        },
        NextRun = Now.AddMinutes(9),
        Recent = Runs("db", 20, 5),
    };

    private static TargetStanding Paused => new(TargetOf("jails", "fail2ban"))
    {
        Last = Run("jails", "differs") with { Trigger = RunTrigger.Drift, AddedCount = 4, Added = ["103.21.244.0/22 80,443"] },
        PausedUntil = Now.AddMinutes(40),
        NextRun = Now.AddMinutes(9),
        Watches = "jail.d and the kernel's rules",
        Recent = Runs("jails", 30, 2),
    };

    private static SourceStanding Leaving => Source("cloudflare") with
    {
        Memory = Memory("cloudflare", [new(IpPrefix.Parse("131.0.72.0/22"), Now.AddHours(-30), Now.AddHours(42))]),
        Refusals = [new("shrinks-too-much", "9 of 15 IPv4 prefixes are gone (60 %), and 20 % is the most", "look at https://www.cloudflare.com/ips, then `apply --accept`", true)],
    };

    private static SourceStanding Stale => Source("partner") with { Age = TimeSpan.FromDays(9), IsStale = true, Answered = false, AskedAt = Now.AddMinutes(-5) };

    /// <summary>A target that is as it should be.</summary>
    public static TargetStanding GoodTarget(string name, int runs = 48) => new(TargetOf(name, "nftables"))
    {
        Last = Run(name, "inSync"),
        LastChange = Changed(name),
        GoodSince = Now.AddDays(-11),
        NextRun = Now.AddMinutes(9).AddSeconds(55),
        Watches = "the kernel's rules",
        Recent = Runs(name, runs, 0),
    };

    public static Target TargetOf(string name, string provider, string host = "local") =>
        new() { Name = name, Provider = provider, Host = host, Allow = ["cloudflare", "office"], Ports = PortSet.Of([Port("80"), Port("443")]) };

    /// <summary>A run that proved all of Cloudflare's ranges.</summary>
    public static RunRecord Run(string target, string status) => new()
    {
        RunId = "20261128T131500Z-1",
        Node = "web-1",
        Trigger = RunTrigger.Schedule,
        Target = target,
        Provider = "nftables",
        At = Now.AddMinutes(-5).AddSeconds(-5),
        Took = TimeSpan.FromMilliseconds(184),
        Status = status,
        Reach = [.. Cells(["80", "443"], "accepted", null)],
        ReachCounts = new(44, 0, 0),
    };

    public static IEnumerable<ReachCell> Cells(string[] ports, string verdict, int? seen) => Ranges.SelectMany(range => ports.Select(port =>
        new ReachCell(range, port, verdict, seen, verdict == "accepted" ? "ip saddr @cloudflare4 accept" : "-A INPUT -p tcp -m conntrack --ctstate NEW -m limit --limit 5/sec -j DROP", "filter INPUT, rule 3")));

    public static SourceMemory Memory(string source, ImmutableArray<PendingRemoval> pending)
    {
        ImmutableArray<IpPrefix> prefixes = [.. Ranges.Select(IpPrefix.Parse)];
        var set = PrefixSet.Of(prefixes);
        return new(new() { Source = source, Kind = SourceKind.Cloudflare, Published = prefixes, Ranges = set, ETag = "38f79d050aa027e3be3865e495dcc9bc", FetchedAt = Now.AddMinutes(-5), Provenance = Provenance.CrossChecked }, set, pending);
    }

    private static PortRange Port(string text) => PortRange.TryParse(text, out var port) ? port : throw new ArgumentException(text, nameof(text));

    private static RunRecord Changed(string target) => Run(target, "applied") with
    {
        At = Now.AddDays(-3),
        AddedCount = 3,
        Added = ["104.24.0.0/14 80,443", "2a06:98c0::/29 80,443", "198.51.100.0/24 80,443"],
        RemovedCount = 1,
        Removed = ["199.27.128.0/21 80,443"],
    };

    private static ImmutableArray<RunRecord> Runs(string target, int count, int bad) =>
        [.. Enumerable.Range(0, count).Select(i => Brief(Run(target, StatusOf(i, count, bad)), i, count))];

    private static RunRecord Brief(RunRecord run, int i, int count) => run with
    {
        At = run.At.AddMinutes(-15 * (count - 1 - i)),
        Reach = [],
        Trigger = i % 11 == 7 ? RunTrigger.Drift : RunTrigger.Schedule,
        AddedCount = run.Status == "applied" ? 2 : 0,
        Error = run.Status == "failed" ? new("Unavailable", Severity.Problem, "the firewall does not answer", "start it") : null,
    };

    private static string StatusOf(int i, int count, int bad) => (i % 11, count - i <= bad) switch
    {
        (_, true) => "failed",
        (7, _) => "applied",
        (3, _) when i == 14 => "differs",
        _ => "inSync",
    };

    private static SourceStanding Source(string name) => new(name)
    {
        Memory = Memory(name, []),
        AskedAt = Now.AddMinutes(-5),
        Age = TimeSpan.FromMinutes(5),
        Lists =
        [
            new() { Source = name, At = Now.AddDays(-120), IPv4 = 15, IPv6 = 6, Added = Ranges, ETag = "a" },
            new() { Source = name, At = Now.AddDays(-3), IPv4 = 15, IPv6 = 7, Added = ["2a06:98c0::/29"], Removed = ["199.27.128.0/21"], ETag = "b" },
        ],
    };
}
