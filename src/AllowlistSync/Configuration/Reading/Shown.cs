namespace AllowlistSync.Configuration.Reading;

/// <summary>Makes a value from a file fit for a message: short, and no control character reaches a terminal.</summary>
internal static class Shown
{
    private const int MaxLength = 60;

    /// <summary>The value, cut to 60 characters.</summary>
    internal static string Of(string value) => Of(value, MaxLength);

    /// <summary>The value, cut to so many characters.</summary>
    internal static string Of(string value, int maxLength)
    {
        var text = value.Length > maxLength ? value[..maxLength] + "..." : value;
        return text.Any(IsUnfit)
            ? string.Create(text.Length, text, static (to, from) =>
            {
                for (var i = 0; i < to.Length; i++)
                {
                    to[i] = IsUnfit(from[i]) ? '?' : from[i];
                }
            })
            : text;
    }

    // Surrogates: a cut may leave half a pair. U+202A-U+202E, U+2066-U+2069: they reorder what a terminal shows.
    private static bool IsUnfit(char c) => char.IsControl(c) || char.IsSurrogate(c) || c is (>= '\u2028' and <= '\u202e') or (>= '\u2066' and <= '\u2069');
}
