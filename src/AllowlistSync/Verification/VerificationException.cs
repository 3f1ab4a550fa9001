namespace AllowlistSync.Verification;

/// <summary>Nothing can be verified; the message says why, and what to do.</summary>
internal sealed class VerificationException(string message, string remedy, Exception? inner = null) : Exception(message, inner)
{
    public string Remedy { get; } = remedy;
}
