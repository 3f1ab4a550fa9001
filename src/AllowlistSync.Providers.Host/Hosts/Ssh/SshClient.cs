using System.Collections.Immutable;
using System.Globalization;
using AllowlistSync.Core.Hosts;

namespace AllowlistSync.Providers.Host.Hosts.Ssh;

/// <summary>The words with which OpenSSH's client is started. Pure but for the name of the agent's socket.</summary>
/// <param name="Address">The host.</param>
/// <param name="Options">How it is signed in to.</param>
/// <param name="Directory">A directory that is ours alone, for the shared connection.</param>
internal sealed record SshClient(SshAddress Address, SshOptions Options, string Directory)
{
    // A host that says nothing for 15 s is taken for gone.
    private const int AliveInterval = 5;
    private const int AliveCount = 3;

    /// <summary>The socket of the shared connection.</summary>
    public string ControlPath => $"{Directory}/c";

    /// <summary>Signs in, lets the commands after it share the connection, and ends with the line.</summary>
    public HostCommand Open(string line, string log) => Command(["-o", "ControlMaster=yes", "-o", "ControlPersist=no"], log, line);

    /// <summary>Runs a line over the connection; when there is none, nobody signs in anew and nothing is started.</summary>
    public HostCommand Run(string line, string log) => Command(["-o", "ControlMaster=no", "-o", "ProxyCommand=false"], log, line);

    /// <summary>Lets a socket on this machine lead to one of the host.</summary>
    public HostCommand Forward(string local, string remote) => Control("forward", ["-L", $"{local}:{remote}"]);

    private HostCommand Control(string order, ImmutableArray<string> more) =>
        Ssh(["-S", ControlPath, "-O", order, "-o", "ControlMaster=no", "-o", "ProxyCommand=false", "-o", "LogLevel=ERROR", .. more, "--", Address.Host], TimeSpan.FromSeconds(5));

    private HostCommand Command(ImmutableArray<string> mode, string log, string line) => Ssh(
        [.. mode, "-E", log, "-T", .. Set(), .. Identity(), .. Port(), .. Address.User is { } user ? ["-l", user] : ImmutableArray<string>.Empty, "--", Address.Host, line],
        Options.ConnectTimeout);

    // Never a question, never a key that nobody checked, nothing of ours on the other side.
    private ImmutableArray<string> Set() =>
    [
        .. new[]
        {
            "BatchMode=yes", "StrictHostKeyChecking=yes", "UpdateHostKeys=no", "ConnectionAttempts=1", $"ConnectTimeout={Math.Max(1, (int)Options.ConnectTimeout.TotalSeconds)}",
            $"ServerAliveInterval={AliveInterval}", $"ServerAliveCountMax={AliveCount}", $"ControlPath={ControlPath}", "ForwardAgent=no", "ForwardX11=no", "PermitLocalCommand=no",
            "RemoteCommand=none", "LogLevel=ERROR",
        }.SelectMany(option => new[] { "-o", option }),
    ];

    private ImmutableArray<string> Identity() => Options.IdentityFile is { } file ? ["-o", "IdentitiesOnly=yes", "-i", file] : [];

    private ImmutableArray<string> Port() => Address.Port is { } port ? ["-p", port.ToString(CultureInfo.InvariantCulture)] : [];

    private static HostCommand Ssh(ImmutableArray<string> arguments, TimeSpan timeout) => new("ssh", arguments)
    {
        Timeout = timeout,
        Environment = Environment.GetEnvironmentVariable("SSH_AUTH_SOCK") is { Length: > 0 } agent ? ImmutableDictionary<string, string>.Empty.Add("SSH_AUTH_SOCK", agent) : ImmutableDictionary<string, string>.Empty,
    };
}
