using System.Collections.Immutable;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Hosts.Ssh;

/// <summary>Why a host cannot be worked on, and what to do.</summary>
/// <param name="Kind">What kind of failure it is.</param>
/// <param name="Says">What happened, after <c>ssh://host: </c>.</param>
/// <param name="Remedy">What a person can do.</param>
internal sealed record SshProblem(FailureKind Kind, string Says, string Remedy);

/// <summary>What ssh, sudo and the programs behind our scripts say when they fail: the only file that knows their English. Texts of OpenSSH 9.2, sudo 1.9.13, coreutils 9.1.</summary>
internal static class SshErrors
{
    private const int MostLines = 3;

    // The first that is in the text decides: ssh says "Host key verification failed" in both cases of keys.
    private static readonly ImmutableArray<(string Text, FailureKind Kind, string Says, string Remedy)> Texts =
    [
        ("HOST IDENTIFICATION HAS CHANGED", FailureKind.Permission, "the host has another key than known_hosts says, so nobody signed in",
            "find out whether the host was installed anew; if so, remove the old key with `ssh-keygen -R HOST` and add the new one as for an unknown host; if not, somebody may stand in between"),
        ("Host key verification failed", FailureKind.Permission, "the key of the host is not in known_hosts, so nobody signed in",
            "compare the key that `ssh-keyscan HOST` prints (`ssh-keyscan -p PORT HOST` for another port than 22) with the one on the host (/etc/ssh/ssh_host_*_key.pub) and append it to ~/.ssh/known_hosts or /etc/ssh/ssh_known_hosts"),
        ("UNPROTECTED PRIVATE KEY FILE", FailureKind.Permission, "the private key may be read by others, so ssh does not use it", "run `chmod 600` on the key file"),
        ("Too many authentication failures", FailureKind.Permission, "the host refused after too many keys", "name the right key with identityFile"),
        ("Permission denied (", FailureKind.Permission, "the host accepts none of our keys",
            "put the public key into ~/.ssh/authorized_keys of that user on the host; name the private key with identityFile, or load it into the agent (SSH_AUTH_SOCK)"),
        ("Could not resolve hostname", FailureKind.Unavailable, "the name of the host is not known", "mend the name in the configuration, or the DNS"),
        ("Connection refused", FailureKind.Unavailable, "nobody listens on that port of the host", "start sshd there, or write the right port: ssh://user@host:2222"),
        ("No route to host", FailureKind.Unavailable, "the host cannot be reached", "start the host, or mend the network between"),
        ("Network is unreachable", FailureKind.Unavailable, "the host cannot be reached", "start the host, or mend the network between"),
        ("timed out", FailureKind.Unavailable, "the host does not answer", "start the host, let this machine through to its port, or raise connectTimeout"),
        ("kex_exchange_identification", FailureKind.Unavailable, "the host hung up before anybody signed in", "look into the log of its sshd: MaxStartups, a ban of this machine, or another program on that port"),
        ("Connection reset by", FailureKind.Unavailable, "the host hung up before anybody signed in", "look into the log of its sshd: MaxStartups, a ban of this machine, or another program on that port"),
        ("Connection closed by", FailureKind.Unavailable, "the host hung up before anybody signed in", "look into the log of its sshd: AllowUsers, MaxStartups, or an account that is locked"),
    ];

    private static readonly ImmutableArray<string> SudoTexts =
        ["sudo: a password is required", "is not in the sudoers file", "is not allowed to execute", "may not run sudo", "sudo: sorry, you must have a tty", "sudo: not found", "sudo: command not found", "sudo: no tty present"];

    /// <summary>What ssh said when nobody could be signed in.</summary>
    public static SshProblem OfLogin(string said)
    {
        var known = Texts.FirstOrDefault(line => said.Contains(line.Text, StringComparison.OrdinalIgnoreCase));
        return known.Text is null
            ? new(FailureKind.Unavailable, $"nobody could sign in: {Shorten(said, "ssh said nothing")}", "try `ssh -o BatchMode=yes` to that host by hand")
            : new(known.Kind, $"{known.Says} ({Shorten(said, known.Text)})", known.Remedy);
    }

    /// <summary>What was said in place of our script's answer: the user is signed in, and a shell, sudo or a forced command stood in the way.</summary>
    public static SshProblem OfShell(string said, int exitCode) => SudoTexts.Any(text => said.Contains(text, StringComparison.Ordinal))
        ? new(FailureKind.Permission, $"sudo does not let this user work as root without a password ({Shorten(said, "")})", "allow it in /etc/sudoers.d: `USER ALL=(root) NOPASSWD: ALL`, or sign in as root")
        : new(FailureKind.Unavailable, $"signed in, but the host did not run our command (exit code {exitCode}: {Shorten(said, "it said nothing")})", "give that user a POSIX shell (sh, bash, dash) and no forced command");

    /// <summary>The host let us in and then did not answer.</summary>
    public static SshProblem Hangs(TimeSpan limit) =>
        new(FailureKind.Transient, $"the host did not answer within {limit.TotalSeconds:0.#} s", "look what hangs on the host (its log-in scripts, its disks), or raise connectTimeout");

    /// <summary>This machine has no ssh.</summary>
    public static SshProblem NoClient { get; } = new(FailureKind.Unavailable, "ssh is not installed on this machine", "install openssh-client here");

    /// <summary>This machine could not start ssh.</summary>
    public static SshProblem NotStarted(string why) => new(FailureKind.Transient, $"ssh could not be started on this machine: {why}", "look for what this machine lacks (memory, processes), or lower parallelism");

    /// <summary>True when ssh found no connection to share: it then tries to make one, which our words keep it from, so nothing was started. Over a shared connection no such thing is ever said.</summary>
    public static bool IsNotConnected(string said) => said.Contains("exchange_identification", StringComparison.Ordinal) || said.Contains("UNKNOWN port 65535", StringComparison.Ordinal);

    /// <summary>True when there is no such file, as the system says it (strerror(3)).</summary>
    public static bool IsAbsent(string said) => said.Contains("No such file or directory", StringComparison.Ordinal) || said.Contains("Not a directory", StringComparison.Ordinal);

    /// <summary>What a file that could not be used means.</summary>
    public static HostFailure OfFile(string said) =>
        said.Contains("Permission denied", StringComparison.Ordinal) || said.Contains("Operation not permitted", StringComparison.Ordinal) || said.Contains("Is a directory", StringComparison.Ordinal)
            ? HostFailure.Denied
            : HostFailure.FileFailed;

    /// <summary>The last words of a message on one line.</summary>
    public static string Shorten(string said, string otherwise)
    {
        var lines = said.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(line => !line.StartsWith("@@@", StringComparison.Ordinal)).ToList();
        return lines.Count == 0 ? otherwise : string.Join(" | ", lines.TakeLast(MostLines));
    }
}
