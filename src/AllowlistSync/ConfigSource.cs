using System.Collections.Immutable;
using AllowlistSync.Commands;
using AllowlistSync.Configuration;
using AllowlistSync.Configuration.Reading;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Output;

namespace AllowlistSync;

/// <summary>Where the configuration comes from: a named file, the usual place, or, for a look, this machine itself.</summary>
internal static class ConfigSource
{
    /// <summary>The configuration, or the problems that it has.</summary>
    public static async Task<(AllowlistConfig? Config, string Path, ImmutableArray<string> Problems)> LoadAsync(
        Shell shell, GlobalArguments arguments, ConfigNeed need, CancellationToken cancellationToken)
    {
        var path = Path.GetFullPath(arguments.ConfigPath ?? GlobalOptions.DefaultConfigPath);
        if (arguments.ConfigPath is null && !File.Exists(path))
        {
            return need switch
            {
                ConfigNeed.MayBeImplied => (await ImplyAsync(shell, path, cancellationToken), path, []),
                ConfigNeed.RangesMayBeImplied => (new AllowlistConfig { Sources = [new CloudflareSourceConfig("cloudflare")] }, path, []),
                _ => (null, path, [$"there is no configuration at {path}; nothing was done", "write one with `allowlist-sync init`, or name one with --config FILE"]),
            };
        }

        ISecretStore secrets = need == ConfigNeed.WithoutSecrets ? new UnreadSecrets() : new SystemSecrets();
        var result = await ConfigFile.LoadAsync(path, Composition.Providers, secrets, cancellationToken);
        if (result.Config is { } read && StateStores.ProblemOf(read.State) is { } problem)
        {
            return (null, path, [$"{path}: {problem}"]);
        }

        return (result.Config, path, [.. result.Problems.Select(problem => problem.ToString())]);
    }

    /// <summary>What is wrong with the targets that the command line names; null when all are there.</summary>
    public static string? Misnamed(AllowlistConfig config, GlobalArguments arguments, string path) =>
        arguments.Targets.FirstOrDefault(name => !config.Targets.Any(target => target.IsNamed([name]))) is { } unknown
            ? $"--target {unknown}: there is no such target in {path}; there is {string.Join(", ", config.WrittenTargets.Select(target => target.Target.Mark))}"
            : null;

    private static async Task<AllowlistConfig> ImplyAsync(Shell shell, string path, CancellationToken cancellationToken)
    {
        await shell.Error.WriteLineAsync($"there is no configuration at {path}: looking at this machine with the defaults (`allowlist-sync init` writes one)");
        var cloudflare = new CloudflareSourceConfig("cloudflare");
        var targets = ImmutableArray.CreateBuilder<TargetConfig>();
        var host = await HostDetection.LookAsync(new Providers.Host.Hosts.LocalHost(), cancellationToken);
        foreach (var (provider, detection) in host.Firewalls.Where(firewall => firewall.Detection.Found || !host.Firewalls.Any(any => any.Detection.Found)))
        {
            await shell.Error.WriteLineAsync($"{provider.Name}: {detection.Summary}");
            targets.AddRange(detection.Proposals.Select(proposal => TargetOf(provider.Name, proposal, cloudflare.Name)));
        }

        return new AllowlistConfig { Sources = [cloudflare], Targets = targets.ToImmutable() };
    }

    private static TargetConfig TargetOf(string provider, TargetProposal proposal, string source) => new(
        new Target { Name = proposal.Name, Provider = provider, Allow = [source], Ports = TargetConfig.DefaultPorts, Place = TargetConfig.PlaceOf("local", provider, proposal.Settings) }, proposal.Settings);
}
