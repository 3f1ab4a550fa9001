using AllowlistSync.Conformance.Harnesses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Providers.Host.RangeFiles;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Conformance.Faults.RangeFiles;

/// <summary>A host with a real nginx and a file that it includes, and the program on it.</summary>
internal sealed class RangeFileLab : SubjectLab<RangeFileTarget>
{
    public const string Path = RangeFileTarget.Path;
    public const string NotePath = RangeFileTarget.NotePath;

    private RangeFileLab(RangeFileTarget subject, ProviderSettings settings)
        : base(subject, "file", place => RangeFileRegistration.Line.Create(settings, place), PortRange.Tcp(80)) => Settings = settings;

    public ProviderSettings Settings { get; }

    /// <summary>A host; settings other than those of the conformance suite may be given.</summary>
    public static async Task<RangeFileLab> StartAsync(ProviderSettings? settings = null)
    {
        Needs.Sandbox("nginx");
        var subject = await RangeFileTarget.StartAsync(Ct);
        var lab = new RangeFileLab(subject, settings ?? subject.Settings);
        await lab.RebaseAsync();
        return lab;
    }

    /// <summary>A host whose check and reload are shell scripts, <c>/usr/local/bin/check</c> and <c>reload</c>, that write down that they were run.</summary>
    public static async Task<RangeFileLab> WithScriptsAsync(string check, string reload, string timeout = "5s")
    {
        var settings = RangeFileTarget.Of("nginx-realip", ["/usr/local/bin/check"], ["/usr/local/bin/reload"]);
        var lab = await StartAsync(settings with { Values = settings.Values.Add("timeout", timeout) });
        await lab.ScriptAsync("check", check);
        await lab.ScriptAsync("reload", reload);
        return lab;
    }

    /// <summary>Writes a script of the operator.</summary>
    public async Task ScriptAsync(string name, string body) =>
        await Subject.Sandbox.WriteFileAsync($"/usr/local/bin/{name}", $"#!/bin/sh\necho {name} >> /run/ran\n{body}\n", (UnixFileMode)0b111_101_101, Ct);

    /// <summary>Which scripts were run since the last time this was asked.</summary>
    public async Task<string[]> RanAsync() =>
        (await ShellAsync("cat /run/ran 2>/dev/null || true; rm -f /run/ran")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    /// <summary>The file; null when it is not there.</summary>
    public async Task<string?> FileAsync() => await Subject.Sandbox.ExistsAsync(Path, Ct) ? await Subject.Sandbox.ReadFileAsync(Path, Ct) : null;

    public Task<bool> HasNoteAsync() => Subject.Sandbox.ExistsAsync(NotePath, Ct);

    /// <summary>Applies, and it goes well.</summary>
    public async Task<TargetReport> ReachAsync(params string[] list)
    {
        var report = await ApplyAsync(list);
        report.Status.ShouldBeOneOf([TargetStatus.Applied, TargetStatus.InSync], $"{report.Error}");
        (await LookAsync(list)).Status.ShouldBe(TargetStatus.InSync);
        (await HasNoteAsync()).ShouldBeFalse();
        return report;
    }
}
