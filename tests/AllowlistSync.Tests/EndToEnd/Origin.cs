using System.Runtime.InteropServices;
using AllowlistSync.TestKit;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd;

/// <summary>A host of its own with nftables, Cloudflare's lists on its loopback, and the built program with its configuration in the usual place.</summary>
internal sealed class Origin : IAsyncDisposable
{
    public const string ConfigPath = "/etc/allowlist-sync/config.yaml";
    private const string Copy = "/run/program";

    public const string StatePath = "/var/lib/allowlist-sync";

    /// <summary>What everything of ours carries in the rule way: the owner in names and comments.</summary>
    public const string Mark = "allowlist-sync";

    // Only a test that fails waits for so long; the machine may be busy with other tests.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan UntilLimit = TimeSpan.FromMinutes(4);

    private Origin(Sandbox sandbox, CloudflareServer cloudflare) => (Sandbox, Cloudflare) = (sandbox, cloudflare);

    public Sandbox Sandbox { get; }

    public CloudflareServer Cloudflare { get; }

    /// <summary>The program that a user would start: the one that the variable names, such as the published one, else the one that was built.</summary>
    public static string Program { get; } = Environment.GetEnvironmentVariable("ALLOWLIST_SYNC_PROGRAM") ?? Path.Combine(AppContext.BaseDirectory, "allowlist-sync");

    /// <summary>Whether that is machine code and no assembly stands beside it.</summary>
    public static bool IsPublished { get; } = !File.Exists(Program + ".dll");

    /// <summary>For DOTNET_ROOT: the program looks for its runtime in the usual places and there; the runtime of this process will do.</summary>
    public static string RuntimeRoot { get; } = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Starts a host with a rule set; the configuration has one target, web, unless another is given.</summary>
    public static async Task<Origin> StartAsync(string ruleset = Firewalls.Drop, ConfigText? config = null)
    {
        Needs.Sandbox("nft", "setsid");
        var environment = new Dictionary<string, string>(StringComparer.Ordinal) { ["DOTNET_ROOT"] = RuntimeRoot };
        var sandbox = await Sandbox.StartAsync(SandboxOptions.Default with { Environment = environment }, Ct);
        var origin = new Origin(sandbox, await CloudflareServer.StartInAsync(sandbox, Ct));
        await origin.NftAsync(ruleset);
        await origin.ConfigureAsync(config ?? new ConfigText());
        return origin;
    }

    public Task ConfigureAsync(ConfigText config) => WriteAsync(ConfigPath, config.Write(Cloudflare));

    /// <summary>A configuration of a sample whose list comes from this host's server.</summary>
    public string WithItsList(string sample) =>
        sample.Replace("    type: cloudflare\n", $"    type: cloudflare\n    apiUrl: {Cloudflare.ApiUrl}\n    textUrls: [{Cloudflare.TextIPv4Url}, {Cloudflare.TextIPv6Url}]\n", StringComparison.Ordinal);

    public Task WriteAsync(string path, string text) => Sandbox.WriteFileAsync(path, text, ct: Ct);

    public Task<string> ReadAsync(string path) => Sandbox.ReadFileAsync(path, Ct);

    /// <summary>Runs the program and waits for its end.</summary>
    public Task<Outcome> RunAsync(params string[] arguments) => RunAsync(stdin: null, arguments);

    public async Task<Outcome> RunAsync(string? stdin, string[] arguments) => Outcome.Of(await Sandbox.RunAsync([Program, .. arguments], stdin, Patience, Ct));

    /// <summary>Runs the program by way of other programs, such as <c>env</c> or <c>setpriv</c>.</summary>
    public async Task<Outcome> RunByAsync(IEnumerable<string> before, params string[] arguments) =>
        Outcome.Of(await Sandbox.RunAsync([.. before, Program, .. arguments], timeout: Patience, ct: Ct));

    /// <summary>Runs the program as a user without rights, from a copy: the checkout may lie where only its owner can look.</summary>
    public async Task<Outcome> RunAsNobodyAsync(params string[] arguments) => await AsNobodyAsync([$"{Copy}/allowlist-sync", .. arguments]);

    /// <summary>Runs a script of a shell as a user without rights; <c>$PROGRAM</c> in it is the program.</summary>
    public async Task<Outcome> RunScriptAsNobodyAsync(string script) => await AsNobodyAsync(["env", $"PROGRAM={Copy}/allowlist-sync", "sh", "-c", script]);

    private async Task<Outcome> AsNobodyAsync(string[] argv)
    {
        if (!await Sandbox.ExistsAsync(Copy))
        {
            await ShellAsync("cp", "-r", Path.GetDirectoryName(Program)!, Copy);
            await ShellAsync("chmod", "-R", "a+rX", Copy);
        }

        return Outcome.Of(await Sandbox.RunAsync(["setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups", .. argv], timeout: Patience, ct: Ct));
    }

    /// <summary>Runs any other program, which must end well.</summary>
    public async Task<string> ShellAsync(params string[] argv) => (await Sandbox.RunAsync(argv, timeout: Patience, ct: Ct)).EnsureSuccess().StdOut;

    public async Task NftAsync(string script)
    {
        if (script.Length > 0)
        {
            (await Sandbox.RunAsync(["nft", "-f", "-"], script + "\n", ct: Ct)).EnsureSuccess();
        }
    }

    /// <summary>The rule set as text, without counters.</summary>
    public async Task<string> RulesetAsync() => (await RulesetDump.ReadAsync(Sandbox, ct: Ct)).Text;

    /// <summary>What is not ours, object by object.</summary>
    public async Task<string> ForeignAsync() => (await RulesetDump.ReadAsync(Sandbox, Mark, Ct)).Objects;

    /// <summary>Waits until a condition holds; fails after four minutes, of which a change may be on probation for one.</summary>
    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var end = TimeProvider.System.GetTimestamp();
        while (!await condition())
        {
            if (TimeProvider.System.GetElapsedTime(end) > UntilLimit)
            {
                throw new TimeoutException($"did not come to pass within {UntilLimit.TotalSeconds} s: {what}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Ct);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Cloudflare.DisposeAsync();
        await Sandbox.DisposeAsync();
    }
}
