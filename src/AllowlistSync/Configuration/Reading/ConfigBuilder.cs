using AllowlistSync.Configuration.Shapes;
using AllowlistSync.Configuration.Yaml;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Guards;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Configuration.Reading;

/// <summary>Makes the records of a file whose shape was checked; fills in the defaults.</summary>
internal sealed class ConfigBuilder(YamlMap root, SecretReader secrets, string baseDirectory)
{
    internal AllowlistConfig Build(IReadOnlyList<ProviderRegistration> providers, ProblemLog log)
    {
        var owner = Owner.TryCreate(root.Text("owner"), out var named) ? named : Owner.Default;
        var hosts = new HostGroupBuilder(baseDirectory).Build(root.Map("hosts"));
        return new AllowlistConfig
        {
            Owner = owner,
            Sources = [.. root.Items("sources").Select(item => SourceBuilder.Build(item as YamlMap, baseDirectory))],
            Guard = Guard(root.Map("guard")),
            Hosts = hosts,
            Parallelism = root.Integer("parallelism", AllowlistConfig.DefaultParallelism),
            Targets = new TargetBuilder(providers, owner, hosts, baseDirectory, log).Build(root),
            State = State(),
            Schedule = Schedule(root.Map("schedule")),
            Proposals = new ProposalBuilder(secrets, baseDirectory).Build(root),
            Notify = new NotifyBuilder(secrets).Build(root),
            Listen = new ListenBuilder(secrets, baseDirectory).Build(root),
        };
    }

    private static GuardPolicy Guard(YamlMap? map)
    {
        var fallback = GuardPolicy.Default;
        return fallback with
        {
            MinPrefixes = PerFamily(map.Map("minPrefixes"), fallback.MinPrefixes),
            MaxRemovedPercent = map.Integer("maxRemovedPercent", fallback.MaxRemovedPercent),
            MaxAddedPercent = map.Integer("maxAddedPercent", fallback.MaxAddedPercent),
            Widest = PerFamily(map.Map("widest"), fallback.Widest),
            RemovalGrace = map.Duration("removalGrace", fallback.RemovalGrace),
            MaxAge = map.Duration("maxAge", fallback.MaxAge),
        };
    }

    private static PerFamily PerFamily(YamlMap? map, PerFamily fallback) =>
        new(map.Integer("ipv4", fallback.IPv4), map.Integer("ipv6", fallback.IPv6));

    private static ScheduleConfig Schedule(YamlMap? map)
    {
        var fallback = new ScheduleConfig();
        var zone = map.Text("timeZone") is { } name && TimeZoneInfo.TryFindSystemTimeZoneById(name, out var named) ? named : fallback.TimeZone;
        return new() { Cron = map.Text("cron") ?? fallback.Cron, TimeZone = zone, Jitter = map.Duration("jitter", fallback.Jitter) };
    }

    private StateConfig State()
    {
        var path = NodePath.Root.Of("state");
        if (secrets.OfState.Read(root["state"], path) is { } secret)
        {
            return new StateInSecretDatabase(secret);
        }

        return root.Text("state") switch
        {
            null or "" => StateConfig.Default,
            var text when TextChecks.IsConnection(text) => new StateInDatabase(text),
            var text => new StateInFiles(Path.Combine(baseDirectory, text)),
        };
    }
}
