using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Net;
using AllowlistSync.Configuration.Reading;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Configuration.Shapes;

/// <summary>Where to listen: <c>127.0.0.1:9521</c>, <c>[::1]:9521</c>, <c>localhost:9521</c>, or <c>off</c>.</summary>
internal static class ListenText
{
    private const int ShortestToken = 16;

    internal static Fault? Check(string text) =>
        text == ListenConfig.Off || TryParse(text, out _) ? null : new($"\"{Shown.Of(text)}\" is not an address with a port", "write " + Texts.Listen.Expected);

    /// <summary>In a mapping there is something to protect, so that it cannot be off.</summary>
    internal static Fault? CheckAddress(string text) =>
        TryParse(text, out _) ? null : new($"\"{Shown.Of(text)}\" is not an address with a port", "write " + Texts.ListenAddress.Expected);

    /// <summary>What a request can carry, and nobody can guess.</summary>
    internal static Fault? CheckToken(string token) =>
        token.Length >= ShortestToken && token.All(c => c is > ' ' and <= '~')
            ? null
            : new($"the token is shorter than {ShortestToken} characters, or holds others than printable ASCII", "make one with `openssl rand -hex 32`");

    internal static bool TryParse(string text, [NotNullWhen(true)] out IPEndPoint? endPoint)
    {
        endPoint = null;
        var colon = text.LastIndexOf(':');
        if (colon < 0
            || !ushort.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var port)
            || port == 0)
        {
            return false;
        }

        var host = text[..colon] == "localhost" ? "127.0.0.1" : text[..colon];
        var isBracketed = host is ['[', .., ']'];
        var bare = isBracketed ? host[1..^1] : host;
        if (bare.Contains('/', StringComparison.Ordinal)
            || !IpPrefix.TryParse(bare, out var prefix)
            || prefix.Family == IpFamily.IPv6 != isBracketed)
        {
            return false;
        }

        endPoint = new(IPAddress.Parse(bare), port);
        return true;
    }
}
