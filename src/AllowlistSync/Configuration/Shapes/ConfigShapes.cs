using AllowlistSync.Core.Providers;

namespace AllowlistSync.Configuration.Shapes;

/// <summary>The whole file as one table.</summary>
internal static class ConfigShapes
{
    private const int MostParallel = 256;

    internal static MapShape Guard { get; } = new(
    [
        new("minPrefixes", PerFamily(GuardLimits.MinPrefixes, GuardLimits.MaxPrefixes, GuardLimits.MaxPrefixes), "Fewer prefixes than this, in either family, are not believed. Default: ipv4 8, ipv6 4."),
        new("maxRemovedPercent", Percent(GuardLimits.MaxRemovedPercent), "The largest share of a family, of addresses and of prefixes, that may vanish at once. Default: 20."),
        new("maxAddedPercent", Percent(GuardLimits.MaxAddedPercent), "The largest growth of a family at once. Default: 100."),
        new("widest", PerFamily(GuardLimits.Widest, GuardLimits.IPv4Bits, GuardLimits.IPv6Bits), "The shortest prefix length that is believed. Default: ipv4 8, ipv6 20."),
        new("removalGrace", Texts.Duration, "How long a prefix stays allowed after it was first missing. Default: 72h."),
        new("maxAge", Texts.Duration, "The age of the last known good list from which on a warning is given. Default: 7d."),
    ]);

    internal static MapShape Group { get; } = new(
    [
        new("hosts", new ListShape(Texts.Address, 1), "The hosts of the group.") { Required = true },
        new("sudo", new ChoiceShape(["true", "false"]), "Whether the user who signs in works as root by sudo, which must ask for no password. Default: false."),
        new("identityFile", Texts.File, "The private key. Default: the keys of the agent and of ssh's own configuration."),
        new("connectTimeout", Texts.Duration, "How long signing in may take. Default: 10s."),
    ]);

    internal static MapShape Schedule { get; } = new(
    [
        new("cron", Texts.Cron, "When the daemon runs: seconds, minutes, hours, day of month, month, day of week. Default: every 15 minutes."),
        new("timeZone", Texts.TimeZone, "The time zone of cron, such as Europe/Berlin. Default: that of the machine."),
        new("jitter", Texts.Duration, "The longest random delay before a run. Default: 60s."),
    ]);

    /// <summary>The file, with the settings of the given providers.</summary>
    internal static MapShape Root(IReadOnlyList<ProviderRegistration> providers) => new(
    [
        new("version", new IntegerShape(AllowlistConfig.Version, AllowlistConfig.Version, "1, the only version of this file"), "The version of the file format.") { Required = true },
        new("owner", Texts.Name, "The mark on all that is made in a firewall. Default: allowlist-sync."),
        new("sources", new ListShape(SourceShapes.Source, 1), "Where ranges come from.") { Required = true },
        new("guard", Guard, "What a source must look like to be believed."),
        new("hosts", new NamedShape(Texts.GroupName, new ListOrMapShape(new ListShape(Texts.Address, 1), Group), "hosts"), "Groups of hosts that targets name with host: a list of addresses, or a mapping that says how they are signed in to."),
        new("parallelism", new IntegerShape(1, MostParallel, $"a whole number from 1 to {MostParallel}"), "How many hosts are worked on at once. Default: 8."),
        new("targets", new ListShape(TargetShapes.Target(providers)), "The firewalls."),
        new("schedule", Schedule, "When the daemon runs."),
        new("state", new TextOrSecretShape(Texts.State), "Where memory is kept between runs: a directory, or PostgreSQL for several nodes. Default: /var/lib/allowlist-sync."),
        new("proposals", new ListShape(ProposalShapes.Proposal), "Repositories to which changes are proposed."),
        new("notify", new ListShape(NotifyShapes.Receiver), "Who is told."),
        new("listen", ListenShapes.Listen, "Where health, metrics and the status page are served; off for nowhere. Default: 127.0.0.1:9521."),
    ]);

    private static MapShape PerFamily(int minimum, int maximumIPv4, int maximumIPv6) => new(
    [
        new("ipv4", new IntegerShape(minimum, maximumIPv4, $"a whole number from {minimum} to {maximumIPv4}", ByRule: true), "For IPv4."),
        new("ipv6", new IntegerShape(minimum, maximumIPv6, $"a whole number from {minimum} to {maximumIPv6}", ByRule: true), "For IPv6."),
    ]);

    private static IntegerShape Percent(int maximum) => new(0, maximum, $"a whole number from 0 to {maximum}, without %", ByRule: true);
}
