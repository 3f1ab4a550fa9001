using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Core.Formats;

/// <summary>Tells which lines of a file are not those of the writer, in one walk over both. Both texts hold the same list, so they differ little or in form.</summary>
internal static class OddLines
{
    /// <summary>At least one when the texts differ.</summary>
    internal static List<OddLine> Between(string[] actual, string[] expected)
    {
        var places = new Dictionary<string, int>(expected.Length, StringComparer.Ordinal);
        for (var place = 0; place < expected.Length; place++)
        {
            places.TryAdd(expected[place], place);
        }

        var odd = new List<OddLine>();
        int? firstGap = null;
        var next = 0;
        for (var line = 0; line < actual.Length; line++)
        {
            if (next < expected.Length && actual[line] == expected[next])
            {
                next++;
            }
            else if (places.TryGetValue(actual[line], out var place) && place > next)
            {
                firstGap ??= line;
                next = place + 1;
            }
            else
            {
                odd.Add(At(actual, line));
            }
        }

        return odd.Count > 0 ? odd : [At(actual, firstGap ?? actual.Length - 1)];
    }

    private static OddLine At(string[] lines, int index) => new(index + 1, Excerpt.Of(lines[index]));
}
