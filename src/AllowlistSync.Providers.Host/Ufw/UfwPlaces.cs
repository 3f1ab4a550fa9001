using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Providers.Host.Ufw;

/// <summary>Where ufw keeps its things (ufw 0.36.2 as Debian and Ubuntu build it).</summary>
internal static class UfwPlaces
{
    public const string Lock = "/run/ufw.lock";
    public const string Configuration = "/etc/ufw/ufw.conf";
    public const string Defaults = "/etc/default/ufw";

    /// <summary>Where the program may be.</summary>
    public static readonly string[] Programs = ["/usr/sbin/ufw", "/usr/bin/ufw", "/usr/local/sbin/ufw"];

    /// <summary>The user's rules of a family.</summary>
    public static string Rules(IpFamily family) => family == IpFamily.IPv4 ? "/etc/ufw/user.rules" : "/etc/ufw/user6.rules";

    /// <summary>The chain of the user's rules for what comes in.</summary>
    public static string Chain(IpFamily family) => family == IpFamily.IPv4 ? "ufw-user-input" : "ufw6-user-input";

    /// <summary>What ufw writes for any address of a family.</summary>
    public static string Anywhere(IpFamily family) => family == IpFamily.IPv4 ? "0.0.0.0/0" : "::/0";
}
