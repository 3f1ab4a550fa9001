using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Guards;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.Sources;
using AllowlistSync.Core.Tests.Fixtures;
using AllowlistSync.Core.Tests.Planning;
using AllowlistSync.Core.Verifying;

namespace AllowlistSync.Core.Tests.Reporting;

/// <summary>The runs that the golden files show.</summary>
internal static class Reports
{
    private static readonly DateTimeOffset Now = Lists.Morning.AddMinutes(3);

    private static readonly Finding Foreign = new("foreign-entry", Severity.Warning, "rule 7 of chain input drops 104.16.0.0/13 on port 443 before our chain is reached", "move the rule below the jump to allowlist-sync, or delete it: nft delete rule inet filter input handle 7");

    private static readonly Defect Jump = new("jump-missing", "nothing jumps to chain allowlist-sync; the jump is put in front of the first rule that drops");

    private static readonly Ban Banned = new(IpPrefix.Parse("104.16.0.1/32"), "jail sshd") { Note = "since 2026-11-21 07:34:36, until 2026-11-21 08:44:36" };

    private static readonly Ban Wide = new(IpPrefix.Parse("104.0.0.0/8"), "csf.deny");

    /// <summary>Every kind of thing that a report can say.</summary>
    public static RunReport Everything { get; } = new("diff", "20261121T080300Z-4711", Now, [Believed(), Refused(), Silent()], [InSync(), Differs(), OnList(), Safety(), Broken(), Locked()]);

    // Opens one range and closes another; of what is wanted one range gets in, one does not, one nobody can say of.
    private static Rehearsal Proved()
    {
        var blocking = new RuleReference("ip saddr @f2b drop", "table inet f2b-table, chain f2b-chain, rule 1 (handle 4)");
        var proof = new Proof(
            [
                Piece("11.0.0.0/24", ReachabilityVerdict.Accepted),
                Piece("11.0.1.0/24", ReachabilityVerdict.Blocked) with { How = BlockKind.Drop, Rule = blocking },
                Piece("2606:4700::/32", ReachabilityVerdict.Unknown) with { Doubts = [new Doubt(blocking with { Text = "limit rate 2/minute accept" }, "limit rate 2/minute: depends on the rate or number of packets")] },
            ],
            []);
        return new Rehearsal(new SemanticDiff(Lists.OnWeb("11.0.0.0/24"), Lists.OnWeb("12.0.0.0/24")), proof, ReachabilityCheck.Judge(proof));
    }

    private static ProofPiece Piece(string prefix, ReachabilityVerdict verdict) =>
        new(new IpRange(IpPrefix.Parse(prefix).Family, IpPrefix.Parse(prefix).First, IpPrefix.Parse(prefix).Last), PortRange.Tcp(443), verdict);

    /// <summary>An apply that waits to be confirmed.</summary>
    public static RunReport Applied { get; } = new("apply", "20261121T080300Z-4712", Now, [Believed()], [Done()]);

    /// <summary>Nothing to do.</summary>
    public static RunReport Quiet { get; } = new("diff", "20261121T080300Z-4713", Now, [Believed()], [InSync()]);

    /// <summary>A target that <c>apply</c> leaves alone, and that would be offered for approval otherwise.</summary>
    public static RunReport Watched { get; } = new("apply", "20261121T080300Z-4714", Now, [], [Safety() with { Target = Lists.Target("watched") with { Mode = TargetMode.Report }, Status = TargetStatus.Differs }]);

    /// <summary>Messages and names that try to be more than text.</summary>
    public static RunReport Hostile { get; } = new("diff", "run", Now, [], [Broken() with
    {
        Wanted = null,
        Error = new TargetError(FailureKind.Protocol, Aftermath.Unknown, "\u001b[2J<img src=x onerror=alert(1)> | `rm -rf` **bold** @everyone [x](http://evil) \u202e\r\n# heading", "see <b>log</b>"),
    },
    ]);

    /// <summary>Lists that are too long to read.</summary>
    public static RunReport Long(int prefixes) => new("diff", "run", Now, [], [Target("web") with
    {
        Status = TargetStatus.Differs,
        Plan = Plans.Of([.. Enumerable.Range(0, prefixes).Select(i => $"{11 + (i >> 15)}.{(i >> 7) & 255}.{(i & 127) * 2}.0/24")], TrafficSet.Empty),
    },
    ]);

    private static TargetReport Target(string name) => new() { Target = Lists.Target(name) with { Provider = "nftables" }, Status = TargetStatus.InSync };

