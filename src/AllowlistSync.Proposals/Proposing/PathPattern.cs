using System.Text;
using System.Text.RegularExpressions;

namespace AllowlistSync.Proposals.Proposing;

/// <summary>Paths by pattern, as gitignore(5) and editors know them: <c>*</c> and <c>?</c> stay within a name, <c>**/</c> is any number of directories. Pure.</summary>
internal static class PathPattern
{
    /// <summary>A test of paths; linear in the path, whatever the pattern.</summary>
    public static Func<string, bool> Compile(string pattern)
    {
        var text = new StringBuilder("^");
        for (var at = 0; at < pattern.Length; at++)
        {
            var rest = pattern.AsSpan(at);
            if (rest.StartsWith("**/", StringComparison.Ordinal))
            {
                text.Append("(?:[^/]+/)*");
                at += 2;
            }
            else if (rest.StartsWith("**", StringComparison.Ordinal))
            {
                text.Append(".*");
                at++;
            }
            else
            {
                text.Append(pattern[at] switch { '*' => "[^/]*", '?' => "[^/]", var c => Regex.Escape(c.ToString()) });
            }
        }

        var compiled = new Regex(text.Append("\\z").ToString(), RegexOptions.NonBacktracking | RegexOptions.CultureInvariant | RegexOptions.Singleline);
        return compiled.IsMatch;
    }
}
