using AllowlistSync.Core;

namespace AllowlistSync.Sources.Http;

/// <summary>What came of one try: an answer, or why there is none.</summary>
internal sealed record HttpOutcome
{
    internal HttpAnswer? Answer { get; private init; }

    internal Refusal? Refusal { get; private init; }

    /// <summary>True when the server answered and the answer is refused.</summary>
    internal bool Answered { get; private init; }

    /// <summary>True when another try may end better.</summary>
    internal bool Transient { get; private init; }

    /// <summary>The pause that the server asked for.</summary>
    internal TimeSpan? RetryAfter { get; private init; }

    internal Exception? Cause { get; private init; }

    internal static HttpOutcome Of(HttpAnswer answer) => new() { Answer = answer };

    internal static HttpOutcome Refused(Refusal refusal) => new() { Refusal = refusal, Answered = true };

    internal static HttpOutcome Failed(Refusal refusal, bool transient, Exception? cause = null, TimeSpan? retryAfter = null) =>
        new() { Refusal = refusal, Transient = transient, Cause = cause, RetryAfter = retryAfter };
}
