using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.Verifying;

namespace AllowlistSync.Core.Tests.Reporting;

/// <summary>Proofs with everything that a proof can say.</summary>
internal static class Proofs
{
    private static readonly PortRange Http = PortRange.Tcp(80);
    private static readonly PortRange Https = PortRange.Tcp(443);
    private static readonly DateTimeOffset At = new(2026, 11, 21, 8, 30, 0, TimeSpan.Zero);

    private static readonly ImmutableArray<IpPrefix> Asked =
        [.. new[] { "103.21.244.0/22", "104.16.0.0/13", "141.101.64.0/18", "173.245.48.0/20", "2400:cb00::/32", "2606:4700::/32" }.Select(IpPrefix.Parse)];

    private static readonly RuleReference Accept = new("ip saddr @cloudflare4 tcp dport { 80, 443 } accept", "table inet filter, chain input, rule 5 (handle 21)");
    private static readonly RuleReference Ban = new("ip saddr @addr-set-http reject with icmp port-unreachable", "table inet f2b-table, chain f2b-chain, rule 1 (handle 4)");
    private static readonly RuleReference Limit = new("-A INPUT -p tcp -m tcp --dport 443 -m hashlimit --hashlimit-above 50/sec --hashlimit-mode srcip --hashlimit-name web -j DROP", "iptables-legacy table filter, chain INPUT, rule 3");
    private static readonly RuleReference Policy = new("policy drop", "table inet filter, chain input");
    private static readonly RuleReference Output = new("policy drop", "table inet filter, chain output");

    /// <summary>One whole range blocked, one in part, one unknown, one family without a rule.</summary>
    public static ProofReport Everything { get; } = new("web", Asked, PortSet.Of(Http, Https), new Proof(
        [
            Piece("103.21.244.0/22", Http, ReachabilityVerdict.Blocked) with { How = BlockKind.AnswerDropped, Rule = Output, Trace = [Step("answer", "output", Output, "drop")] },
            Piece("104.16.0.0", "104.16.3.6", Http, ReachabilityVerdict.Accepted),
            Piece("104.16.3.7", "104.16.3.7", Http, ReachabilityVerdict.Blocked) with { How = BlockKind.Reject, Rule = Ban, Trace = [Step("first packet", "input", Ban, "reject")] },
            Piece("104.16.3.8", "104.23.255.255", Http, ReachabilityVerdict.Accepted),
            Piece("141.101.64.0/18", Http, ReachabilityVerdict.Accepted),
            Piece("173.245.48.0/20", Http, ReachabilityVerdict.Accepted),
            Dropped("2400:cb00::/32", Http),
            Dropped("2606:4700::/32", Http),
            Piece("103.21.244.0/22", Https, ReachabilityVerdict.Accepted) with { Reaches = ":8443" },
            Piece("104.16.0.0/13", Https, ReachabilityVerdict.Accepted) with { Reaches = ":8443" },
            Piece("141.101.64.0/18", Https, ReachabilityVerdict.Unknown) with { How = BlockKind.Drop, Rule = Limit, Doubts = [new Doubt(Limit, "hashlimit --hashlimit-above 50/sec: depends on the rate of packets")], Trace = [Step("first packet", "input", Limit, "drop")] },
            Piece("173.245.48.0/20", Https, ReachabilityVerdict.Accepted) with { Reaches = ":8443" },
            Dropped("2400:cb00::/32", Https),
            Dropped("2606:4700::/32", Https),
        ],
        ["IPv4 packets come through eth0, the interface of the default route"]))
    {
        Assumptions =
        [
            new(Certainty.Fine, "something listens on port 8443"),
            new(Certainty.Warning, "nothing listens on port 80 outside of loopback: visitors see 521 even when every packet gets in"),
            new(Certainty.Assumed, "no firewall in front of this host drops packets"),
        ],
    };

    /// <summary>All is well.</summary>
    public static ProofReport Quiet { get; } = new("local", Asked, PortSet.Of(Https), new Proof([.. Asked.Select(range => Piece(range.ToString(), Https, ReachabilityVerdict.Accepted))], ["a service listens on the port"]));

    /// <summary>A stranger wrote the rules.</summary>
    public static ProofReport Hostile
    {
        get
        {
            var evil = new RuleReference("\u001b[2J<img src=x> @everyone | **bold** \u202e drop", "table inet \r\nfake");
            return new ProofReport("local", [Asked[0]], PortSet.Of(Https), new Proof([Piece(Asked[0].ToString(), Https, ReachabilityVerdict.Blocked) with { How = BlockKind.Drop, Rule = evil, Trace = [Step("first packet", "input", evil, "drop")] }], []));
        }
    }

    /// <summary>A thousand ranges, the last one blocked.</summary>
    public static ProofReport Long(int ranges)
    {
        ImmutableArray<IpPrefix> asked = [.. Enumerable.Range(0, ranges).Select(number => IpPrefix.Create(IpFamily.IPv4, ((UInt128)10 << 24) + (UInt128)(number * 512), 24))];
        return new("local", asked, PortSet.Of(Https), new Proof([.. asked.Select((range, index) => index == ranges - 1 ? Dropped(range.ToString(), Https) : Piece(range.ToString(), Https, ReachabilityVerdict.Accepted))], []));
    }

    /// <summary>Everything that can be said, with bans of two targets.</summary>
    public static VerifyReport Whole { get; } = Report(Everything) with
    {
        Bans =
        [
            new TargetBans("bans", [new Ban(IpPrefix.Parse("104.16.0.1/32"), "jail sshd") { Note = "since 2026-11-21 07:34:36, for good" }], null),
            new TargetBans("csf", [], new Finding("bans-unreadable", Severity.Warning, "its bans could not be read: CSF is not installed on local: /usr/sbin/csf is not there", "install CSF, or use the provider of the firewall that is in use")),
        ],
    };

    public static VerifyReport Report(params ImmutableArray<ProofReport> proofs) => new("20261121T083000Z-7", At, proofs)
    {
        Subject = "the live rule set",
        Collection = [new CollectionTime("nft -j list ruleset", TimeSpan.FromMilliseconds(12.34), 4096)],
        Notes = ["`ipset save` ended with 1: Cannot open session to kernel"],
    };

    private static ProofPiece Dropped(string prefix, PortRange port) =>
        Piece(prefix, port, ReachabilityVerdict.Blocked) with { How = BlockKind.Drop, Rule = Policy, Trace = [Step("first packet", "input", Policy, "drop")] };

    private static ProofPiece Piece(string prefix, PortRange port, ReachabilityVerdict verdict) =>
        new(new IpRange(IpPrefix.Parse(prefix).Family, IpPrefix.Parse(prefix).First, IpPrefix.Parse(prefix).Last), port, verdict) { Rule = verdict == ReachabilityVerdict.Accepted ? Accept : null };

    private static ProofPiece Piece(string first, string last, PortRange port, ReachabilityVerdict verdict) =>
        new(new IpRange(IpFamily.IPv4, IpPrefix.Parse(first).First, IpPrefix.Parse(last).First), port, verdict) { Rule = verdict == ReachabilityVerdict.Accepted ? Accept : null };

    private static TraceStep Step(string packet, string hook, RuleReference rule, string verdict) => new(packet, hook, rule, verdict);
}