    private static SourceOutcome Believed() => new() { Name = "cloudflare", InForce = Judge(Lists.Cloudflare, Lists.Memory([.. Lists.Cloudflare, "1.2.3.0/24"])).InForce };

    private static SourceOutcome Refused()
    {
        var verdict = Judge([.. Lists.CloudflareV4.Take(10), .. Lists.CloudflareV6], Lists.Memory(Lists.Cloudflare));
        return new() { Name = "mirror", InForce = verdict.InForce, Refusals = verdict.Refusals, IfAccepted = verdict.IfAccepted };
    }

    private static SourceOutcome Silent() => new()
    {
        Name = "office",
        InForce = null,
        Answered = false,
        Refusals = [new Refusal("not-reachable", "source office: https://lists.example.org/office.txt did not answer within 10 s (3 tries)", "check the name and the proxy: curl -sS https://lists.example.org/office.txt")],
        Findings = [new Finding("no-list", Severity.Problem, "source office: no list was ever believed, so there is nothing to go by", "let this machine reach the source once")],
    };

    private static GuardVerdict Judge(string[] listed, SourceMemory? memory) => GuardChain.For(SourceKind.Cloudflare, GuardPolicy.Default).Judge(Lists.Snapshot(listed), memory, Lists.Morning);

    private static TargetReport InSync() => Target("db") with { Plan = Plans.Of(["11.0.0.0/24"], Lists.OnWeb("11.0.0.0/24")) };

    private static TargetReport Differs() => Target("web") with
    {
        Status = TargetStatus.Differs,
        Plan = Plans.Of(Lists.Cloudflare, Lists.OnWeb("104.16.0.0/13", "2400:cb00::/32", "198.51.100.0/24"), observed => observed with { Defects = [Jump], Foreign = [Foreign], Bans = [Banned, Wide] }, Lists.Target() with { LiftBans = true }) with
        {
            Pending = [new PendingRemoval(IpPrefix.Parse("1.2.3.0/24"), Lists.Morning.AddHours(-1), Lists.Morning.AddHours(71))],
        },
        Findings = [new Finding("interrupted", Severity.Info, "the apply of 2026-11-20 08:00:00Z was interrupted; the target was read afresh", "")],
    };

    // In sync with the list in force; the refused list would take nothing away today, and five prefixes in three days.
    private static TargetReport OnList() => Target("edge") with
    {
        Plan = Plans.Of([Refused().InForce!], Lists.OnWeb(Lists.Cloudflare)),
        IfAccepted = Plans.Of([Refused().IfAccepted!], Lists.OnWeb(Lists.Cloudflare)),
    };

    private static TargetReport Safety() => Target("mail") with
    {
        Status = TargetStatus.Refused,
        Plan = Plans.Of(["11.0.0.0/24"], Lists.OnWeb("11.0.0.0/24", "12.0.0.0/24")),
        Refusals = [new Refusal("removes-too-much", "15 of 15 IPv4 prefixes (100 % of the addresses) that the last apply let in would go (guard.maxRemovedPercent = 20)", "check `allow` and `sources` in the configuration; if this is what you want, approve it with `apply --accept FINGERPRINT`", CanBeAccepted: true)],
    };

    private static TargetReport Broken() => Target("cloud") with
    {
        Target = Lists.Target("cloud") with { Provider = "aws", Host = "ssh://ops@bastion.example.org" },
        Status = TargetStatus.Failed,
        Wanted = Lists.OnWeb("104.16.0.0/13", "2606:4700::/32"),
        Error = new TargetError(FailureKind.Permission, Aftermath.Untouched, "ec2:DescribeSecurityGroups is not allowed for arn:aws:iam::123456789012:user/ops", "give the role the policy that `allowlist-sync providers aws` prints"),
    };

    private static TargetReport Locked() => Target("spare") with
    {
        Target = Lists.Target("spare") with { Mode = TargetMode.Report },
        Status = TargetStatus.Locked,
        Error = new TargetError(FailureKind.Conflict, Aftermath.Untouched, "target spare is being worked on by process 42 (run-1) since 2026-11-21 08:00:00Z", "wait for that run to end; nothing was changed by this one"),
    };

    private static TargetReport Done() => Target("web") with
    {
        Status = TargetStatus.Applied,
        Plan = Plans.Of(["11.0.0.0/24", "2606:4700::/32"], Lists.OnWeb("12.0.0.0/24")),
        Rehearsal = Proved(),
        Actions = ["added 2 elements to set inet filter allowlist-sync-4 and allowlist-sync-6, removed 1"],
        ConfirmBy = Now.AddSeconds(60),
    };
}
