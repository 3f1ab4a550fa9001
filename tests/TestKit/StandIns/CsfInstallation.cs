using System.Globalization;
using System.Runtime.InteropServices;

namespace AllowlistSync.TestKit;

/// <summary>
/// CSF in a sandbox: the real one where this machine has /usr/sbin/csf, else the stand-in of tests/StandIns/Csf. Its lists hold things of an operator, it opens port 22 and filters
/// both families; nothing is started. The files are those of the sandbox in either case.
/// </summary>
public static class CsfInstallation
{
    /// <summary>The program.</summary>
    public const string Program = "/usr/sbin/csf";

    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The lists of an operator, with things that are easily broken: an include of his own, an advanced line, a comment with letters beyond ASCII.</summary>
    private static readonly (string Path, string Text)[] Lists =
    [
        ("/etc/csf/csf.allow", "# The following IP addresses will be allowed through iptables.\n\n198.51.100.10 # the office - Sat Nov 21 03:38:20 2026\ntcp|in|d=22|s=198.51.100.0/24 # maintenance\nInclude /etc/csf/partners.allow\n"),
        ("/etc/csf/partners.allow", "203.0.113.0/28 # partner: caf\u00e9\n"),
        ("/etc/csf/csf.deny", "# The following IP addresses will be blocked in iptables.\n9.9.9.9 # do not delete\n185.220.101.0/24 # lfd - (sshd) Failed SSH login from 185.220.101.7 (-): 5 in the last 3600 secs - Sat Nov 21 03:38:20 2026\n"),
        ("/etc/csf/csf.ignore", "# The following IP addresses will be ignored by all lfd checks\n127.0.0.1\n198.51.100.10\n"),
        ("/var/lib/csf/csf.tempban", ""),
        ("/var/lib/csf/csf.tempallow", ""),
    ];

    private static readonly (string Name, string Value)[] Settings =
    [
        ("TESTING", "0"), ("TESTING_INTERVAL", "5"), ("AUTO_UPDATES", "0"), ("GENERIC", "1"), ("IPV6", "1"), ("FASTSTART", "1"), ("LFDSTART", "0"), ("LF_PARSE", "5"), ("LF_IPSET", "0"),
        ("TCP_IN", "22"), ("TCP_OUT", "53,80,443"), ("UDP_IN", ""), ("UDP_OUT", "53"), ("TCP6_IN", "22"), ("TCP6_OUT", "53,80,443"), ("UDP6_IN", ""), ("UDP6_OUT", "53"),
        ("DROP", "DROP"), ("DROP_OUT", "DROP"), ("LF_BLOCKINONLY", "0"), ("IGNORE_ALLOW", "0"), ("CC_LOOKUPS", "0"), ("LF_SSHD", "5"), ("LF_SSHD_PERM", "3600"), ("LF_INTERVAL", "3600"),
        ("IPTABLES", "/sbin/iptables"), ("IPTABLES_SAVE", "/sbin/iptables-save"), ("IPTABLES_RESTORE", "/sbin/iptables-restore"),
        ("IP6TABLES", "/sbin/ip6tables"), ("IP6TABLES_SAVE", "/sbin/ip6tables-save"), ("IP6TABLES_RESTORE", "/sbin/ip6tables-restore"), ("IPSET", "/sbin/ipset"), ("IP", "/sbin/ip"),
    ];

    /// <summary>Whether this machine has the real one.</summary>
    public static bool IsReal { get; } = File.Exists(Program);

    /// <summary>What tests on it need besides a sandbox; the first argument of <see cref="Needs.Sandbox"/>.</summary>
    public static string[] Programs { get; } = ["iptables", "ip6tables", "ipset"];

