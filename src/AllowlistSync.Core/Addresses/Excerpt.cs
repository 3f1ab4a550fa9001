using System.Globalization;
using System.Text;

namespace AllowlistSync.Core.Addresses;

/// <summary>Shows a stranger's text in a message: short, on one line, and unable to move the cursor or hide itself.</summary>
internal static class Excerpt
{
    internal const int MaxLength = 60;

    internal static string Of(ReadOnlySpan<byte> utf8)
        => Of(Encoding.UTF8.GetString(utf8[..Math.Min(utf8.Length, MaxLength * 4)]));

    internal static string Of(ReadOnlySpan<char> text)
    {
        Span<char> kept = stackalloc char[MaxLength];
        int count = Math.Min(text.Length, MaxLength);
        for (int i = 0; i < count; i++)
        {
            kept[i] = IsPlain(text[i]) ? text[i] : '\uFFFD';
        }

        return new(kept[..count]);
    }

    /// <summary>Surrogates are not plain: the cut may part a pair, and no address needs one.</summary>
    private static bool IsPlain(char c) => char.IsAscii(c)
        ? !char.IsControl(c)
        : char.GetUnicodeCategory(c) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.Surrogate
            or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator or UnicodeCategory.PrivateUse or UnicodeCategory.OtherNotAssigned);
}
