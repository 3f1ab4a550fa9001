using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.CrashHost;
using AllowlistSync.Providers.Host.Nftables;
using AllowlistSync.Reachability.Proving;
using AllowlistSync.TestKit;

namespace AllowlistSync.Conformance.Faults;

/// <summary>A host with a rule set of the test's choice, and the program on it.</summary>
internal sealed class FaultLab : IAsyncDisposable
{
    public static readonly ImmutableArray<(string Key, string Value)> RuleWay = [("table", "inet filter"), ("chain", "input")];

    public static readonly ImmutableArray<(string Key, string Value)> SetWay = [("sets.ipv4", "inet filter cf4")];

    public const string Chain = """
        table inet filter {
          chain input {
            type filter hook input priority filter
            policy drop
            ct state established,related accept
            tcp dport 22 accept comment "ssh"
          }
        }

        """;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("als-fault-");

    private FaultLab(Sandbox sandbox, ProviderSettings settings, IHost? host)
    {
        Sandbox = sandbox;
        Settings = settings;
        Tap = new HostTap(host ?? SandboxHost.Of(sandbox));
        Provider = NftablesRegistration.Line.Create(settings, new ProviderPlace(Tap, new ChainModel()));
        Program = new Installation(_directory.FullName, TimeProvider.System);
        _ = Owner.TryCreate("als-test", out var owner);
        Target = new Target { Name = "web", Provider = "nftables", Allow = [ListSource.SourceName], Ports = PortSet.Of(PortRange.Tcp(80), PortRange.Tcp(443)), Owner = owner! };
    }

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public Sandbox Sandbox { get; }

    public ProviderSettings Settings { get; }

    public HostTap Tap { get; }

    public IFirewallProvider Provider { get; }

    public Installation Program { get; }

    public Target Target { get; set; }

    /// <summary>A host on which a rule set is loaded.</summary>
    public static async Task<FaultLab> StartAsync(string ruleset, ImmutableArray<(string Key, string Value)> settings, Func<Sandbox, IHost>? host = null)
    {
        Needs.Sandbox("nft");
        var sandbox = await Sandbox.StartAsync(SandboxOptions.Default, Ct);
        var values = settings.Aggregate(ProviderSettings.None.Values, (all, pair) => all.Add(pair.Key, pair.Value));
        var lab = new FaultLab(sandbox, new ProviderSettings { Values = values }, host?.Invoke(sandbox));
        await lab.NftAsync(ruleset);
        return lab;
    }

    /// <summary>A host with one set of the operator, used by one rule.</summary>
    public static Task<FaultLab> StartSetAsync(string set) => StartAsync(
        $$"""
        table inet filter {
          set cf4 {
            {{set.Replace(";", "\n", StringComparison.Ordinal)}}
          }
          chain input {
            type filter hook input priority filter
            policy accept
          }
        }

        """,
        SetWay);

    public async Task NftAsync(string script) => (await Sandbox.RunAsync(["nft", "-f", "-"], script + "\n", ct: Ct)).EnsureSuccess();

    public async Task<string> DumpAsync() => (await RulesetDump.ReadAsync(Sandbox, ct: Ct)).Text;

    public async Task<string> NftListAsync() => (await Sandbox.RunAsync(["nft", "list", "ruleset"], ct: Ct)).EnsureSuccess().StdOut;

    public Task<TargetReport> ApplyAsync(params string[] list) => Program.RunAsync(Provider, Target, Lists.Of(list), Installation.Apply(), Ct);

    public Task<TargetReport> LookAsync(params string[] list) => Program.RunAsync(Provider, Target, Lists.Of(list), Installation.Look(), Ct);

    public Task<TargetReport> RemoveAsync() => Program.RunAsync(Provider, Target, Lists.Small, Installation.Remove(), Ct);

    public async Task<PrefixSet> SourcesAsync() => (await Provider.ReadAsync(Target, Ct)).Allowed.Sources;

    public async ValueTask DisposeAsync()
    {
        await Sandbox.DisposeAsync();
        _directory.Delete(recursive: true);
    }
}
