namespace AllowlistSync.Core.Formats;

/// <summary>What a file of a list says besides the list: whose it is, and the name of what it defines.</summary>
public sealed record RangeFileLabel
{
    /// <summary>The name of a file that gives none.</summary>
    public const string DefaultName = "cloudflare";

    /// <summary>The longest name: with what is put behind it, it is the name of a set, and those have 31 characters (ipset(8)).</summary>
    public const int LongestName = 24;

    /// <summary>Makes a label.</summary>
    /// <param name="mark"><c>OWNER/TARGET</c>; null for a file that nobody keeps. Letters, digits and <c>. _ - /</c>, so that it is no syntax in any format.</param>
    /// <param name="name">The name of what the file defines: an ACL, variables, sets.</param>
    /// <exception cref="ArgumentException">The mark has other characters, or the name is none.</exception>
    public RangeFileLabel(string? mark = null, string name = DefaultName)
    {
        if (mark is not null && !IsMark(mark))
        {
            throw new ArgumentException($"\"{mark}\" is no mark; it has letters, digits, '.', '_', '-' and '/'.", nameof(mark));
        }

        if (!IsName(name))
        {
            throw new ArgumentException($"\"{name}\" is no name; it is a letter, then letters, digits and '_', at most {LongestName}.", nameof(name));
        }

        Mark = mark;
        Name = name;
    }

    /// <summary>Whose file it is; null when nobody keeps it.</summary>
    public string? Mark { get; }

    /// <summary>The name of what it defines.</summary>
    public string Name { get; }

    /// <summary>The mark as it stands in a file; null without one.</summary>
    internal string? MarkText => Mark is null ? null : MarkStart + Mark;

    private const string MarkStart = "allowlist-sync: ";

    /// <summary>Whether a text may be the name of an ACL of Varnish, a variable of nft and Terraform, and the beginning of the name of a set.</summary>
    public static bool IsName(string? name) =>
        name is { Length: > 0 and <= LongestName } && char.IsAsciiLetter(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    /// <summary>The mark in its text; null when the text is none.</summary>
    internal static string? MarkOf(ReadOnlySpan<char> text) =>
        text.StartsWith(MarkStart, StringComparison.Ordinal) && IsMark(text[MarkStart.Length..]) ? text[MarkStart.Length..].ToString() : null;

    private static bool IsMark(ReadOnlySpan<char> mark)
    {
        foreach (var c in mark)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-' or '/'))
            {
                return false;
            }
        }

        return !mark.IsEmpty;
    }
}
