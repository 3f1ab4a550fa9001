using System.Diagnostics;
using System.Globalization;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Applying;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.CrashHost;
using AllowlistSync.Providers.Host;
using AllowlistSync.Providers.Host.Hosts;
using AllowlistSync.Reachability.Proving;

if (args is ["hold", var facts])
{
    return await SandboxHolding.RunAsync(facts);
}

// Runs the pipeline inside a sandbox and ends itself with SIGKILL as a step of the apply begins: nothing is tidied up.
// Arguments: state directory, step (or "none"), seconds to confirm (or 0), comma-separated prefixes, then KEY=VALUE settings of nftables.
var step = args[1] == "none" ? (ApplyStep?)null : Enum.Parse<ApplyStep>(args[1]);
var confirm = int.Parse(args[2], CultureInfo.InvariantCulture);
var settings = new ProviderSettings
{
    Values = args.Skip(4).Select(pair => pair.Split('=', 2)).Aggregate(ProviderSettings.None.Values, (all, pair) => all.Add(pair[0], pair[1])),
};
var provider = HostProviders.All.Single(line => line.Descriptor.Name == "nftables").Create(settings, new ProviderPlace(new LocalHost(), new ChainModel()));
if (!Owner.TryCreate("als-test", out var owner))
{
    return 64;
}

var target = new Target { Name = "web", Provider = "nftables", Allow = [ListSource.SourceName], Ports = PortSet.Of(PortRange.Tcp(80), PortRange.Tcp(443)), Owner = owner };
var installation = new Installation(args[0], TimeProvider.System)
{
    OnStep = now =>
    {
        if (now == step)
        {
            Process.GetCurrentProcess().Kill();
        }
    },
};
var report = await installation.RunAsync(
    provider, target, args[3].Split(',').Select(IpPrefix.Parse), Installation.Apply(confirm == 0 ? null : TimeSpan.FromSeconds(confirm)), CancellationToken.None);
Console.WriteLine($"{report.Status} {report.Error?.Message}");
return report.Status == TargetStatus.Applied || report.Status == TargetStatus.InSync ? 0 : 2;
