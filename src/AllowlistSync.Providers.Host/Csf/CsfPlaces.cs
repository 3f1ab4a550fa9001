using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Providers.Host.Csf;

/// <summary>Where CSF keeps its things (CSF 15.00).</summary>
internal static class CsfPlaces
{
    public const string Program = "/usr/sbin/csf";
    public const string Configuration = "/etc/csf/csf.conf";
    public const string Allow = "/etc/csf/csf.allow";
    public const string Deny = "/etc/csf/csf.deny";
    public const string Ignore = "/etc/csf/csf.ignore";
    public const string Disabled = "/etc/csf/csf.disable";
    public const string Error = "/etc/csf/csf.error";
    public const string TemporaryBans = "/var/lib/csf/csf.tempban";
    public const string TemporaryAllows = "/var/lib/csf/csf.tempallow";
    public const string LfdPid = "/run/lfd.pid";

    /// <summary>
    /// What keeps runs of this program apart. CSF's own csf.lock is no place for it: .NET takes flock(2) on whatever it opens, which is what csf takes on that file without waiting,
    /// so we would lock out the very csf that we run.
    /// </summary>
    public const string Lock = "/run/allowlist-sync-csf.lock";

    /// <summary>The chain of what is let in, in either family.</summary>
    public const string AllowChain = "ALLOWIN";

    /// <summary>What <c>-s</c> is left out for.</summary>
    public static string Anywhere(IpFamily family) => family == IpFamily.IPv4 ? "0.0.0.0/0" : "::/0";
}
