using System.Text;

namespace AllowlistSync.Proposals.Git;

/// <summary>Reads what git prints for programs. Pure.</summary>
internal static class GitText
{
    /// <summary>The files of <c>git ls-tree -r -z</c>: <c>MODE SP TYPE SP ID TAB PATH NUL</c> (git-ls-tree(1)); a path may hold any byte but NUL. One that is no UTF-8 could not be written back, so it is left out.</summary>
    public static IEnumerable<GitEntry> Tree(string text)
    {
        foreach (var line in text.Split('\0', StringSplitOptions.RemoveEmptyEntries))
        {
            var tab = line.IndexOf('\t', StringComparison.Ordinal);
            if (tab > 0 && !line.Contains('\uFFFD', StringComparison.Ordinal) && line[..tab].Split(' ') is [var mode, _, var id])
            {
                yield return new GitEntry(line[(tab + 1)..], mode, id);
            }
        }
    }

    /// <summary>The heads of <c>git ls-remote</c>: <c>ID TAB NAME</c> a line.</summary>
    public static IReadOnlyDictionary<string, string> Heads(string text) => text.Split('\n', StringSplitOptions.RemoveEmptyEntries)
        .Select(line => line.Split('\t')).Where(parts => parts.Length == 2).ToDictionary(parts => parts[1], parts => parts[0], StringComparer.Ordinal);

    /// <summary>A commit of <c>git cat-file commit</c>: header lines, an empty line, the message. A signature is a header with lines that begin with a space.</summary>
    public static GitCommit Commit(string id, string text)
    {
        var end = text.IndexOf("\n\n", StringComparison.Ordinal);
        var lines = (end < 0 ? text : text[..end]).Split('\n').Where(line => !line.StartsWith(' ')).ToList();
        return new GitCommit(
            id,
            Of("tree ").FirstOrDefault() ?? "",
            [.. Of("parent ")],
            Person(Of("author ").FirstOrDefault()),
            Person(Of("committer ").FirstOrDefault()),
            end < 0 ? "" : text[(end + 2)..]);

        IEnumerable<string> Of(string name) => lines.Where(line => line.StartsWith(name, StringComparison.Ordinal)).Select(line => line[name.Length..]);
    }

    /// <summary>The input of <c>git update-index -z --index-info</c>.</summary>
    public static byte[] IndexInfo(IEnumerable<GitEntry> entries) =>
        Encoding.UTF8.GetBytes(string.Concat(entries.Select(entry => $"{entry.Mode} {entry.Id}\t{entry.Path}\0")));

    // NAME <EMAIL> SECONDS ZONE
    private static GitPerson Person(string? text)
    {
        var (open, close) = (text?.LastIndexOf('<') ?? -1, text?.LastIndexOf('>') ?? -1);
        return open < 0 || close < open ? new GitPerson(text ?? "", "") : new GitPerson(text![..open].Trim(), text[(open + 1)..close]);
    }
}
