using System.Globalization;
using AllowlistSync.Configuration.Reading;

namespace AllowlistSync.Configuration.Shapes;

/// <summary>The machine of a target: <c>local</c>, <c>ssh://[user@]host[:port]</c>, or the name of a group of <c>hosts</c>.</summary>
internal static class HostText
{
    internal const string Pattern = "^(local|[A-Za-z][A-Za-z0-9._-]{0,31}|ssh://([A-Za-z0-9_][A-Za-z0-9._-]*@)?([A-Za-z0-9_][A-Za-z0-9._-]*|\\[[0-9A-Fa-f:.]+\\])(:[0-9]{1,5})?)$";

    internal const string AddressPattern = "^ssh://([A-Za-z0-9_][A-Za-z0-9._-]*@)?([A-Za-z0-9_][A-Za-z0-9._-]*|\\[[0-9A-Fa-f:.]+\\])(:[0-9]{1,5})?$";

    private const string Scheme = "ssh://";

    internal static Fault? Check(string text) => Core.Desired.Owner.IsValidName(text) ? null : Check(text, Texts.Host.Expected);

    /// <summary>A host of a group: an address only.</summary>
    internal static Fault? CheckAddress(string text) => Check(text, Texts.Address.Expected);

    private static Fault? Check(string text, string expected)
    {
        var isSsh = text.StartsWith(Scheme, StringComparison.Ordinal);
        var rest = isSsh ? text[Scheme.Length..] : text;
        var at = rest.LastIndexOf('@');
        if (at >= 0 && rest[..at].Contains(':', StringComparison.Ordinal))
        {
            return new("a password stands in the host", "sign in with a key: write ssh://user@host");
        }

        return isSsh && (at < 0 || IsWord(rest[..at])) && IsHostAndPort(rest[(at + 1)..])
            ? null
            : new($"\"{Shown.Of(text)}\" is not a host", "write " + expected);
    }

    private static bool IsHostAndPort(string text)
    {
        var bracket = text.StartsWith('[') ? text.IndexOf(']', StringComparison.Ordinal) : -1;
        var colon = text.IndexOf(':', bracket + 1);
        var host = colon < 0 ? text : text[..colon];
        var isHost = bracket > 0
            ? bracket == host.Length - 1 && System.Net.IPAddress.TryParse(host[1..^1], out _)
            : IsWord(host);
        return isHost
            && (colon < 0 || (ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port != 0));
    }

    // Never starts with a dash: ssh would read it as an option.
    private static bool IsWord(string text) =>
        text.Length > 0
        && (char.IsAsciiLetterOrDigit(text[0]) || text[0] == '_')
        && text.All(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '_' or '-');
}
