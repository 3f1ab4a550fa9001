namespace AllowlistSync.Sources.Http;

/// <summary>Reads a body and stops as soon as it is too long, whatever Content-Length says.</summary>
public static class BoundedBody
{
    private const int Chunk = 16 * 1024;

    /// <summary>The whole body; null when it is longer than the limit.</summary>
    public static async Task<ReadOnlyMemory<byte>?> ReadAsync(Stream body, int limit, CancellationToken cancellationToken)
    {
        var buffer = new byte[Math.Min(limit + 1, Chunk)];
        var length = 0;
        while (true)
        {
            var read = await body.ReadAsync(buffer.AsMemory(length), cancellationToken);
            length += read;
            if (read == 0)
            {
                return buffer.AsMemory(0, length);
            }

            if (length > limit)
            {
                return null;
            }

            if (length == buffer.Length)
            {
                Array.Resize(ref buffer, (int)Math.Min((long)length * 2, limit + 1L));
            }
        }
    }
}
