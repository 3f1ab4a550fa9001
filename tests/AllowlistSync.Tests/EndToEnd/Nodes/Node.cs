using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using AllowlistSync.TestKit;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd.Nodes;

/// <summary>The built program on this machine under the name of a node of its own; what it does stays in a temporary directory and in the test's PostgreSQL.</summary>
internal sealed partial class Node : IAsyncDisposable
{
    /// <summary>signal(7).</summary>
    public const int Hangup = 1;
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    private readonly Process _process;
    private readonly StringBuilder _said = new();

    private Node(Process process) => _process = process;

    /// <summary>What it said so far, with every run of white space as one blank, so that a line break in a message does not matter.</summary>
    public string Said
    {
        get
        {
            lock (_said)
            {
                return string.Join(' ', _said.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
            }
        }
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Starts it with arguments; waits for nothing.</summary>
    public static Node Start(string name, string config, params string[] arguments)
    {
        var start = new ProcessStartInfo(Origin.Program, ["--config", config, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        start.Environment["DOTNET_ROOT"] = Origin.RuntimeRoot;
        start.Environment["ALLOWLIST_SYNC_NODE"] = name;
        var process = new Process { StartInfo = start };
        var node = new Node(process);
        process.OutputDataReceived += (_, line) => node.Hear(line.Data);
        process.ErrorDataReceived += (_, line) => node.Hear(line.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        process.StandardInput.Close();
        return node;
    }

    /// <summary>Starts a daemon; returns when it says so.</summary>
    public static async Task<Node> DaemonAsync(string name, string config)
    {
        var node = Start(name, config, "daemon", "--log", "text");
        await node.SaysAsync("started on " + name);
        return node;
    }

    /// <summary>Waits until it said a text.</summary>
    public Task SaysAsync(string text) => UntilAsync(() => Task.FromResult(Said.Contains(text, StringComparison.Ordinal)), $"`{text}`", () => Said);

    /// <summary>Sends a signal to the process.</summary>
    public void Signal(int signal) => _ = SendSignal(_process.Id, signal);

    /// <summary>Waits for its end.</summary>
    public async Task<int> EndAsync()
    {
        using var late = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        late.CancelAfter(Patience);
        await _process.WaitForExitAsync(late.Token);
        return _process.ExitCode;
    }

    /// <summary>Asks until something holds.</summary>
    public static async Task UntilAsync(Func<Task<bool>> holds, string what, Func<string> instead)
    {
        var began = TimeProvider.System.GetTimestamp();
        while (!await holds())
        {
            if (TimeProvider.System.GetElapsedTime(began) > Patience)
            {
                throw new TimeoutException($"waited for {what} and got:\n{instead()}");
            }

            await Task.Delay(TimeSpan.FromMilliseconds(100), Ct);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            Signal(Continue);
            Signal(Kill);
            await _process.WaitForExitAsync(CancellationToken.None);
        }

        _process.Dispose();
    }

    private void Hear(string? line)
    {
        lock (_said)
        {
            _said.AppendLine(line);
        }
    }

    [LibraryImport("libc", EntryPoint = "kill")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SendSignal(int process, int signal);
}

/// <summary>A PostgreSQL server and a directory for the nodes of a test.</summary>
public sealed class Cluster : IAsyncLifetime
{
    private readonly SemaphoreSlim _gate = new(1);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>The server.</summary>
    public PostgresCluster Server { get; private set; } = null!;

    /// <summary>Files of the tests.</summary>
    public string Directory { get; } = System.IO.Directory.CreateTempSubdirectory("als-nodes-").FullName;

    /// <summary>Starts the server once; a machine without PostgreSQL skips the test that asks.</summary>
    public async Task<string> DatabaseAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            Server ??= await PostgresCluster.StartAsync(cancellationToken);
            return await Server.CreateDatabaseAsync(cancellationToken);
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Writes a configuration for a database and gives its path.</summary>
    public async Task<string> ConfigureAsync(string name, string database, string targets, string cron = "0 0 4 1 1 ?", string listen = "off")
    {
        var path = Path.Combine(Directory, name + ".yaml");
        await File.WriteAllTextAsync(path, $$"""
            version: 1
            sources:
              - { name: office, type: static, prefixes: [198.51.100.0/24, "2001:db8::/32"] }
            state: {{Server.Connection(database)}}
            schedule: { cron: "{{cron}}", jitter: 0s }
            listen: {{listen}}
            targets:
            {{targets}}

            """);
        return path;
    }

    /// <summary>A target that is the same for all nodes: these tests need its runs only, and nobody listens on port 1.</summary>
    public static string Shared(string name) => $"  - {{ name: {name}, provider: nftables, host: \"ssh://nobody@127.0.0.1:1\", allow: [office], settings: {{ table: inet filter, chain: {name} }} }}\n";

    /// <summary>A target on the node itself.</summary>
    public string Local(string name, string more = "") => $"  - {{ name: {name}, provider: file, allow: [office], settings: {{ path: {Path.Combine(Directory, name + ".txt")}, format: plain{more} }} }}\n";

    /// <summary>How many ticks of the shared target s1 were run.</summary>
    public async Task<int> CountAsync(string database) =>
        int.Parse(await Server.SqlAsync(database, "SELECT count(DISTINCT content::json->>'due') FROM allowlist_sync.entry WHERE kind = 'run' AND name = 's1'", Ct), CultureInfo.InvariantCulture);

    /// <summary>Waits until there were so many.</summary>
    public Task TicksAsync(string database, int number) => Node.UntilAsync(async () => await CountAsync(database) >= number, $"{number} ticks", () => "fewer");

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        if (Server is not null)
        {
            await Server.DisposeAsync();
        }

        System.IO.Directory.Delete(Directory, recursive: true);
        _gate.Dispose();
    }
}
