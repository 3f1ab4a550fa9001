using System.Text;

namespace AllowlistSync.Core.Hosts;

/// <summary>Words for a POSIX shell: what it reads back is what was given. Pure.</summary>
public static class PosixQuoting
{
    private const string Plain = "@%+=:,./_-";

    /// <summary>A command line whose words, as sh takes them, are the given ones.</summary>
    public static string Line(IEnumerable<string> words) => string.Join(' ', words.Select(Word));

    /// <summary>One word. Nothing is special inside single quotes but the single quote (POSIX, 2.2.2); a NUL cannot be in an argument.</summary>
    public static string Word(string word)
    {
        ArgumentNullException.ThrowIfNull(word);
        if (word.Contains('\0', StringComparison.Ordinal))
        {
            throw new ArgumentException("an argument of a program cannot hold a NUL", nameof(word));
        }

        return word.Length > 0 && word.All(c => char.IsAsciiLetterOrDigit(c) || Plain.Contains(c, StringComparison.Ordinal))
            ? word
            : new StringBuilder("'").Append(word).Replace("'", "'\\''", 1, word.Length).Append('\'').ToString();
    }
}
