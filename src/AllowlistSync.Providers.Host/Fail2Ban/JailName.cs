using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Fail2Ban;

/// <summary>Names of jails: the name of a section of fail2ban's configuration.</summary>
internal static class JailName
{
    private const string Author = "jail ";

    /// <summary>What bans, as a ban has it.</summary>
    public static string AuthorOf(string jail) => Author + jail;

    /// <summary>The jail of a ban of ours to report.</summary>
    public static string Of(Ban ban) => ban.By[Author.Length..];

    /// <summary>True for a name that can stand in a section's head, in a command of fail2ban-client and in our drop-in without quoting.</summary>
    public static bool IsValid(string name) => name.Length is > 0 and <= 100 && name[0] != '-' && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-' or '+' or '@');
}
