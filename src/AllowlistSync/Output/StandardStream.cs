namespace AllowlistSync.Output;

/// <summary>
/// Standard output or standard error. That one cannot be written (a full disk) is no fault of this program: a result that is lost is told as a <see cref="ResultLostException"/>, a message that is
/// lost stops nothing, least of all a change that is under way.
/// </summary>
/// <param name="output">The stream of the process.</param>
/// <param name="isResult">True for standard output.</param>
internal sealed class StandardStream(Stream output, bool isResult) : Stream
{
    /// <inheritdoc/>
    public override bool CanRead => false;

    /// <inheritdoc/>
    public override bool CanSeek => false;

    /// <inheritdoc/>
    public override bool CanWrite => true;

    /// <inheritdoc/>
    public override long Length => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <inheritdoc/>
    public override void Flush() => output.Flush();

    /// <inheritdoc/>
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void SetLength(long value) => throw new NotSupportedException();

    /// <inheritdoc/>
    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    /// <inheritdoc/>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        try
        {
            output.Write(buffer);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            Lose(failed);
        }
    }

    /// <inheritdoc/>
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        try
        {
            await output.WriteAsync(buffer, cancellationToken);
        }
        catch (Exception failed) when (failed is IOException or UnauthorizedAccessException)
        {
            Lose(failed);
        }
    }

    // Where access is denied it was closed, and the runtime has opened something for reading under its number: nobody listens.
    private void Lose(Exception failed)
    {
        if (isResult && failed is IOException lost)
        {
            throw new ResultLostException(lost);
        }
    }
}
