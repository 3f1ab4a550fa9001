using AllowlistSync.Conformance.Harnesses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Providers.Host.Firewalld;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Conformance.Faults;

/// <summary>A host with firewalld and its operator's configuration, and the program on it.</summary>
internal sealed class FirewalldLab : SubjectLab<FirewalldTarget>
{
    public const string Drop = "rule family=\"ipv4\" source address=\"104.16.0.0/13\" port port=\"443\" protocol=\"tcp\" drop";

    private FirewalldLab(FirewalldTarget host, ProviderSettings settings)
        : base(host, "firewalld", place => FirewalldRegistration.Line.Create(settings, place), PortRange.Tcp(80), PortRange.Tcp(443))
    {
    }

    public FirewalldMark Mark => Subject.Mark;

    public FirewalldBus Firewalld => Subject.Firewalld;

    public static async Task<FirewalldLab> StartAsync(bool isPolicy = false, ProviderSettings? settings = null)
    {
        Needs.Sandbox("firewalld", "dbus-daemon", "nft");
        var host = await FirewalldTarget.StartAsync(isPolicy, "nftables", Ct);
        var lab = new FirewalldLab(host, settings ?? host.Settings);
        await lab.RebaseAsync();
        return lab;
    }

    /// <summary>The provider with other settings.</summary>
    public void Configure(string? zone) => Provider = FirewalldRegistration.Line.Create(FirewalldOptions.For(zone), Place);

    /// <summary>The operator reloads.</summary>
    public Task ReloadAsync() => Firewalld.RuntimeCallAsync("", "reload", Ct);

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
        await DemandSafeAsync();
        await ReloadAsync();
        (await LookAsync(list)).Status.ShouldBe(TargetStatus.InSync);
        await ReachesAsync(list);
        return look;
    }

    /// <inheritdoc/>
    public override async Task DemandSafeAsync()
    {
        (await Firewalld.StateAsync(Ct)).ShouldBe("RUNNING");
        await base.DemandSafeAsync();
    }

    public Task ReachesAsync(params string[] list) => ExpectAsync(list.Select(prefix => prefix.Split('/')[0]), [80, 443], isBlocked: false);

    public Task ZoneAsync(string method, string rule, string zone = FirewalldOperator.Zone) => Firewalld.ObjectAsync("getZoneByName", zone, "zone", method, Ct, new BusText(rule));

    public Task SetAsync(string name, string method, params BusValue[] arguments) => Firewalld.ObjectAsync("getIPSetByName", name, "ipset", method, Ct, [.. arguments]);
}
