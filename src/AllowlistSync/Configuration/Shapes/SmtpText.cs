using System.Globalization;
using System.Net;
using AllowlistSync.Configuration.Reading;

namespace AllowlistSync.Configuration.Shapes;

/// <summary>A mail server: <c>mail.example.com:587</c>, <c>192.0.2.1:25</c>, <c>[2001:db8::1]:465</c>.</summary>
internal static class SmtpText
{
    internal static Fault? Check(string text) => IsServer(text) ? null : new($"\"{Shown.Of(text)}\" is not a mail server with a port", "write " + Texts.Smtp.Expected);

    /// <summary>The two parts of a text that was checked.</summary>
    internal static (string Host, int Port) Split(string text)
    {
        var colon = text.LastIndexOf(':');
        return (text[..colon].Trim('[', ']'), int.Parse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture));
    }

    /// <summary>True when it is on this machine whatever DNS says. What is no server at all was reported before.</summary>
    internal static bool IsLoopback(string text) =>
        !IsServer(text) || Split(text).Host is var host && (host == "localhost" || (IPAddress.TryParse(host, out var address) && IPAddress.IsLoopback(address)));

    private static bool IsServer(string text)
    {
        var colon = text.LastIndexOf(':');
        return colon > 0
            && ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port) && port != 0
            && IsHost(text[..colon]);
    }

    private static bool IsHost(string host) => host is ['[', .., ']']
        ? IPAddress.TryParse(host[1..^1], out _)
        : Uri.CheckHostName(host) is UriHostNameType.Dns or UriHostNameType.IPv4 && host.All(char.IsAscii);
}

/// <summary>A plain address of electronic mail, without a name before it.</summary>
internal static class MailAddressText
{
    // RFC 5321, 4.5.3.1: 64 octets before the @, 254 in all.
    private const int Longest = 254;
    private const int LongestLocal = 64;

    internal static Fault? Check(string text) => IsAddress(text) ? null : new($"\"{Shown.Of(text)}\" is not a mail address", "write " + Texts.MailAddress.Expected);

    private static bool IsAddress(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        return text.Length <= Longest && at is > 0 and <= LongestLocal
            && text[..at].All(c => char.IsAsciiLetterOrDigit(c) || "!#$%&'*+-/=?^_`{|}~.".Contains(c, StringComparison.Ordinal))
            && Uri.CheckHostName(text[(at + 1)..]) == UriHostNameType.Dns && text.All(char.IsAscii);
    }
}
