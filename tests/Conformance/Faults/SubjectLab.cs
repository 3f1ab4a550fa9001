using System.Net;
using AllowlistSync.Conformance.Harnesses;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.CrashHost;
using AllowlistSync.Reachability.Proving;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Conformance.Faults;

/// <summary>A host with a real firewall of the conformance suite, and the program on it with one target.</summary>
/// <typeparam name="TSubject">The firewall.</typeparam>
internal abstract class SubjectLab<TSubject> : IAsyncDisposable
    where TSubject : IConformanceTarget
{
    private static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(250);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("als-fault-");
    private string _foreign = "";

    protected SubjectLab(TSubject subject, string provider, Func<ProviderPlace, IFirewallProvider> create, params PortRange[] ports)
    {
        Subject = subject;
        Tap = new HostTap(subject.Host) { IsWrite = subject.IsWrite };
        Provider = create(Place);
        Program = new Installation(_directory.FullName, TimeProvider.System);
        _ = Owner.TryCreate("als-test", out var owner);
        Target = new Target { Name = "web", Provider = provider, Allow = [ListSource.SourceName], Ports = PortSet.Of(ports), Owner = owner! };
    }

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public TSubject Subject { get; }

    public HostTap Tap { get; }

    public IFirewallProvider Provider { get; protected set; }

    public Installation Program { get; }

    public Target Target { get; set; }

    /// <summary>What a provider gets.</summary>
    protected ProviderPlace Place => new(Tap, new ChainModel());

    public virtual Task<TargetReport> ApplyAsync(params IEnumerable<string> list) => RunAsync(Installation.Apply(), list);

    public Task<TargetReport> LookAsync(params IEnumerable<string> list) => RunAsync(Installation.Look(), list);

    public Task<TargetReport> RemoveAsync() => Program.RunAsync(Provider, Target, Lists.Small, Installation.Remove(), Ct);

    public async Task<PrefixSet> SourcesAsync() => (await Provider.ReadAsync(Target, Ct)).Allowed.Sources;

    /// <summary>Runs a shell script as root on the host, which must go well; what it printed.</summary>
    public Task<string> ShellAsync(string script) => Subject.Sandbox.ShellAsync(script, Ct);

    /// <summary>A change of somebody else: what is foreign afterwards must stay.</summary>
    public async Task ChangeAsync(string script)
    {
        await ShellAsync(script);
        await RebaseAsync();
    }

    /// <summary>What is foreign now must stay.</summary>
    public async Task RebaseAsync() => _foreign = await Subject.ForeignAsync(Ct);

    /// <summary>What is foreign is the same.</summary>
    public async Task DemandForeignAsync() => (await Subject.ForeignAsync(Ct)).ShouldBe(_foreign);

    /// <summary>What is foreign is the same, strangers are blocked, and the office gets to SSH.</summary>
    public virtual async Task DemandSafeAsync()
    {
        await DemandForeignAsync();
        await ExpectAsync(["9.9.9.9", "8.8.8.8", "2620:fe::fe"], [22, 80, 443, 8443], isBlocked: true);
        await ExpectAsync(["198.51.100.7", "2001:db8:1::7"], [22], isBlocked: false);
    }

    /// <summary>All of these get in, or none.</summary>
    public async Task ExpectAsync(IEnumerable<string> sources, int[] ports, bool isBlocked)
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

    protected Task<TargetReport> RunAsync(Core.RunOptions options, IEnumerable<string> list) => Program.RunAsync(Provider, Target, Lists.Of(list), options, Ct);
}
