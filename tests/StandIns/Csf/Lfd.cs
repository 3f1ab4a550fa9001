using System.Text.RegularExpressions;

namespace AllowlistSync.StandIns.Csf;

/// <summary>
/// As much of lfd as tests need: it reads csf.ignore when it is started and at no other time, and bans whoever fails too often and is not in there.
/// </summary>
internal static partial class Lfd
{
    /// <summary>start, stop, restart, status: by the script that starts it.</summary>
    public static void Obey(string argument, Configuration configuration)
    {
        if (argument is "start" or "stop" or "restart" or "status")
        {
            if (argument is "start" or "restart")
            {
                // The real one does it itself once it runs; a program for it would double the time of every restart.
                TakePicture(configuration);
            }

            Console.Write(Tool.Run(Places.LfdScript, [argument]));
            return;
        }

        Console.WriteLine("csf: usage: csf --lfd [stop|start|restart|status]");
    }

    /// <summary>What lfd reads at its start and remembers: the addresses that are ignored. Advanced lines are none.</summary>
    private static void TakePicture(Configuration configuration)
    {
        var entries = ListFile.Entries(Places.Ignore).Concat(configuration.Is("IGNORE_ALLOW") ? ListFile.Entries(Places.Allow) : []);
        File.WriteAllLines(Places.LfdMemory, entries.Select(ListFile.Subject).Where(entry => Address.Read(entry) is not null));
    }

    /// <summary>One pass over a log: counts failures and bans for LF_SSHD_PERM seconds, or for good when that is 1; then restarts csf when somebody asked for it.</summary>
    public static void ReadLog(string path, Configuration configuration)
    {
        if (!File.Exists(Places.LfdPid))
        {
            throw new ExitException(1, "", "lfd is not running\n");
        }

        var ignored = File.ReadLines(Places.LfdMemory).Select(Address.Read).OfType<Address>().ToList();
        var limit = configuration.Number("LF_SSHD");
        foreach (var failures in File.ReadLines(path).Select(line => Failure.Match(line).Groups["ip"].Value).Where(ip => ip.Length > 0).GroupBy(ip => ip, StringComparer.Ordinal).Where(group => group.Count() >= limit))
        {
            Judge(failures.Key, failures.Count(), ignored, configuration);
        }

        if (File.Exists(Places.RestartWanted))
        {
            File.Delete(Places.RestartWanted);
            new Firewall(configuration).Restart();
        }
    }

    private static void Judge(string ip, int count, IReadOnlyList<Address> ignored, Configuration configuration)
    {
        if (Address.Read(ip) is not { } address)
        {
            return;
        }

        if (ignored.Any(entry => entry.Holds(address)))
        {
            Log($"Failed SSH login from {ip} - ignored");
            return;
        }

        if (TemporaryList.Bans.Read().Any(entry => entry.Ip == address.Text))
        {
            return;
        }

        var message = $"lfd - (sshd) Failed SSH login from {ip} (-): {count} in the last {configuration["LF_INTERVAL"]} secs";
        if (configuration["LF_SSHD_PERM"] == "1")
        {
            new ListCommands(configuration).Deny($"{ip} {message}");
        }
        else
        {
            new TemporaryCommands(configuration).Put(TemporaryList.Bans, new TemporaryEntry(TimeProvider.System.GetUtcNow().ToUnixTimeSeconds(), address.Text, "", "inout", configuration.Number("LF_SSHD_PERM"), message));
        }

        Log($"{message[6..]} - *Blocked in csf*");
    }

    private static void Log(string line) => File.AppendAllText(Places.LfdLog, line + "\n");

    [GeneratedRegex(@"Failed password for .* from (?<ip>\S+) port \d+", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, 1000)]
    private static partial Regex Failure { get; }
}
