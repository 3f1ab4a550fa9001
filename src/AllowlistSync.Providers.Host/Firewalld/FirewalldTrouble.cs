using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Firewalld;

/// <summary>States of firewalld in which nothing is changed. Pure.</summary>
internal static class FirewalldTrouble
{
    public const string StartRemedy = "start it (`systemctl start firewalld`), and see that the system bus runs (`systemctl status dbus`)";

    public const string RightsRemedy = "run as root, or let polkit grant this user org.fedoraproject.FirewallD1.config and .info";

    public const string FailedRemedy =
        "find the bad part: `journalctl -u firewalld` or /var/log/firewalld names it (a rich rule whose set is missing or of the other family, entries of a set that overlap); mend it with `firewall-offline-cmd` or in /etc/firewalld, then `firewall-cmd --reload`. `firewall-cmd --check-config` may call the very configuration good";

    /// <summary>Throws unless firewalld does its work.</summary>
    public static void RequireRunning(string state, bool isPanicking)
    {
        if (state == "FAILED")
        {
            throw new ProviderException(
                FailureKind.Unavailable,
                Aftermath.Untouched,
                "firewalld is in state FAILED: its last reload or start went wrong, and THE HOST IS OPEN TO EVERYBODY until that is mended; nothing was changed",
                FailedRemedy);
        }

        if (state != "RUNNING")
        {
            throw new ProviderException(FailureKind.Unavailable, Aftermath.Untouched, $"firewalld is in state {state}; nothing was changed", "wait until `firewall-cmd --state` says running, then run again");
        }

        if (isPanicking)
        {
            throw new ProviderException(FailureKind.Unavailable, Aftermath.Untouched, "firewalld is in panic mode: it drops every packet, and takes no change until that is over; nothing was changed", "`firewall-cmd --panic-off` when the emergency is over");
        }
    }
}
