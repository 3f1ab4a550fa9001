using AllowlistSync.Conformance.Harnesses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Fail2Ban;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Conformance.Faults;

/// <summary>A host with a real fail2ban, and the program on it; bans are lifted.</summary>
internal sealed class Fail2BanLab : SubjectLab<Fail2BanTarget>
{
    public const string DropIn = "/etc/fail2ban/jail.d/zz-allowlist-sync.local";

    private Fail2BanLab(Fail2BanTarget subject, ProviderSettings settings)
        : base(subject, "fail2ban", place => Fail2BanRegistration.Line.Create(settings, place), PortRange.Tcp(80), PortRange.Tcp(443)) => Target = Target with { LiftBans = true };

    public static async Task<Fail2BanLab> StartAsync(bool readsLists = false, ProviderSettings? settings = null)
    {
        Needs.Sandbox("fail2ban-server", "nft");
        return new Fail2BanLab((Fail2BanTarget)await new Fail2BanHarness(readsLists).StartAsync(Ct), settings ?? ProviderSettings.None);
    }

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

    public Task ExpectAsync(string source, bool isBlocked) => ExpectAsync([source], [80, 443], isBlocked);

    private static async Task UntilAsync(Func<Task<bool>> isSo)
    {
        for (var tries = 0; tries < 60 && !await isSo(); tries++)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(250), Ct);
        }

        (await isSo()).ShouldBeTrue();
    }
}
