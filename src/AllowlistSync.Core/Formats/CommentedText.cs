namespace AllowlistSync.Core.Formats;

/// <summary>Reads texts with a mark in the comment on their first line, and a prefix on a line of its own.</summary>
internal static class CommentedText
{
    /// <param name="text">The whole file.</param>
    /// <param name="draft">Takes what is found.</param>
    /// <param name="before">What may stand in front of a prefix; blanks before and behind it do not count.</param>
    /// <param name="after">What must stand behind it.</param>
    /// <param name="mayFollow">What may stand behind that, such as a comma.</param>
    internal static void Find(ReadOnlySpan<char> text, RangeFileDraft draft, string[] before, string after, string mayFollow = "")
    {
        var isFirst = true;
        foreach (var line in text.EnumerateLines())
        {
            var content = line.Trim();
            if (content.StartsWith('#'))
            {
                draft.Mark = isFirst ? RangeFileLabel.MarkOf(content[1..].TrimStart()) : draft.Mark;
            }
            else
            {
                Add(content, draft, before, after, mayFollow);
            }

            isFirst = false;
        }
    }

    private static void Add(ReadOnlySpan<char> content, RangeFileDraft draft, string[] before, string after, string mayFollow)
    {
        content = Without(content, mayFollow).TrimEnd();
        foreach (var start in before)
        {
            if (content.StartsWith(start, StringComparison.Ordinal) && content.EndsWith(after, StringComparison.Ordinal) && content.Length > start.Length + after.Length)
            {
                draft.Add(content[start.Length..^after.Length].Trim());
                return;
            }
        }
    }

    private static ReadOnlySpan<char> Without(ReadOnlySpan<char> content, string end) =>
        end.Length > 0 && content.EndsWith(end, StringComparison.Ordinal) ? content[..^end.Length] : content;
}
