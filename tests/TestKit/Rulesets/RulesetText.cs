using System.Text.RegularExpressions;

namespace AllowlistSync.TestKit;

/// <summary>The text form, made comparable.</summary>
internal static partial class RulesetText
{
    internal static string Normalise(string text)
    {
        return Counter().Replace(Expires().Replace(text, string.Empty), "counter");
    }

    // Of an element with a lifetime: "expires 59m58s996ms"; nft -s prints it all the same.
    [GeneratedRegex(" expires [0-9a-z]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Expires();

    [GeneratedRegex("counter packets [0-9]+ bytes [0-9]+", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Counter();
}
