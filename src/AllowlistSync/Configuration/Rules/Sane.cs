using AllowlistSync.Configuration.Shapes;
using AllowlistSync.Core.Guards;
using AllowlistSync.Providers.Host.Hosts.Ssh;
using AllowlistSync.Sources;

namespace AllowlistSync.Configuration.Rules;

/// <summary>The conditions that a good configuration fulfils, as plain predicates. The rules name what breaks them.</summary>
internal static class Sane
{
    /// <summary>True when all conditions hold. Cheap: this is all that a good configuration pays for.</summary>
    internal static bool IsSane(AllowlistConfig config)
    {
        var sources = SourceNames(config);
        return AreUnique(config.Sources.Select(source => source.Name))
            && AreUnique(config.WrittenTargets.Select(target => target.Target.Mark))
            && config.WrittenTargets.All(target => IsHostKnown(config, target.WrittenHost))
            && config.Hosts.All(group => AreUnique(group.Hosts.Select(PlaceOf)))
            && AreUnique(config.Proposals.Select(proposal => proposal.Name))
            && AreUnique(config.Proposals.Select(BranchOf))
            && config.Targets.All(target => IsKnown(target.Target.Allow, sources))
            && config.Proposals.All(proposal => proposal.Files.All(file => IsKnown(file.Allow, sources)) && !ProposalRules.Faults(proposal).Any())
            && config.Sources.OfType<UrlSourceConfig>().All(HasPathsWhereNeeded)
            && config.Notify.All(IsReceiverSane)
            && HasSomethingToDo(config)
            && IsGuardSane(config.Guard)
            && IsProtected(config.Listen)
            && !SpeaksTokenInPlainText(config.Listen);
    }

    internal static bool AreUnique(IEnumerable<string> names)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        return names.All(name => name.Length == 0 || seen.Add(name));
    }

    /// <summary>True for an address, and for a group that is there.</summary>
    internal static bool IsHostKnown(AllowlistConfig config, string host) => !Core.Desired.Owner.IsValidName(host) || host == "local" || config.Hosts.Any(group => group.Name == host);

    /// <summary>What tells the hosts of a group apart; nothing for one that was reported before.</summary>
    internal static string PlaceOf(string host) => HostText.CheckAddress(host) is null ? SshAddress.Parse(host).Place : "";

    /// <summary>The names that may be allowed; an empty one was reported before.</summary>
    internal static HashSet<string> SourceNames(AllowlistConfig config) =>
        new(config.Sources.Select(source => source.Name).Append(""), StringComparer.Ordinal);

    /// <summary>What a proposal writes to; empty where no repository is named.</summary>
    internal static string BranchOf(ProposalConfig proposal) => proposal.Repository.Length == 0 ? "" : $"{proposal.Repository} {proposal.Branch}";

    internal static bool HasSomethingToDo(AllowlistConfig config) => config.Targets.Length + config.Proposals.Length > 0;

    internal static bool HasPathsWhereNeeded(UrlSourceConfig source) => source.Format == ListFormat.Json == source.Paths.Length > 0;

    /// <summary>A user name and a password come together, and neither they nor a message cross a network in the clear.</summary>
    internal static bool IsReceiverSane(NotifyConfig receiver) => receiver switch
    {
        EmailNotifyConfig email => HasWholeSignIn(email) && IsMailPrivate(email),
        ExecNotifyConfig exec => IsProgram(exec.Command) && IsTimeout(exec.Timeout),
        _ => true,
    };

    internal static bool HasWholeSignIn(EmailNotifyConfig email) => email.Username is null == email.Password is null;

    internal static bool IsMailPrivate(EmailNotifyConfig email) => email.Tls != MailTls.None || SmtpText.IsLoopback(email.Smtp);

    /// <summary>A name, which is looked up in the fixed search path, or a whole path: a relative one would depend on where the program was started.</summary>
    internal static bool IsProgram(IReadOnlyList<string> command) => command.Count == 0 || command[0].StartsWith('/') || !command[0].Contains('/', StringComparison.Ordinal);

    internal static bool IsTimeout(TimeSpan value) => value > TimeSpan.Zero && value <= ExecNotifyConfig.LongestTimeout;

    internal static bool IsPercent(int value, int maximum) => value >= 0 && value <= maximum;

    internal static bool IsCount(int value) => value is >= GuardLimits.MinPrefixes and <= GuardLimits.MaxPrefixes;

    internal static bool IsLength(int value, int bits) => value >= GuardLimits.Widest && value <= bits;

    internal static bool IsDuration(TimeSpan value) => value >= TimeSpan.Zero && value <= DurationText.Longest;

    /// <summary>What other machines can reach asks them who they are.</summary>
    internal static bool IsProtected(ListenConfig listen) => listen.IsLocal || listen.Token is not null || listen.Tls?.ClientCa is not null;

    /// <summary>A token that passes through a network as it is belongs to whoever is on the way.</summary>
    internal static bool SpeaksTokenInPlainText(ListenConfig listen) => listen is { IsLocal: false, Token: not null, Tls: null };

    private static bool IsKnown(IEnumerable<string> allow, HashSet<string> sources) => AreUnique(allow) && allow.All(sources.Contains);

    private static bool IsGuardSane(GuardPolicy guard) =>
        IsCount(guard.MinPrefixes.IPv4) && IsCount(guard.MinPrefixes.IPv6)
        && IsPercent(guard.MaxRemovedPercent, GuardLimits.MaxRemovedPercent) && IsPercent(guard.MaxAddedPercent, GuardLimits.MaxAddedPercent)
        && IsLength(guard.Widest.IPv4, GuardLimits.IPv4Bits) && IsLength(guard.Widest.IPv6, GuardLimits.IPv6Bits)
        && IsDuration(guard.RemovalGrace) && IsDuration(guard.MaxAge);
}
