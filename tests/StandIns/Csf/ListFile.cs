using System.Text;

namespace AllowlistSync.StandIns.Csf;

/// <summary>csf.allow, csf.deny and csf.ignore: reading with all that they include, and rewriting under the lock of flock(2) that csf and lfd hold each other off with.</summary>
internal static class ListFile
{
    private static readonly char[] Blanks = [' ', '\t'];

    /// <summary>The lines of a file as they are. Bytes are characters: 0x85 ends a line as well, also in the middle of a letter of UTF-8.</summary>
    public static IReadOnlyList<string> Lines(string path)
    {
        if (!File.Exists(path))
        {
            Console.Error.WriteLine($"*Error* File does not exist: [{path}] at /usr/sbin/csf line 1.");
            return [];
        }

        using var hold = Locked.Shared(path);
        return Split(hold.ReadAll());
    }

    /// <summary>The entries of a file and of all that it includes, in the order in which they are obeyed: what is included comes behind all else.</summary>
    public static IReadOnlyList<string> Entries(string path)
    {
        var lines = Lines(path).ToList();
        for (var at = 0; at < lines.Count; at++)
        {
            if (lines[at].StartsWith("Include", StringComparison.Ordinal))
            {
                lines.AddRange(Lines(lines[at]["Include".Length..].TrimStart()));
            }
        }

        return [.. lines.Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#' && !line.Contains("Include", StringComparison.Ordinal))];
    }

    /// <summary>The first word of an entry: what it is about.</summary>
    public static string Subject(string entry) => entry.Split(Blanks, 2)[0];

    /// <summary>What stands behind the first word.</summary>
    public static string Comment(string entry) => entry.Split(Blanks, 2) is [_, var rest] ? rest : "";

    /// <summary>Rewrites a file in its place: each line is kept as it is, or dropped. Blanks around lines are lost, as they are with the real one.</summary>
    public static void Rewrite(string path, Func<string, bool> keeps)
    {
        using var hold = Locked.Exclusive(path);
        hold.WriteAll(string.Concat(Split(hold.ReadAll()).Select(line => line.Trim()).Where(keeps).Select(line => line + "\n")));
    }

    /// <summary>Appends to a file as it is: to one that does not end its last line, the new text is glued.</summary>
    public static void Append(string path, string text)
    {
        using var hold = Locked.Exclusive(path);
        hold.WriteAll(hold.ReadAll() + text);
    }

    private static List<string> Split(string text)
    {
        var lines = new List<string>();
        var line = new StringBuilder();
        for (var at = 0; at < text.Length; at++)
        {
            if (text[at] is not ('\r' or '\n' or '\v' or '\f' or '\u0085'))
            {
                line.Append(text[at]);
                continue;
            }

            at += text[at] == '\r' && at + 1 < text.Length && text[at + 1] == '\n' ? 1 : 0;
            lines.Add(line.ToString());
            line.Clear();
        }

        if (line.Length > 0)
        {
            lines.Add(line.ToString());
        }

        return lines;
    }
}
