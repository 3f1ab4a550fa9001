using System.Runtime.CompilerServices;

namespace AllowlistSync.Core.State;

/// <summary>Reads the lines of a file from the last to the first, block by block: the newest cost nothing of the older ones. What is appended meanwhile is not seen.</summary>
internal static class LinesFromEnd
{
    private const int Block = 64 << 10;

    /// <summary>The lines without their ends; the first one is empty where the file ends with a line feed.</summary>
    public static async IAsyncEnumerable<ReadOnlyMemory<byte>> ReadAsync(FileStream file, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        // The end of a line that begins in a block before.
        var rest = ReadOnlyMemory<byte>.Empty;
        for (var start = file.Length; start > 0;)
        {
            var length = (int)Math.Min(Block, start);
            start -= length;
            var bytes = new byte[length + rest.Length];
            file.Position = start;
            await file.ReadExactlyAsync(bytes.AsMemory(0, length), cancellationToken);
            rest.CopyTo(bytes.AsMemory(length));

            var end = bytes.Length;
            for (var feed = bytes.AsSpan(0, end).LastIndexOf((byte)'\n'); feed >= 0; feed = bytes.AsSpan(0, end).LastIndexOf((byte)'\n'))
            {
                yield return bytes.AsMemory((feed + 1)..end);
                end = feed;
            }

            rest = bytes.AsMemory(0, end);
        }

        yield return rest;
    }
}
