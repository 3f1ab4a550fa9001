using System.Net;
using AllowlistSync.Conformance.Harnesses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.CrashHost;
using AllowlistSync.Providers.Host.Ufw;
using AllowlistSync.Reachability.Proving;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Conformance.Faults;

/// <summary>A host with a real ufw, and the program on it.</summary>
internal sealed class UfwLab : IAsyncDisposable
{
    private static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(250);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("als-ufw-");
    private string _foreign = "";

    private UfwLab(UfwTarget subject, TimeProvider time)
    {
        Subject = subject;
        Tap = new HostTap(subject.Host) { IsWrite = subject.IsWrite };
        Provider = new UfwProvider(new ProviderPlace(Tap, new ChainModel()), time);
        Program = new Installation(_directory.FullName, TimeProvider.System);
        _ = Owner.TryCreate("als-test", out var owner);
        Target = new Target { Name = "web", Provider = "ufw", Allow = [ListSource.SourceName], Ports = PortSet.Of(PortRange.Tcp(80), PortRange.Tcp(443)), Owner = owner! };
    }

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public UfwTarget Subject { get; }

    public HostTap Tap { get; }

    public IFirewallProvider Provider { get; }

    public Installation Program { get; }

    public Target Target { get; set; }

    public static async Task<UfwLab> StartAsync(TimeProvider? time = null, bool isLegacy = false)
    {
        Needs.Sandbox("ufw", "iptables-nft-restore", "iptables-legacy-restore");
        var lab = new UfwLab(await UfwTarget.StartAsync(isLegacy, Ct), time ?? TimeProvider.System);
        await lab.RebaseAsync();
        return lab;
    }

    public Task<string> ShellAsync(string script) => Subject.ShellAsync(script, Ct);

    /// <summary>A change of somebody else: what is foreign afterwards must stay.</summary>
    public async Task ChangeAsync(string script)
    {
        await ShellAsync(script);
        await RebaseAsync();
    }

    public async Task RebaseAsync() => _foreign = await Subject.ForeignAsync(Ct);

    public Task<TargetReport> ApplyAsync(params string[] list) => Program.RunAsync(Provider, Target, Lists.Of(list), Installation.Apply(), Ct);

    public Task<TargetReport> LookAsync(params string[] list) => Program.RunAsync(Provider, Target, Lists.Of(list), Installation.Look(), Ct);

    public Task<TargetReport> RemoveAsync() => Program.RunAsync(Provider, Target, Lists.Small, Installation.Remove(), Ct);

    public Task<string> RulesAsync() => ShellAsync("cat /etc/ufw/user.rules /etc/ufw/user6.rules");

    /// <summary>What is foreign is the same, a stranger is blocked, and the office gets to SSH.</summary>
    public async Task DemandSafeAsync()
    {
        (await Subject.ForeignAsync(Ct)).ShouldBe(_foreign);
        await ExpectAsync(["9.9.9.9", "2620:fe::fe"], [22, 80, 443, 8443], isBlocked: true);
        await ExpectAsync(["198.51.100.7", "2001:db8:1::7"], [22], isBlocked: false);
    }

    public async Task ExpectAsync(string[] sources, int[] ports, bool isBlocked)
    {
        var results = await Subject.Client.ProbeAsync(ProbePlan.Probes(sources.Select(IPAddress.Parse), ports), Budget, Ct);
        results.ShouldNotBeEmpty();
        results.ShouldAllBe(result => result.IsBlocked == isBlocked);
    }

    public async ValueTask DisposeAsync()
    {
        await Subject.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}
