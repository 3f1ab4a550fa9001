using System.CommandLine;
using AllowlistSync.Configuration;
using AllowlistSync.Core;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.State;
using AllowlistSync.Output;

namespace AllowlistSync.Commands;

/// <summary><c>init</c>: finds the firewalls of this machine and writes a configuration for them.</summary>
internal static class InitCommand
{
    private static readonly Option<bool> Print = new("--print") { Description = "Print the configuration and write no file" };

    public static Command Create(Shell shell)
    {
        var command = new ExampleCommand("init", "Finds the firewalls of this machine and writes a commented configuration", "allowlist-sync init --print", "allowlist-sync init && allowlist-sync diff")
        {
            Print,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(shell, GlobalOptions.Read(parsed), parsed.GetValue(Print), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Shell shell, GlobalArguments arguments, bool print, CancellationToken cancellationToken)
    {
        if (arguments.Format != OutputFormat.Text)
        {
            await shell.Error.WriteLineAsync("--output: init writes a configuration, which is YAML, and no report; nothing was written. Leave --output out, or ask `allowlist-sync providers --output json` what was found");
            return ExitCodes.Usage;
        }

        var path = Path.GetFullPath(arguments.ConfigPath ?? GlobalOptions.DefaultConfigPath);
        var host = await HostDetection.LookAsync(new Providers.Host.Hosts.LocalHost(), cancellationToken);
        var yaml = InitialConfig.Write(host);
        foreach (var finding in host.Findings)
        {
            await shell.Error.WriteLineAsync($"{finding.Id}: {finding.Message}; {finding.Remedy}");
        }

        if (host.Firewalls.All(firewall => firewall.Detection.Proposals.IsEmpty))
        {
            return await NothingFoundAsync(shell, host, print ? yaml : "");
        }

        var check = ConfigLoader.Load(path, yaml, Composition.Providers);
        if (!check.IsValid)
        {
            throw new InvalidOperationException($"the configuration that init wrote is not valid: {string.Join("; ", check.Problems)}");
        }

        if (print)
        {
            await shell.Out.WriteAsync(yaml);
            return ExitCodes.Ok;
        }

        return await WriteAsync(shell, path, yaml, cancellationToken);
    }

    // A configuration without a target is not valid, as nothing would be done by it.
    private static async Task<int> NothingFoundAsync(Shell shell, HostDetection host, string template)
    {
        await shell.Out.WriteAsync(template);
        foreach (var (provider, detection) in host.Firewalls)
        {
            await shell.Error.WriteLineAsync($"{provider.Name}: {detection.Summary}");
        }

        await shell.Error.WriteLineAsync("no firewall was found that a configuration could be written for, and no file was written; `allowlist-sync init --print` shows what one looks like");
        return ExitCodes.Failed;
    }

    private static async Task<int> WriteAsync(Shell shell, string path, string yaml, CancellationToken cancellationToken)
    {
        if (File.Exists(path))
        {
            await shell.Error.WriteLineAsync($"{path} exists and was left as it is; `allowlist-sync init --print` shows what would be written, --config FILE writes to another place");
            return ExitCodes.Refused;
        }

        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            await AtomicFile.WriteAsync(path, System.Text.Encoding.UTF8.GetBytes(yaml), cancellationToken);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await shell.Error.WriteLineAsync($"{path} cannot be written: {failure.Clause()}; run as root, or name a file of your own with --config FILE");
            return ExitCodes.Failed;
        }

        await shell.Out.WriteLineAsync($"wrote {path}; look at it, then run `allowlist-sync diff`");
        return ExitCodes.Ok;
    }
}
