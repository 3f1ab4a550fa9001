using AllowlistSync.Conformance.Harnesses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Providers.Host.Ufw;
using AllowlistSync.TestKit;

namespace AllowlistSync.Conformance.Faults;

/// <summary>A host with a real ufw, and the program on it.</summary>
internal sealed class UfwLab : SubjectLab<UfwTarget>
{
    private UfwLab(UfwTarget subject, TimeProvider time)
        : base(subject, "ufw", place => new UfwProvider(place, time), PortRange.Tcp(80), PortRange.Tcp(443))
    {
    }

    public static async Task<UfwLab> StartAsync(TimeProvider? time = null, bool isLegacy = false)
    {
        Needs.Sandbox("ufw", "iptables-nft-restore", "iptables-legacy-restore");
        var lab = new UfwLab(await UfwTarget.StartAsync(isLegacy, Ct), time ?? TimeProvider.System);
        await lab.RebaseAsync();
        return lab;
    }

    public Task<string> RulesAsync() => ShellAsync("cat /etc/ufw/user.rules /etc/ufw/user6.rules");
}
