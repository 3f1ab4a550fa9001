namespace AllowlistSync.Core.Providers;

/// <summary>The one exception that providers throw on purpose.</summary>
public sealed class ProviderException : Exception
{
    /// <summary>Makes a failure that tells what happened, what it left behind, and what to do.</summary>
    public ProviderException(FailureKind kind, Aftermath aftermath, string message, string remedy, Exception? inner = null)
        : base(message, inner)
    {
        Kind = kind;
        Aftermath = aftermath;
        Remedy = remedy;
    }

    /// <summary>What went wrong.</summary>
    public FailureKind Kind { get; }

    /// <summary>What it left behind.</summary>
    public Aftermath Aftermath { get; }

    /// <summary>What a person can do.</summary>
    public string Remedy { get; }
}
