
namespace AllowlistSync.Core.Sources;

/// <summary>
/// A source gave no list: it did not answer (<see cref="Answered"/> is false, exit code 2), or it answered with something that
/// must not be believed (true, exit code 3). Nothing was changed.
/// </summary>
public sealed class SourceException : Exception
{
    /// <summary>Makes the exception of a refusal.</summary>
    public SourceException(Refusal refusal, bool answered, Exception? inner = null)
        : base(refusal.Message, inner)
    {
        Refusal = refusal;
        Answered = answered;
    }

    /// <summary>The rule, the numbers, the way out.</summary>
    public Refusal Refusal { get; }

    /// <summary>True when the source answered and the answer was refused.</summary>
    public bool Answered { get; }
}
