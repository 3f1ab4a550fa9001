using System.Collections.Frozen;
using System.Collections.Immutable;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Iptables;

/// <summary>Reads a target.</summary>
/// <param name="target">Its name and options.</param>
/// <param name="context">What the reading depends on.</param>
/// <returns>What it does; empty when it changes nothing. Null when its options are not understood.</returns>
internal delegate ImmutableArray<Step>? TargetReader(RuleGroup target, IptablesContext context);

/// <summary>The table of all targets (iptables-extensions(8)).</summary>
internal static class Targets
{
    private const string ChangeNothing =
        "LOG ULOG NFLOG TCPMSS TCPOPTSTRIP TOS DSCP ECN TTL HL CLASSIFY CHECKSUM TRACE AUDIT SECMARK SET TEE HMARK IDLETIMER LED RATEEST ACCOUNT SYSRQ LOGMARK";

    private const string TrackOnly = "CONNSECMARK";

    private static readonly FrozenDictionary<string, TargetReader> ByName = new Dictionary<string, TargetReader>(
        ChangeNothing.Split(' ').Select(name => KeyValuePair.Create<string, TargetReader>(name, (_, _) => [])))
    {
        ["ACCEPT"] = Fixed(Verdict.Accept),
        ["DROP"] = Fixed(Verdict.Drop),
        ["RETURN"] = Fixed(Verdict.Return),
        ["REJECT"] = (target, _) => Reject(target),
        ["MARK"] = (target, _) => MarkTargets.Mark(target.Options),
        ["CONNMARK"] = (target, _) => MarkTargets.ConnectionMark(target.Options),
        [TrackOnly] = (_, _) => [ConntrackUse.Instance],
        ["CT"] = (target, _) => Conntrack(target.Options),
        ["NOTRACK"] = (_, _) => [NoTrack.Instance],
        ["DNAT"] = NatTargets.Destination,
        ["REDIRECT"] = (target, _) => NatTargets.Redirect(target.Options),
        ["SNAT"] = (_, _) => [SourceNat.Instance],
        ["MASQUERADE"] = (_, _) => [SourceNat.Instance],
        ["SYNPROXY"] = (target, _) => [new UnknownStatement(target.Text, UnknownReason.NotUnderstood) { UsesConntrack = true }],
        ["NFQUEUE"] = (target, _) => [new UnknownStatement(target.Text, UnknownReason.Host)],
        ["QUEUE"] = (target, _) => [new UnknownStatement(target.Text, UnknownReason.Host)],
    }.ToFrozenDictionary();

    private static readonly FrozenSet<string> NotFollowed =
        "NETMAP TPROXY TARPIT CHAOS DELUDE MIRROR ROUTE SAME BALANCE CLUSTERIP DNPT SNPT RAWDNAT RAWSNAT ECHO DNETMAP IPMARK LSCAN STEAL XOR IPV4OPTSSTRIP PROTO".Split(' ').ToFrozenSet();

    /// <summary>Whether the name is that of a target, and not of a chain.</summary>
    internal static bool IsTarget(string name) => ByName.ContainsKey(name) || NotFollowed.Contains(name);

    /// <summary>The target's name in the kernel, and so in nft.</summary>
    internal static string KernelName(string name) => name == "NOTRACK" ? "CT" : name;

    /// <summary>Whether the kernel tracks connections because of a target of this name, whatever its options are.</summary>
    internal static bool TracksConnections(string kernelName) =>
        kernelName is "CT" or "CONNMARK" or "CONNSECMARK" or "DNAT" or "SNAT" or "MASQUERADE" or "REDIRECT" or "NETMAP" or "SYNPROXY";

    /// <summary>What a target does; the name must be one of <see cref="IsTarget"/>.</summary>
    internal static ImmutableArray<Step> Read(RuleGroup target, IptablesContext context) =>
        !target.HasStrayWords && !target.IsNegated && ByName.TryGetValue(target.Argument, out var read) && read(target, context) is { } steps
            ? steps
            : [new UnknownStatement(target.Text, UnknownReason.NotUnderstood)];

    private static TargetReader Fixed(Verdict verdict) => (target, _) => target.Options.IsEmpty ? [new Decide(verdict)] : null;

    private static ImmutableArray<Step>? Reject(RuleGroup target) => target.Options switch
    {
        [] => [new Decide(Verdict.Reject)],
        [{ Name: "reject-with", Value: "tcp-reset" or "tcp-rst" or "rst" or "reset" }] => [new Decide(Verdict.Reset)],
        [{ Name: "reject-with", Value: not null }] => [new Decide(Verdict.Reject)],
        _ => null,
    };

    private static ImmutableArray<Step> Conntrack(ImmutableArray<MatchOption> options) =>
        options.Any(option => option.Name == "notrack") ? [NoTrack.Instance] : [ConntrackUse.Instance];
}
