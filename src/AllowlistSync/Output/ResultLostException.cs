namespace AllowlistSync.Output;

/// <summary>The result could not be written, as when the disk behind a redirection is full; what was done is done.</summary>
internal sealed class ResultLostException(IOException cause) : Exception(cause.Message, cause);
