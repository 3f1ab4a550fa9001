using System.Net;
using AllowlistSync.Conformance.Harnesses;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.CrashHost;
using AllowlistSync.Providers.Host.Firewalld;
using AllowlistSync.Reachability.Proving;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Conformance.Faults;

/// <summary>A host with firewalld and its operator's configuration, and the program on it.</summary>
internal sealed class FirewalldLab : IAsyncDisposable
{
    public const string Drop = "rule family=\"ipv4\" source address=\"104.16.0.0/13\" port port=\"443\" protocol=\"tcp\" drop";

    private static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(200);
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("als-fault-");
    private string _foreign = "";

    private FirewalldLab(FirewalldTarget host, ProviderSettings settings)
    {
        Host = host;
        Tap = new HostTap(host.Host);
        Provider = FirewalldRegistration.Line.Create(settings, new ProviderPlace(Tap, new ChainModel()));
        Program = new Installation(_directory.FullName, TimeProvider.System);
        _ = Owner.TryCreate("als-test", out var owner);
        Target = new Target { Name = "web", Provider = "firewalld", Allow = [ListSource.SourceName], Ports = PortSet.Of(PortRange.Tcp(80), PortRange.Tcp(443)), Owner = owner! };
    }

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public FirewalldTarget Host { get; }

    public HostTap Tap { get; }

    public IFirewallProvider Provider { get; private set; }

    public Installation Program { get; }

    public Target Target { get; }

    public FirewalldMark Mark => Host.Mark;

    public FirewalldBus Firewalld => Host.Firewalld;

    public static async Task<FirewalldLab> StartAsync(bool isPolicy = false, ProviderSettings? settings = null)
    {
        Needs.Sandbox("firewalld", "dbus-daemon", "nft");
        var host = await FirewalldTarget.StartAsync(isPolicy, "nftables", Ct);
        var lab = new FirewalldLab(host, settings ?? host.Settings);
        await lab.RebaseAsync();
        return lab;
    }

    /// <summary>The provider with other settings.</summary>
    public void Configure(string? zone) => Provider = FirewalldRegistration.Line.Create(FirewalldOptions.For(zone), new ProviderPlace(Tap, new ChainModel()));

    public Task<TargetReport> ApplyAsync(params string[] list) => Program.RunAsync(Provider, Target, Lists.Of(list), Installation.Apply(), Ct);

    public Task<TargetReport> LookAsync(params string[] list) => Program.RunAsync(Provider, Target, Lists.Of(list), Installation.Look(), Ct);

    public Task<TargetReport> RemoveAsync() => Program.RunAsync(Provider, Target, Lists.Small, Installation.Remove(), Ct);

    public async Task<PrefixSet> SourcesAsync() => (await Provider.ReadAsync(Target, Ct)).Allowed.Sources;

    /// <summary>The operator reloads.</summary>
    public Task ReloadAsync() => Firewalld.RuntimeCallAsync("", "reload", Ct);

    /// <summary>What is foreign now must stay.</summary>
    public async Task RebaseAsync() => _foreign = await Host.ForeignAsync(Ct);

    /// <summary>Something of ours was changed by hand, and nothing of others.</summary>
    public async Task<TargetReport> MendedAsync(params string[] list)
    {
        var look = await LookAsync(list);
        look.Error.ShouldBeNull();
        look.Status.ShouldBe(TargetStatus.Differs);
        var report = await ApplyAsync(list);
        report.Error.ShouldBeNull();
        report.Status.ShouldBe(TargetStatus.Applied);
        (await LookAsync(list)).Status.ShouldBe(TargetStatus.InSync);
        await SafeAsync();
        await ReloadAsync();
        (await LookAsync(list)).Status.ShouldBe(TargetStatus.InSync);
        await ReachesAsync(list);
        return look;
    }

    /// <summary>What is foreign is the same, and the host is neither open nor locked.</summary>
    public async Task SafeAsync()
    {
        (await Host.ForeignAsync(Ct)).ShouldBe(_foreign);
        (await Firewalld.StateAsync(Ct)).ShouldBe("RUNNING");
        await ProbeAsync(["9.9.9.9", "2620:fe::fe"], [22, 80, 443], isBlocked: true);
        await ProbeAsync(["198.51.100.7", "2001:db8:1::7"], [22], isBlocked: false);
    }

    public Task ReachesAsync(params string[] list) => ProbeAsync(list.Select(prefix => prefix.Split('/')[0]), [80, 443], isBlocked: false);

    public async Task ProbeAsync(IEnumerable<string> sources, int[] ports, bool isBlocked)
    {
        var results = await Host.Client.ProbeAsync(ProbePlan.Probes(sources.Select(IPAddress.Parse), ports), Budget, Ct);
        results.ShouldNotBeEmpty();
        results.ShouldAllBe(result => result.IsBlocked == isBlocked);
    }

    public Task ZoneAsync(string method, string rule, string zone = FirewalldOperator.Zone) => Firewalld.ObjectAsync("getZoneByName", zone, "zone", method, Ct, new BusText(rule));

    public Task SetAsync(string name, string method, params BusValue[] arguments) => Firewalld.ObjectAsync("getIPSetByName", name, "ipset", method, Ct, [.. arguments]);

    public async ValueTask DisposeAsync()
    {
        await Host.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}
