using AllowlistSync.Core.Desired;

namespace AllowlistSync.Providers.Host.Csf;

/// <summary>
/// What is ours: two files of a name of ours that begin with a line of ours. They lie beside CSF's own files, where its installers and updates copy and delete by name only (install.sh of
/// CSF 15; `chmod -R 600 /etc/csf` is all that they do to the others) and where its uninstaller takes everything away. Neither <c>+</c> nor <c>/</c> can be part of an owner or a target.
/// </summary>
/// <param name="Name">Owner and target.</param>
public sealed record CsfMark(string Name)
{
    // A line that holds this word anywhere is skipped by CSF, unless it is such a line (regex of csf.pl 15.00).
    private const string Word = "Include";

    /// <summary>The first line of both files.</summary>
    public string FirstLine => $"# allowlist-sync {Name}";

    /// <summary>The comment of a line.</summary>
    public string Comment => Name.Replace(Word, "include", StringComparison.Ordinal);

    /// <summary>The file of allowed prefixes and ports.</summary>
    public string AllowFile => $"/etc/csf/allowlist-sync+{Name.Replace('/', '+')}.allow";

    /// <summary>The file of prefixes that lfd ignores.</summary>
    public string IgnoreFile => $"/etc/csf/allowlist-sync+{Name.Replace('/', '+')}.ignore";

    /// <summary>The mark of a target.</summary>
    public static CsfMark Of(Target target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return new($"{target.Owner}/{target.Mark}");
    }

    /// <summary>The line by which CSF reads a file.</summary>
    public static string IncludeLine(string file) => $"{Word} {file}";

    /// <summary>The file that a line includes; null for another line.</summary>
    public static string? Included(string line) => line.StartsWith(Word, StringComparison.Ordinal) ? line[Word.Length..].TrimStart() : null;

    /// <summary>True for a line that CSF skips because of the word.</summary>
    public static bool HidesLine(string line) => line.Contains(Word, StringComparison.Ordinal);
}
