using Polly;
using Polly.Retry;

namespace AllowlistSync.Sources.Http;

/// <summary>When and how a server is asked again: only after what passes by itself, a few times, with growing pauses and jitter.</summary>
internal static class RetryPolicy
{
    internal static ResiliencePipeline<HttpOutcome> Build(HttpLimits limits, TimeProvider time)
    {
        if (limits.MaxTries <= 1)
        {
            return ResiliencePipeline<HttpOutcome>.Empty;
        }

        var retry = new RetryStrategyOptions<HttpOutcome>
        {
            ShouldHandle = args => ValueTask.FromResult(args.Outcome.Result is { } outcome && MayPass(outcome, limits)),
            MaxRetryAttempts = limits.MaxTries - 1,
            BackoffType = DelayBackoffType.Exponential,
            UseJitter = true,
            Delay = limits.RetryDelay,
            MaxDelay = limits.MaxRetryDelay,
            DelayGenerator = args => ValueTask.FromResult(args.Outcome.Result?.RetryAfter),
        };
        return new ResiliencePipelineBuilder<HttpOutcome> { TimeProvider = time }.AddRetry(retry).Build();
    }

    /// <summary>Connection failures, time-outs, 429 and 5xx, unless the server wants to be left alone for longer than we wait.</summary>
    internal static bool MayPass(HttpOutcome outcome, HttpLimits limits) =>
        outcome.Transient && (outcome.RetryAfter is not { } pause || pause <= limits.MaxRetryDelay);
}
