using System.Collections.Immutable;
using AllowlistSync.Configuration.Shapes;
using AllowlistSync.Configuration.Yaml;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Configuration.Reading;

/// <summary>Makes the records of the targets, and lets each provider check its settings.</summary>
internal sealed class TargetBuilder(IReadOnlyList<ProviderRegistration> providers, Owner owner, ImmutableArray<HostGroup> hosts, string baseDirectory, ProblemLog log)
{
    internal ImmutableArray<TargetConfig> Build(YamlMap root) =>
        [.. root.Items("targets").SelectMany((item, index) => Spread(Build(item as YamlMap, NodePath.Root.Of("targets").At(index)) with { Position = index }))];

    // One for each host of a group; what is not a group, or an empty one, stays as it is and was or will be reported.
    private IEnumerable<TargetConfig> Spread(TargetConfig target)
    {
        if (hosts.FirstOrDefault(group => group.Name == target.WrittenHost) is not { } group || target.WrittenHost == "local")
        {
            return [target];
        }

        var reachable = group.Hosts.Where(host => HostText.CheckAddress(host) is null).ToList();
        return reachable.Count == 0 ? [target] : reachable.Select(host => target with
        {
            Ssh = group.Options,
            Target = target.Target with
            {
                Name = HostGroup.NameOn(target.Target.Name, host),
                Host = host,
                Place = TargetConfig.PlaceOf(host, target.Target.Provider, target.Settings),
            },
        });
    }

    private TargetConfig Build(YamlMap? map, NodePath path)
    {
        var provider = map.Text("provider") ?? "";
        var registration = providers.FirstOrDefault(candidate => candidate.Descriptor.Name == provider);
        var settings = SettingsReading.Read(map.Map("settings"), registration?.Descriptor.Settings ?? []);
        if (map is not null && registration is not null)
        {
            settings = WithWholePaths(settings, registration.Descriptor.Settings);
            CheckSettings(registration, settings, map, path.Of("settings"));
        }

        return new(
            new Target
            {
                Name = map.Text("name") ?? "",
                Provider = provider,
                Host = map.Text("host") ?? "local",
                Place = TargetConfig.PlaceOf(map.Text("host") ?? "local", provider, settings),
                Allow = [.. map.Texts("allow")],
                Ports = map.Ports("ports", TargetConfig.DefaultPorts),
                Mode = map.Text("mode") switch { "propose" => TargetMode.Propose, "report" => TargetMode.Report, _ => TargetMode.Apply },
                Policy = map.Text("policy") == "addOnly" ? TargetPolicy.AddOnly : TargetPolicy.Sync,
                OnBlocked = map.Text("onBlocked") switch { "rollback" => BlockedPolicy.Rollback, "report" => BlockedPolicy.Report, "ignore" => BlockedPolicy.Ignore, _ => BlockedPolicy.Fail },
                LiftBans = registration?.Descriptor.HoldsBans == true ? map.Text("liftBans") != "false" : null,
                Owner = owner,
            },
            settings);
    }

    private ProviderSettings WithWholePaths(ProviderSettings settings, ImmutableArray<SettingField> fields) => fields
        .Where(field => field.Type == SettingType.Path && settings[field.Name] is not null)
        .Aggregate(settings, (all, field) => all with { Values = all.Values.SetItem(field.Name, Path.Combine(baseDirectory, all[field.Name]!)) });

    // A provider judges values only when their types are right; the shape check told of the others.
    private void CheckSettings(ProviderRegistration registration, ProviderSettings settings, YamlMap map, NodePath path)
    {
        if (log.HasUnder(path))
        {
            return;
        }

        foreach (var problem in registration.Check(settings))
        {
            var at = NodeLookup.Find(map, problem.Key.Length == 0 ? "settings" : "settings." + problem.Key).At;
            log.Add(at, problem.Key.Length == 0 ? path.ToString() : $"{path}.{problem.Key}", new(problem.Problem, problem.Fix));
        }
    }
}
