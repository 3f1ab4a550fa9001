using System.Diagnostics;
using System.Globalization;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Applying;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Providers.Host;
using AllowlistSync.Providers.Host.Hosts;
using AllowlistSync.Reachability.Proving;

namespace AllowlistSync.CrashHost;

/// <summary>Runs the pipeline on the host that it is started on, and ends itself with SIGKILL at a step of the apply or at something that the provider does: nothing is tidied up.</summary>
internal static class KilledApply
{
    /// <summary>Runs it.</summary>
    /// <param name="args">
    /// Provider; state directory; when to die (an <see cref="ApplyStep"/>, <c>before:N</c> or <c>after:N</c> for the Nth operation on the host, <c>none</c>); seconds
    /// to confirm, or 0; comma-separated prefixes; then settings as <see cref="SettingArguments"/> writes them.
    /// </param>
    public static async Task<int> RunAsync(string[] args)
    {
        var (provider, directory, death, confirm) = (args[0], args[1], args[2], int.Parse(args[3], CultureInfo.InvariantCulture));
        var settings = SettingArguments.Read(args.Skip(5));
        if (!Owner.TryCreate("als-test", out var owner))
        {
            return 64;
        }

        var target = new Target { Name = "web", Provider = provider, Allow = [ListSource.SourceName], Ports = PortSet.Of(PortRange.Tcp(80), PortRange.Tcp(443)), Owner = owner };
        var installation = new Installation(directory, TimeProvider.System) { OnStep = step => DieWhen(step.ToString() == death) };
        var report = await installation.RunAsync(
            HostProviders.All.Single(line => line.Descriptor.Name == provider).Create(settings, new ProviderPlace(Mortal(death), new ChainModel())),
            target,
            args[4].Split(',').Select(IpPrefix.Parse),
            Installation.Apply(confirm == 0 ? null : TimeSpan.FromSeconds(confirm)),
            CancellationToken.None);
        Console.WriteLine($"{report.Status} {report.Error?.Message}");
        return report.Status == TargetStatus.Applied || report.Status == TargetStatus.InSync ? 0 : 2;
    }

    private static HostTap Mortal(string death) => new(new LocalHost())
    {
        Before = (number, _) =>
        {
            DieWhen(death == $"before:{number}");
            return Task.FromResult<CommandResult?>(null);
        },
        After = (number, _, result) =>
        {
            DieWhen(death == $"after:{number}");
            return result;
        },
        BeforeOther = (number, _) =>
        {
            DieWhen(death == $"before:{number}");
            return Task.CompletedTask;
        },
        AfterOther = (number, _) => DieWhen(death == $"after:{number}"),
    };

    private static void DieWhen(bool isTime)
    {
        if (isTime)
        {
            Process.GetCurrentProcess().Kill();
        }
    }
}
