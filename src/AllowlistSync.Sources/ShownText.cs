using System.Globalization;

namespace AllowlistSync.Sources;

/// <summary>Shows what strangers wrote, and addresses, in messages: short, on one line, without secrets.</summary>
internal static class ShownText
{
    private const int MaxLength = 160;

    /// <summary>An address without user, password and query: all three may hold a token.</summary>
    internal static string Of(Uri url)
    {
        if (!url.IsAbsoluteUri)
        {
            return Of(url.OriginalString.Split('?')[0]);
        }

        var place = url.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped);
        return Of(place) + (url.Query.Length > 1 ? "?***" : "");
    }

    /// <summary>A text in which nothing can move the cursor or hide itself.</summary>
    internal static string Of(string text) => string.Create(Math.Min(text.Length, MaxLength), text, static (kept, text) =>
    {
        for (var i = 0; i < kept.Length; i++)
        {
            kept[i] = IsPlain(text[i]) ? text[i] : '\uFFFD';
        }
    });

    private static bool IsPlain(char c) => char.IsAscii(c)
        ? !char.IsControl(c)
        : char.IsLetterOrDigit(c) || char.GetUnicodeCategory(c) is UnicodeCategory.OtherPunctuation or UnicodeCategory.DashPunctuation;
}
