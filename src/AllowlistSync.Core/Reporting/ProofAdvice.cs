using System.Collections.Immutable;
using AllowlistSync.Core.Verifying;

namespace AllowlistSync.Core.Reporting;

/// <summary>What can be done about a piece that is not accepted, in one line. Pure.</summary>
internal static class ProofAdvice
{
    private const string Established = "`ct state established,related accept` (iptables: `-m conntrack --ctstate ESTABLISHED,RELATED -j ACCEPT`)";

    // firewalld asks the rich rules that deny before those that accept.
    private const string Firewalld = "firewalld made this rule: if a rich rule denies these ranges, take that out (`firewall-cmd --list-all-zones` shows it); else open the ports for them in the zone (a rich rule or a source zone); then `firewall-cmd --reload`";

    // Rules that a tool makes are undone by that tool, or they come back. The first name that is in the rule, its place or its chain decides.
    private static readonly ImmutableArray<(string Name, string Advice)> Tools =
    [
        ("f2b-", "fail2ban banned it: a target with `provider: fail2ban` lifts such bans and keeps them from coming back; a proxied site should ban by the visitor's address instead"),
        ("crowdsec", "CrowdSec banned it: `cscli decisions delete --ip ADDRESS`, and put Cloudflare's ranges into a CrowdSec allowlist"),
        ("DENYIN", "CSF denies it: `csf -dr ADDRESS` (and `csf -tr ADDRESS`), and put Cloudflare's ranges into csf.ignore"),
        ("DENYOUT", "CSF denies it on the way out: `csf -dr ADDRESS` (and `csf -tr ADDRESS`), and put Cloudflare's ranges into csf.ignore"),
        ("LOGDROP", "CSF denies it: `csf -g ADDRESS` shows the entry, `csf -dr ADDRESS` takes it out; put Cloudflare's ranges into csf.ignore"),
        ("LOCALINPUT", "CSF looks at its lists here: `csf -g ADDRESS` shows the entry, `csf -dr ADDRESS` takes it out"),
        ("DOCKER-USER", "this chain is yours: accept these ranges above that rule (`-j RETURN` in DOCKER-USER), or take it out"),
        ("ufw-", "ufw made this rule: `ufw status numbered` shows it; a rule for these ranges must stand above it (`ufw insert 1 allow from RANGE to any port PORT proto tcp`)"),
        ("firewalld", Firewalld),
        ("INPUT_ZONES", Firewalld),
    ];

    public static string For(ProofPiece piece) => piece.Verdict == ReachabilityVerdict.Unknown ? ForUnknown(piece) : ForBlocked(piece);

    private static string ForUnknown(ProofPiece piece) =>
        piece.Rule is null ? ""
        : piece.Doubts.Any(doubt => doubt.Reason.Contains("the set is not in any dump", StringComparison.Ordinal)) ? "give the output of `ipset save` as one more --ruleset: it says who is in the set"
        : "accept these ranges above that rule, then it does not matter what it does";

    private static string ForBlocked(ProofPiece piece) => piece.How switch
    {
        BlockKind.EstablishedDropped => $"let packets of open connections in before that: {Established}",
        BlockKind.AnswerDropped when ToolOf(piece) is null => $"let answers out before that: {Established}",
        _ when ToolOf(piece) is { } advice => advice,
        _ when piece.Rule?.Text.StartsWith("policy", StringComparison.Ordinal) == true =>
            "no rule of this chain accepts them: add an accept for these ranges and ports to it; one in another table does not help",
        _ => $"take this rule out, or accept these ranges above it in the same {Place(piece)}; an accept in another table cannot overrule it",
    };

    private static string Place(ProofPiece piece) => piece.Trace.IsEmpty ? "chain" : $"{piece.Trace[^1].Hook} chain";

    private static string? ToolOf(ProofPiece piece)
    {
        var rule = piece.Rule is { } blamed ? $"{blamed.Where} {blamed.Text} {blamed.CalledBy}" : "";
        return Tools.FirstOrDefault(tool => rule.Contains(tool.Name, StringComparison.OrdinalIgnoreCase)).Advice;
    }
}
