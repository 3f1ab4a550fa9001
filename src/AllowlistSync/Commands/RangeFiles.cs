using System.Collections.Immutable;
using System.Text;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Commands;

/// <summary>A list could not be read; the message says why, with lines and columns.</summary>
internal sealed class UnreadableListException(string message) : Exception(message);

/// <summary>Reads lists of prefixes from files; half a list is never used.</summary>
internal static class RangeFiles
{
    /// <summary>As a set: the fast way.</summary>
    public static async Task<PrefixSet> ReadSetAsync(string path, TextReader input, CancellationToken cancellationToken)
    {
        var set = PrefixParser.ParseSet(await BytesAsync(path, input, cancellationToken), out var problems);
        Require(path, problems);
        return set;
    }

    /// <summary>As it was written.</summary>
    public static async Task<ImmutableArray<IpPrefix>> ReadListAsync(string path, TextReader input, CancellationToken cancellationToken)
    {
        var parsed = PrefixParser.Parse(await BytesAsync(path, input, cancellationToken));
        Require(path, parsed.Problems);
        return parsed.Prefixes;
    }

    private static void Require(string path, ImmutableArray<ParseProblem> problems)
    {
        if (!problems.IsEmpty)
        {
            throw new UnreadableListException(string.Join('\n', problems.Take(20).Select(problem => $"{path}: {problem}")) + "\nnothing was printed: correct these lines and run again");
        }
    }

    private static async Task<byte[]> BytesAsync(string path, TextReader input, CancellationToken cancellationToken)
    {
        try
        {
            return path == "-" ? Encoding.UTF8.GetBytes(await input.ReadToEndAsync(cancellationToken)) : await File.ReadAllBytesAsync(path, cancellationToken);
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new UnreadableListException($"{path} cannot be read: {unreadable.Message}");
        }
    }
}
