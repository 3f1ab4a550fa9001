using System.Collections.Immutable;

namespace AllowlistSync.Verification;

/// <summary>Reads the file of <c>--packets</c>: a line <c>SOURCE PORT</c> each; empty lines and what follows <c>#</c> are passed over.</summary>
internal static class PacketList
{
    private const int MostProblems = 20;

    /// <summary>All packets, in the order of the lines.</summary>
    /// <exception cref="VerificationException">The file or a line cannot be read; half a list is never used.</exception>
    public static async Task<ImmutableArray<Packet>> ReadAsync(string path, TextReader input, CancellationToken cancellationToken)
    {
        var packets = ImmutableArray.CreateBuilder<Packet>();
        var problems = new List<string>();
        var number = 0;
        foreach (var line in await LinesAsync(path, input, cancellationToken))
        {
            number++;
            var text = line.Split('#')[0];
            var words = text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 2 && Packet.TryRead(words[0], words[1], out var packet))
            {
                packets.Add(packet);
            }
            else if (words.Length > 0)
            {
                problems.Add($"{path}, line {number}: `{Core.Reporting.ShellText.Clean(text.Trim())}` is not a source and a port; write for example `104.16.0.1 443`");
            }
        }

        return problems.Count == 0 && packets.Count > 0
            ? packets.ToImmutable()
            : throw new VerificationException(problems.Count == 0 ? $"{path} holds no packet" : string.Join('\n', problems.Take(MostProblems)), "correct the file and run again");
    }

    private static async Task<string[]> LinesAsync(string path, TextReader input, CancellationToken cancellationToken)
    {
        try
        {
            return (path == "-" ? await input.ReadToEndAsync(cancellationToken) : await File.ReadAllTextAsync(path, cancellationToken)).Split('\n');
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new VerificationException($"{path} cannot be read: {unreadable.Message}", "name a file with a line `SOURCE PORT` for each packet", unreadable);
        }
    }
}
