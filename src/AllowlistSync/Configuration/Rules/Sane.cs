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
            && config.Targets.All(target => IsKnown(target.Target.Allow, sources))
            && config.Proposals.All(proposal => proposal.Files.All(file => IsKnown(file.Allow, sources) && IsOneWay(file)))
            && config.Sources.OfType<UrlSourceConfig>().All(HasPathsWhereNeeded)
            && HasSomethingToDo(config)
            && IsGuardSane(config.Guard);
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

    internal static bool HasSomethingToDo(AllowlistConfig config) => config.Targets.Length + config.Proposals.Length > 0;

    internal static bool HasPathsWhereNeeded(UrlSourceConfig source) => source.Format == ListFormat.Json == source.Paths.Length > 0;

    /// <summary>A whole file and a block have a format; a key needs none and excludes a block.</summary>
    internal static bool IsOneWay(ProposalFileConfig file) => file.Key is null ? file.Format is not null : file.Block is null;

    internal static bool IsPercent(int value, int maximum) => value >= 0 && value <= maximum;

    internal static bool IsCount(int value) => value is >= GuardLimits.MinPrefixes and <= GuardLimits.MaxPrefixes;

    internal static bool IsLength(int value, int bits) => value >= GuardLimits.Widest && value <= bits;

    internal static bool IsDuration(TimeSpan value) => value >= TimeSpan.Zero && value <= DurationText.Longest;

    private static bool IsKnown(IEnumerable<string> allow, HashSet<string> sources) => AreUnique(allow) && allow.All(sources.Contains);

    private static bool IsGuardSane(GuardPolicy guard) =>
        IsCount(guard.MinPrefixes.IPv4) && IsCount(guard.MinPrefixes.IPv6)
        && IsPercent(guard.MaxRemovedPercent, GuardLimits.MaxRemovedPercent) && IsPercent(guard.MaxAddedPercent, GuardLimits.MaxAddedPercent)
        && IsLength(guard.Widest.IPv4, GuardLimits.IPv4Bits) && IsLength(guard.Widest.IPv6, GuardLimits.IPv6Bits)
        && IsDuration(guard.RemovalGrace) && IsDuration(guard.MaxAge);
}
