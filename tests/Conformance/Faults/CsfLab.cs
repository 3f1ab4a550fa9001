using System.Net;
using AllowlistSync.Conformance.Harnesses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.CrashHost;
using AllowlistSync.Providers.Host.Csf;
using AllowlistSync.Reachability.Proving;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Conformance.Faults;

/// <summary>A host with CSF and lfd running, and the program on it; bans are lifted.</summary>
internal sealed class CsfLab : IAsyncDisposable
{
    public const string AllowFile = "/etc/csf/allowlist-sync+als-test+web.allow";
    public const string IgnoreFile = "/etc/csf/allowlist-sync+als-test+web.ignore";

    public static readonly string[] List = ["104.16.0.0/13", "2400:cb00::/32"];

    private static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(250);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("als-csf-");
    private string _foreign = "";

    private CsfLab(CsfTarget subject)
    {
        Subject = subject;
        Tap = new HostTap(subject.Host) { IsWrite = subject.IsWrite };
        Provider = new CsfProvider(new ProviderPlace(Tap, new ChainModel()));
        Program = new Installation(_directory.FullName, TimeProvider.System);
        _ = Owner.TryCreate("als-test", out var owner);
        Target = new Target { Name = "web", Provider = "csf", Allow = [ListSource.SourceName], Ports = PortSet.Of(PortRange.Tcp(80), PortRange.Tcp(443)), Owner = owner!, LiftBans = true };
    }

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public CsfTarget Subject { get; }

    public HostTap Tap { get; }

    public IFirewallProvider Provider { get; }

    public Installation Program { get; }

    public Target Target { get; set; }

    public static async Task<CsfLab> StartAsync()
    {
        Needs.Sandbox(CsfInstallation.Programs);
        var lab = new CsfLab(await CsfTarget.StartAsync(Ct));
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

    public Task SetAsync(string name, string value) => CsfInstallation.SetAsync(Subject.Sandbox, Ct, (name, value));

    public async Task RebaseAsync() => _foreign = await Subject.ForeignAsync(Ct);

    public Task<string> ReadAsync(string path) => Subject.Sandbox.ReadFileAsync(path, Ct);

    public async Task<TargetReport> ApplyAsync(params string[] list)
    {
        Tap.Reset();
        return await Program.RunAsync(Provider, Target, Lists.Of(list), Installation.Apply(), Ct);
    }

    public Task<TargetReport> LookAsync(params string[] list) => Program.RunAsync(Provider, Target, Lists.Of(list), Installation.Look(), Ct);

    public Task<TargetReport> RemoveAsync() => Program.RunAsync(Provider, Target, Lists.Small, Installation.Remove(), Ct);

    /// <summary>Applies, while something happens before the host is asked for anything.</summary>
    public Task<TargetReport> ApplyTappedAsync(params string[] list) => Program.RunAsync(Provider, Target, Lists.Of(list), Installation.Apply(), Ct);

    /// <summary>What is foreign is the same.</summary>
    public async Task DemandForeignAsync() => (await Subject.ForeignAsync(Ct)).ShouldBe(_foreign);

    /// <summary>What is foreign is the same, a stranger is blocked, and the office gets to SSH.</summary>
    public async Task DemandSafeAsync()
    {
        await DemandForeignAsync();
        await ExpectAsync(["9.9.9.9", "8.8.8.8", "2620:fe::fe"], [22, 80, 443, 8443], isBlocked: true);
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
