using System.Collections.Immutable;
using AllowlistSync.Core;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Guards;

namespace AllowlistSync.Configuration;

/// <summary>A configuration file that was found right: every default filled in, every name known.</summary>
public sealed record AllowlistConfig
{
    /// <summary>The only version of the file format.</summary>
    public const int Version = 1;

    /// <summary>How many hosts are worked on at once unless the file says otherwise.</summary>
    public const int DefaultParallelism = 8;

    /// <summary>The mark on all that we make.</summary>
    public Owner Owner { get; init; } = Owner.Default;

    /// <summary>Where ranges come from; at least one, names unique.</summary>
    public required ImmutableArray<SourceConfig> Sources { get; init; }

    /// <summary>What a source must look like to be believed.</summary>
    public GuardPolicy Guard { get; init; } = GuardPolicy.Default;

    /// <summary>Groups of hosts by name; names unique.</summary>
    public ImmutableArray<HostGroup> Hosts { get; init; } = [];

    /// <summary>How many hosts are worked on at once.</summary>
    public int Parallelism { get; init; } = DefaultParallelism;

    /// <summary>The firewalls, one for each host; names unique.</summary>
    public ImmutableArray<TargetConfig> Targets { get; init; } = [];

    /// <summary>The firewalls as they stand in the file: of each group one.</summary>
    public IEnumerable<TargetConfig> WrittenTargets => Targets.DistinctBy(target => target.Position);

    /// <summary>When the daemon runs.</summary>
    public ScheduleConfig Schedule { get; init; } = new();

    /// <summary>Where memory is kept between runs.</summary>
    public StateConfig State { get; init; } = StateConfig.Default;

    /// <summary>Repositories to which changes are proposed; names unique.</summary>
    public ImmutableArray<ProposalConfig> Proposals { get; init; } = [];

    /// <summary>Who is told.</summary>
    public ImmutableArray<NotifyConfig> Notify { get; init; } = [];

    /// <summary>Where health, metrics and the status page are served; loopback unless set otherwise.</summary>
    public ListenConfig Listen { get; init; } = ListenConfig.Default;
}

/// <summary>When the daemon runs.</summary>
public sealed record ScheduleConfig
{
    /// <summary>Every 15 minutes.</summary>
    public const string DefaultCron = "0 0/15 * * * ?";

    /// <summary>A Quartz cron expression: seconds, minutes, hours, day of month, month, day of week.</summary>
    public string Cron { get; init; } = DefaultCron;

    /// <summary>The time zone of the expression; that of the machine unless named.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Local;

    /// <summary>The longest random delay before a run, so that many servers do not ask at one moment.</summary>
    public TimeSpan Jitter { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>Where memory is kept between runs.</summary>
public abstract record StateConfig
{
    private protected StateConfig()
    {
    }

    /// <summary>Files under <c>/var/lib/allowlist-sync</c>.</summary>
    public static StateConfig Default { get; } = new StateInFiles("/var/lib/allowlist-sync");
}

/// <summary>Files, for one node.</summary>
/// <param name="Directory">The directory; a relative one is taken from the directory of the configuration file.</param>
public sealed record StateInFiles(string Directory) : StateConfig;

/// <summary>PostgreSQL, for several nodes, with a connection string that holds no password.</summary>
/// <param name="Connection">The connection string.</param>
public sealed record StateInDatabase(string Connection) : StateConfig;

/// <summary>PostgreSQL, for several nodes, with a connection string that must not be shown.</summary>
/// <param name="Connection">The connection string.</param>
public sealed record StateInSecretDatabase(Secret Connection) : StateConfig;
