using AllowlistSync.Core.Desired;

namespace AllowlistSync.Providers.Host.Fail2Ban;

/// <summary>Where fail2ban keeps its things, and where ours are (jail.conf(5): jail.conf, jail.d/*.conf, jail.local, jail.d/*.local, each in the order of names; a later one wins).</summary>
internal static class Fail2BanPlaces
{
    public const string Directory = "/etc/fail2ban";
    public const string DropIns = Directory + "/jail.d";

    public const string Lock = "/run/allowlist-sync-fail2ban.lock";

    /// <summary>What is written when jails change: the configuration, the database at each ban and reload, the socket at each start.</summary>
    public static readonly string[] Watched = [Directory, DropIns, "/var/lib/fail2ban", "/run/fail2ban"];

    /// <summary>The files that come first and third.</summary>
    public static readonly string[] Files = [Directory + "/jail.conf", Directory + "/jail.local"];

    /// <summary>The name of our drop-in, which sorts last and so is read last.</summary>
    public const string DropInName = "zz-allowlist-sync.local";

    /// <summary>Our drop-in.</summary>
    public const string DropIn = DropIns + "/" + DropInName;

    /// <summary>The name of our fallback: of the drop-ins it is read first, and before jail.local, so whatever the operator says there wins.</summary>
    public const string FallbackName = "00-allowlist-sync.conf";

    /// <summary>Our fallback.</summary>
    public const string Fallback = DropIns + "/" + FallbackName;

    /// <summary>True for a file that fail2ban reads before our fallback.</summary>
    public static bool IsBeforeFallback(string path) => path == Files[0] || (path.EndsWith(".conf", StringComparison.Ordinal) && string.CompareOrdinal(path, Fallback) < 0);

    /// <summary>Our list, for a fail2ban that reads lists.</summary>
    public static string List(Target target) => $"{Directory}/allowlist-sync.{target.Owner}.{target.Mark}.list";
}
