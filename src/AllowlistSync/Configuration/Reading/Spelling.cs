namespace AllowlistSync.Configuration.Reading;

/// <summary>Guesses which known word somebody meant.</summary>
internal static class Spelling
{
    private const int LongestWord = 40;

    /// <summary>The nearest word, when it is near enough to be meant: a third of its letters may be wrong.</summary>
    internal static string? Nearest(string written, IEnumerable<string> known) =>
        written.Length > LongestWord
            ? null
            : known.Select(word => (Word: word, Distance: Distance(written, word)))
                .Where(candidate => candidate.Distance <= Math.Max(1, candidate.Word.Length / 3))
                .OrderBy(candidate => candidate.Distance)
                .Select(candidate => candidate.Word)
                .FirstOrDefault();

    /// <summary>A fix that names the nearest word, or all of them.</summary>
    internal static string Suggest(string written, IReadOnlyCollection<string> known) =>
        Nearest(written, known) is { } word ? $"did you mean \"{word}\"?" : $"write one of: {string.Join(", ", known)}";

    // Edit distance with neighbours swapped as one edit (optimal string alignment); case does not count.
    private static int Distance(string left, string right)
    {
        var rows = new int[left.Length + 1, right.Length + 1];
        for (var i = 0; i <= left.Length; i++)
        {
            for (var j = 0; j <= right.Length; j++)
            {
                rows[i, j] = i == 0 || j == 0 ? i + j : Step(rows, left, right, i, j);
            }
        }

        return rows[left.Length, right.Length];
    }

    private static int Step(int[,] rows, string left, string right, int i, int j)
    {
        var changed = rows[i - 1, j - 1] + (Same(left[i - 1], right[j - 1]) ? 0 : 1);
        var best = Math.Min(changed, Math.Min(rows[i - 1, j], rows[i, j - 1]) + 1);
        return i > 1 && j > 1 && Same(left[i - 1], right[j - 2]) && Same(left[i - 2], right[j - 1])
            ? Math.Min(best, rows[i - 2, j - 2] + 1)
            : best;
    }

    private static bool Same(char left, char right) => char.ToUpperInvariant(left) == char.ToUpperInvariant(right);
}
