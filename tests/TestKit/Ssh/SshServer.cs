using System.Diagnostics;
using System.Globalization;

namespace AllowlistSync.TestKit;

/// <summary>
/// A real sshd in a sandbox, with keys of its own. The client's configuration is the one of the sandbox (/etc/ssh): the host <see cref="Pipe"/> is reached without a network, since the client starts sshd at the
/// other end of a pipe, so no rule of a firewall is in the way; the hosts <c>h1</c>, <c>h2</c> and so on are reached over loopback at port 2222.
/// </summary>
public sealed class SshServer : IAsyncDisposable
{
    /// <summary>The host at the other end of a pipe.</summary>
    public const string Pipe = "pipe";

    /// <summary>The port on loopback.</summary>
    public const int Port = 2222;

    /// <summary>Where keys and configuration are, inside.</summary>
    public const string Place = "/etc/ssh/als";

    private readonly SandboxProcess? _listener;

    private SshServer(Sandbox sandbox, SandboxProcess? listener) => (Sandbox, _listener) = (sandbox, listener);

    /// <summary>The programs that it needs.</summary>
    public static IReadOnlyList<string> Programs { get; } = ["sshd", "ssh", "ssh-keygen"];

    /// <summary>Where it runs.</summary>
    public Sandbox Sandbox { get; }

    /// <summary>
    /// Makes keys and configuration in a sandbox, and starts sshd at the port unless only the pipe is wanted. root gets a home of its own inside: bash reads ~/.bashrc when sshd starts it, and what stands in the one of
    /// this machine may wait for anything (a lock of pyenv: 60 s), change it, or say something.
    /// </summary>
    /// <param name="sandbox">Where.</param>
    /// <param name="more">Lines of its configuration.</param>
    /// <param name="listens">Whether it listens.</param>
    /// <param name="ct">Stops it.</param>
    public static async Task<SshServer> StartAsync(Sandbox sandbox, string more = "", bool listens = true, CancellationToken ct = default)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        await sandbox.WriteFileAsync($"{Place}/sshd_config", Configuration(more), ct: ct);
        await sandbox.WriteFileAsync("/etc/ssh/ssh_config", Client, ct: ct);
        await ShellAsync(sandbox, $"mkdir -p {Place}/home && sed -i 's|^root:.*|root:x:0:0:root:{Place}/home:/bin/bash|' /etc/passwd", ct);
        await ShellAsync(sandbox, $"mkdir -p /run/sshd && cd {Place} && for k in host id other; do ssh-keygen -q -t ed25519 -N '' -C als -f $k; done && cp id.pub authorized_keys && chmod 600 host id other && sed 's/^/als-test /' host.pub > ../ssh_known_hosts", ct);
        if (!listens)
        {
            return new SshServer(sandbox, null);
        }

        var listener = await sandbox.StartProcessAsync(["/usr/sbin/sshd", "-D", "-e", "-f", $"{Place}/sshd_config"], ct);
        await ShellAsync(sandbox, $"for i in $(seq 200); do ss -Hltn sport = :{Port} | grep -q . && exit 0; sleep 0.05; done; exit 1", ct);
        return new SshServer(sandbox, listener);
    }

    /// <summary>Runs a line of shell inside, which must end well.</summary>
    public async Task<string> ShellAsync(string line, CancellationToken ct) => await ShellAsync(Sandbox, line, ct);

    /// <summary>How often somebody signed in over the network since it started.</summary>
    public int SignIns => _listener!.StdErr.Split("Accepted publickey").Length - 1;

    /// <summary>Breaks every connection as a host does that goes down: the processes that serve them are killed, each by its number; what they started stays.</summary>
    public void Cut()
    {
        foreach (var pid in ChildrenOf(_listener!.Pid!.Value).SelectMany(child => ChildrenOf(child).Where(IsSshd).Append(child)).ToList())
        {
            End(pid);
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_listener is not null)
        {
            await _listener.DisposeAsync();
        }
    }

    private static async Task<string> ShellAsync(Sandbox sandbox, string line, CancellationToken ct) => (await sandbox.RunAsync(["sh", "-c", line], ct: ct)).EnsureSuccess().StdOut;

    private static void End(int pid)
    {
        try
        {
            using var served = Process.GetProcessById(pid);
            served.Kill();
        }
        catch (ArgumentException ended)
        {
            // It ended by itself in the meantime.
            _ = ended;
        }
    }

    private static IEnumerable<int> ChildrenOf(int pid) =>
        Look($"/proc/{pid}/task/{pid}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(word => int.Parse(word, CultureInfo.InvariantCulture));

    private static bool IsSshd(int pid) => Look($"/proc/{pid}/comm").Trim() == "sshd";

    // Sessions come and go while we look: nothing in the place of one that has gone.
    private static string Look(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static string Configuration(string more) => $"""
        Port {Port}
        ListenAddress 127.0.0.1
        HostKey {Place}/host
        AuthorizedKeysFile {Place}/authorized_keys
        PermitRootLogin prohibit-password
        PasswordAuthentication no
        KbdInteractiveAuthentication no
        StrictModes no
        UsePAM no
        PidFile none
        MaxStartups 100
        {more}

        """;

    private const string Client = $"""
        Host {Pipe}
          ProxyCommand /usr/sbin/sshd -i -f {Place}/sshd_config
          HostKeyAlias als-test
          IdentityFile {Place}/id
        Host stranger
          HostName 127.0.0.1
          Port 2222
        Host h* locked
          HostName 127.0.0.1
          Port 2222
          HostKeyAlias als-test
        Host h*
          IdentityFile {Place}/id
        Host *
          GlobalKnownHostsFile /etc/ssh/ssh_known_hosts
          UserKnownHostsFile /dev/null
          IdentitiesOnly yes

        """;
}
