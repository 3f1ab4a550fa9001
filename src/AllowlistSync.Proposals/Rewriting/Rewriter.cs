using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Proposals.Rewriting;

/// <summary>What a file becomes.</summary>
/// <param name="Content">Its bytes; the same as before when nothing was to change.</param>
/// <param name="Before">The ranges that stood in the place, of the families that it holds.</param>
/// <param name="After">Those that stand there now.</param>
/// <param name="IsChanged">False when the place held the same addresses already, however they were spelled.</param>
public sealed record RewrittenFile(ReadOnlyMemory<byte> Content, PrefixSet Before, PrefixSet After, bool IsChanged);

/// <summary>A place that cannot be rewritten; the file is left as it is.</summary>
/// <param name="id">A stable id, kebab-case: <c>marker-missing</c>, <c>marker-doubled</c>, <c>key-missing</c>, <c>yaml-anchor</c>, ...</param>
/// <param name="message">What is wrong, with the line where there is one.</param>
/// <param name="remedy">What a person can do.</param>
public sealed class RewriteException(string id, string message, string remedy) : Exception(message)
{
    /// <summary>A stable id, kebab-case.</summary>
    public string Id { get; } = id;

    /// <summary>What a person can do.</summary>
    public string Remedy { get; } = remedy;
}

/// <summary>Rewrites the ranges in a file and keeps every other byte: comments, order, quoting, line ends, a missing last newline, a byte order mark. Pure; a second time changes nothing.</summary>
public static class Rewriter
{
    /// <summary>Puts ranges into a place of a file.</summary>
    /// <param name="path">The path in the repository; its ending tells YAML, JSON and HCL apart.</param>
    /// <param name="content">The bytes of the file; null when it is not there, which only a whole file survives.</param>
    /// <param name="place">Where.</param>
    /// <param name="wanted">The ranges; only those of the place's family are written.</param>
    /// <exception cref="RewriteException">The place is not there, is there twice, or holds what this program must not touch.</exception>
    public static RewrittenFile Rewrite(string path, ReadOnlyMemory<byte>? content, FilePlace place, PrefixSet wanted)
    {
        ArgumentNullException.ThrowIfNull(path);
        ArgumentNullException.ThrowIfNull(place);
        ArgumentNullException.ThrowIfNull(wanted);
        wanted = place.Family is { } family ? wanted.Only(family) : wanted;
        if (place is WholeFilePlace whole)
        {
            return WholeFileRewriter.Rewrite(path, content, whole, wanted);
        }

        var file = TextFile.Read(path, content ?? throw new RewriteException("file-missing", $"{path} is not there", "correct `path`"));
        return place switch
        {
            BlockPlace block => BlockRewriter.Rewrite(file, content.Value, block, wanted),
            KeyPlace key => Checked(path, key, KeyRewriters.For(path).Rewrite(file, content.Value, key, wanted), wanted),
            _ => throw new ArgumentOutOfRangeException(nameof(place), place, "a place without a line here"),
        };
    }

    // Read back what was written: a layout that nobody thought of must not become a wrong list in somebody's file.
    private static RewrittenFile Checked(string path, KeyPlace key, RewrittenFile written, PrefixSet wanted)
    {
        if (written.IsChanged)
        {
            RewrittenFile again;
            try
            {
                again = KeyRewriters.For(path).Rewrite(TextFile.Read(path, written.Content), written.Content, key, wanted);
            }
            catch (RewriteException wrong)
            {
                throw NotWritten(path, key, wrong.Message);
            }

            _ = again.IsChanged ? throw NotWritten(path, key, "it holds other ranges than those written") : 0;
        }

        return written;
    }

    private static RewriteException NotWritten(string path, KeyPlace key, string why) =>
        new("layout", $"{path}: {key.Key} is laid out in a way that cannot be rewritten; after a try, {why}", "write the list with one entry a line");
}