    /// <summary>Installs it.</summary>
    public static async Task InstallAsync(Sandbox sandbox, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        if (!IsReal)
        {
            await InstallStandInAsync(sandbox, cancellationToken);
        }

        foreach (var (path, text) in Lists)
        {
            await sandbox.WriteFileAsync(path, text, Private, cancellationToken);
        }

        await SetAsync(sandbox, cancellationToken, Settings);
    }

    /// <summary>Runs csf.</summary>
    public static Task<SandboxResult> CsfAsync(Sandbox sandbox, CancellationToken cancellationToken, params string[] arguments)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        return sandbox.RunAsync([Program, .. arguments], ct: cancellationToken);
    }

    /// <summary>Changes settings in csf.conf.</summary>
    public static async Task SetAsync(Sandbox sandbox, CancellationToken cancellationToken, params (string Name, string Value)[] settings)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        ArgumentNullException.ThrowIfNull(settings);
        const string Path = "/etc/csf/csf.conf";
        var lines = await sandbox.ExistsAsync(Path, cancellationToken) ? (await sandbox.ReadFileAsync(Path, cancellationToken)).Split('\n').ToList() : [""];
        foreach (var (name, value) in settings)
        {
            var line = $"{name} = \"{value}\"";
            var at = lines.FindIndex(one => one.StartsWith(name + " =", StringComparison.Ordinal));
            if (at < 0)
            {
                lines.Insert(lines.Count - 1, line);
            }
            else
            {
                lines[at] = line;
            }
        }

        await sandbox.WriteFileAsync(Path, string.Join('\n', lines), Private, cancellationToken);
    }

    /// <summary>One pass of lfd over log lines of failed logins.</summary>
    /// <param name="sandbox">The host; lfd runs on it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <param name="failures">Who failed, and how often.</param>
    public static async Task FailedLoginsAsync(Sandbox sandbox, CancellationToken cancellationToken, params (string Address, int Times)[] failures)
    {
        ArgumentNullException.ThrowIfNull(sandbox);
        const string Log = "/var/log/secure-test.log";
        var lines = failures.SelectMany(one => Enumerable.Range(0, one.Times).Select(at => string.Create(CultureInfo.InvariantCulture, $"Nov 28 09:00:{at % 60:00} web sshd[{1000 + at}]: Failed password for root from {one.Address} port {40000 + at} ssh2\n")));
        await sandbox.WriteFileAsync(Log, string.Concat(lines), ct: cancellationToken);
        (await CsfAsync(sandbox, cancellationToken, "lfd-once", Log)).EnsureSuccess();
    }

    private static async Task InstallStandInAsync(Sandbox sandbox, CancellationToken cancellationToken)
    {
        var root = Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "../../.."));
        var start = $"{root}/dotnet {Path.Combine(AppContext.BaseDirectory, "CsfStandIn.dll")}";
        await sandbox.WriteFileAsync(Program, $"#!/bin/sh\nexec {start} \"$@\"\n", Executable, cancellationToken);
        await sandbox.WriteFileAsync("/etc/init.d/lfd", LfdScript, Executable, cancellationToken);
        await sandbox.WriteFileAsync("/etc/csf/version.txt", "15.00\n", Private, cancellationToken);
    }

    /// <summary>The process is there to be seen; the work is done by one pass at a time.</summary>
    private const string LfdScript = """
        #!/bin/bash
        pid=/run/lfd.pid
        stop() { [ -e $pid ] && kill "$(cat $pid)" 2>/dev/null; rm -f $pid; echo "Stopping lfd:[  OK  ]"; }
        start() {
          setsid bash -c 'exec -a "lfd - sleeping" sleep infinity' </dev/null >/dev/null 2>&1 &
          echo $! >$pid
          echo "Starting lfd:[  OK  ]"
        }
        case "$1" in
          start) start ;;
          stop) stop ;;
          restart) stop; start ;;
          status) if [ -e $pid ] && kill -0 "$(cat $pid)" 2>/dev/null; then echo "lfd is running"; else echo "lfd is stopped"; fi ;;
        esac

        """;
}
