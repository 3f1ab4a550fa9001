using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;
using AllowlistSync.TestKit;

namespace AllowlistSync.Conformance.Harnesses;

/// <summary>A host with a real nginx that restores visitors' addresses by a list that we keep.</summary>
public sealed class RangeFileTarget : IConformanceTarget
{
    /// <summary>The file.</summary>
    public const string Path = "/etc/nginx/edge/cloudflare.conf";

    /// <summary>The note beside it.</summary>
    public const string NotePath = "/etc/nginx/edge/.cloudflare.conf.allowlist-sync-pending";

    // A pattern is no error to nginx when nothing matches it.
    private const string Configuration = """
        pid /run/nginx.pid;
        error_log /var/log/nginx/error.log;
        events { }
        http {
          access_log /var/log/nginx/access.log;
          real_ip_header CF-Connecting-IP;
          include /etc/nginx/edge/*.conf;
          server {
            listen 80;
            listen [::]:80;
            return 200 "$remote_addr\n";
          }
        }

        """;

    private const string Deploy = """
        rm -rf /etc/nginx/edge
        mkdir /etc/nginx/edge
        echo '# the operator'"'"'s own' > /etc/nginx/edge/office.conf
        """;

    private RangeFileTarget(Sandbox sandbox, PacketClient client)
    {
        Sandbox = sandbox;
        Client = client;
        Host = SandboxHost.Of(sandbox);
    }

    /// <inheritdoc/>
    public Sandbox Sandbox { get; }

    /// <inheritdoc/>
    public IHost Host { get; }

    /// <inheritdoc/>
    public ProviderSettings Settings { get; } = Of("nginx-realip", ["nginx", "-t"], ["nginx", "-s", "reload"]);

    /// <inheritdoc/>
    public ProviderSettings IPv4Only => throw new NotSupportedException("every format holds both families");

    /// <inheritdoc/>
    public PacketClient Client { get; }

    /// <summary>Settings of a target that keeps the file.</summary>
    public static ProviderSettings Of(string format, string[] check, string[] reload, string path = Path) => new()
    {
        Values = ProviderSettings.None.Values.Add("path", path).Add("format", format),
        Lists = ProviderSettings.None.Lists.Add("check", [.. check]).Add("reload", [.. reload]),
    };

    /// <summary>A shell line that waits until a server has started: it leaves before its master has written down its number, which a reload needs, and before there is a worker.</summary>
    public static string HasStarted(string pidFile) => $"for i in $(seq 1000); do [ -s {pidFile} ] && pgrep -P \"$(cat {pidFile})\" >/dev/null && exit 0; sleep 0.05; done; exit 1";

    /// <summary>Starts a host whose nginx runs.</summary>
    public static async Task<RangeFileTarget> StartAsync(CancellationToken cancellationToken)
    {
        var sandbox = await Sandbox.StartAsync(SandboxOptions.Default, cancellationToken);
        var target = new RangeFileTarget(sandbox, await sandbox.ConnectClientAsync(cancellationToken));
        await sandbox.WriteFileAsync("/etc/nginx/nginx.conf", Configuration, ct: cancellationToken);
        await target.ShellAsync($"mkdir -p /var/log/nginx; {Deploy}\nnginx >/run/started 2>&1\n{HasStarted("/run/nginx.pid")}", cancellationToken);
        return target;
    }

    // The target is the file: a program of the operator changes nothing in it. A kill between the file and the reload is a fault of its own.
    /// <inheritdoc/>
    public bool IsWrite(HostCommand command) => false;

    /// <inheritdoc/>
    public Task<string> ForeignAsync(CancellationToken cancellationToken) =>
        ShellAsync($"find /etc/nginx ! -path {Path} ! -path {NotePath} ! -type d -printf '%p %m %U %G %l ' -exec md5sum {{}} \\; | sort", cancellationToken);

    /// <summary>Runs a shell line as root inside; its output.</summary>
    public async Task<string> ShellAsync(string script, CancellationToken cancellationToken) =>
        (await Sandbox.RunAsync(["sh", "-ec", script], ct: cancellationToken)).EnsureSuccess().StdOut;

    /// <inheritdoc/>
    public Task ChangeAsync(ForeignChange change, CancellationToken cancellationToken) => ShellAsync(
        change switch
        {
            ForeignChange.Settle => ":",
            ForeignChange.RemoveOurs => $"rm -f {Path} {NotePath}",
            ForeignChange.Reload => $"{Deploy}\nnginx -s reload",
            ForeignChange.RemovePlace => "rm -rf /etc/nginx/edge",
            ForeignChange.TakeOurName => $"echo 'set_real_ip_from 203.0.113.0/24;' > {Path}",
            ForeignChange.Edit => "echo '# kept' >> /etc/nginx/nginx.conf; echo 'set_real_ip_from 198.51.100.0/24;' > /etc/nginx/edge/mine.conf",
            _ => throw new NotSupportedException($"{change} has no meaning for a file"),
        },
        cancellationToken);

    /// <inheritdoc/>
    public Task<IHost> BreakAsync(Breakage breakage, CancellationToken cancellationToken) => throw new NotSupportedException("no program is asked when a file is read");

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await Client.DisposeAsync();
        await Sandbox.DisposeAsync();
    }
}
