using AllowlistSync.Conformance.Harnesses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Reporting;
using AllowlistSync.CrashHost;
using AllowlistSync.Providers.Host.Csf;
using AllowlistSync.TestKit;

namespace AllowlistSync.Conformance.Faults;

/// <summary>A host with CSF and lfd running, and the program on it; bans are lifted.</summary>
internal sealed class CsfLab : SubjectLab<CsfTarget>
{
    public const string AllowFile = "/etc/csf/allowlist-sync+als-test+web.allow";
    public const string IgnoreFile = "/etc/csf/allowlist-sync+als-test+web.ignore";

    public static readonly string[] List = ["104.16.0.0/13", "2400:cb00::/32"];

    private CsfLab(CsfTarget subject)
        : base(subject, "csf", place => new CsfProvider(place), PortRange.Tcp(80), PortRange.Tcp(443)) => Target = Target with { LiftBans = true };

    public static async Task<CsfLab> StartAsync()
    {
        Needs.Sandbox(CsfInstallation.Programs);
        var lab = new CsfLab(await CsfTarget.StartAsync(Ct));
        await lab.RebaseAsync();
        return lab;
    }

    public Task SetAsync(string name, string value) => CsfInstallation.SetAsync(Subject.Sandbox, Ct, (name, value));

    public Task<string> ReadAsync(string path) => Subject.Sandbox.ReadFileAsync(path, Ct);

    /// <summary>Applies, and nothing of what a test set happens meanwhile.</summary>
    public override Task<TargetReport> ApplyAsync(params IEnumerable<string> list)
    {
        Tap.Reset();
        return base.ApplyAsync(list);
    }

    /// <summary>Applies, while something happens before the host is asked for anything.</summary>
    public Task<TargetReport> ApplyTappedAsync(params IEnumerable<string> list) => RunAsync(Installation.Apply(), list);
}
