using System.Collections.Immutable;
using System.Net;
using AllowlistSync.Conformance.Harnesses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.CrashHost;
using AllowlistSync.Providers.Host.Fail2Ban;
using AllowlistSync.Reachability.Proving;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Conformance.Faults;

/// <summary>A host with a real fail2ban, and the program on it.</summary>
internal sealed class Fail2BanLab : IAsyncDisposable
{
    public const string DropIn = "/etc/fail2ban/jail.d/zz-allowlist-sync.local";

    private static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(250);

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("als-fail2ban-");

    private Fail2BanLab(Fail2BanTarget subject, ProviderSettings settings)
    {
        Subject = subject;
        Tap = new HostTap(subject.Host) { IsWrite = subject.IsWrite };
        Provider = Fail2BanRegistration.Line.Create(settings, new ProviderPlace(Tap, new ChainModel()));
        Program = new Installation(_directory.FullName, TimeProvider.System);
        _ = Owner.TryCreate("als-test", out var owner);
        Target = new Target { Name = "web", Provider = "fail2ban", Allow = [ListSource.SourceName], Ports = PortSet.Of(PortRange.Tcp(80), PortRange.Tcp(443)), Owner = owner!, LiftBans = true };
    }

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public Fail2BanTarget Subject { get; }

    public HostTap Tap { get; }

    public IFirewallProvider Provider { get; }

    public Installation Program { get; }

    public Target Target { get; set; }

    public static async Task<Fail2BanLab> StartAsync(bool readsLists = false, ProviderSettings? settings = null)
    {
        Needs.Sandbox("fail2ban-server", "nft");
        return new Fail2BanLab((Fail2BanTarget)await new Fail2BanHarness(readsLists).StartAsync(Ct), settings ?? ProviderSettings.None);
    }

    public Task<string> ShellAsync(string script) => Subject.ShellAsync(script, Ct);

    public Task<TargetReport> ApplyAsync(params ImmutableArray<string> list) => RunAsync(Installation.Apply(), list);

    public Task<TargetReport> LookAsync(params ImmutableArray<string> list) => RunAsync(Installation.Look(), list);

    /// <summary>The addresses that a jail bans.</summary>
    public Task<string> BannedAsync(string jail = "webtest") => ShellAsync($"fail2ban-client get {jail} banip");

    /// <summary>What a jail ignores.</summary>
    public Task<string> IgnoredAsync(string jail = "webtest") => ShellAsync($"fail2ban-client get {jail} ignoreip");

    /// <summary>Lets an address fail until it is banned.</summary>
    public async Task BanAsync(string address)
    {
        await Subject.FailAsync(address, 4, Ct);
        await UntilAsync(async () => (await BannedAsync()).Contains(address, StringComparison.Ordinal));
    }

    public async Task ExpectAsync(string source, bool isBlocked)
    {
        var results = await Subject.Client.ProbeAsync(ProbePlan.Probes([IPAddress.Parse(source)], [80, 443]), Budget, Ct);
        results.ShouldNotBeEmpty();
        results.ShouldAllBe(result => result.IsBlocked == isBlocked, source);
    }

    public async ValueTask DisposeAsync()
    {
        await Subject.DisposeAsync();
        _directory.Delete(recursive: true);
    }

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (var tries = 0; tries < 60 && !await isSo(); tries++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(250), Ct);
        }

        (await isSo()).ShouldBeTrue();
    }

    private Task<TargetReport> RunAsync(Core.RunOptions options, ImmutableArray<string> list) => Program.RunAsync(Provider, Target, list.IsEmpty ? Lists.Cloudflare : Lists.Of(list), options, Ct);
}
