namespace AllowlistSync.Notifying.Receivers;

/// <summary>What became of one try.</summary>
internal enum Arrival
{
    /// <summary>The receiver has it.</summary>
    Delivered,

    /// <summary>Not now; the same message may be taken later.</summary>
    TryAgain,

    /// <summary>This message will never be taken.</summary>
    Refused,
}

/// <summary>One try to tell somebody.</summary>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reason">For people, without any secret.</param>
/// <param name="RetryAfter">When the receiver wants to be asked again.</param>
internal sealed record Delivery(Arrival Outcome, string Reason, TimeSpan? RetryAfter = null);

/// <summary>Somebody who is told.</summary>
internal interface IReceiver
{
    /// <summary>Tries once. What goes wrong is the result; a cancellation is thrown.</summary>
    ValueTask<Delivery> SendAsync(Outgoing outgoing, CancellationToken cancellationToken);
}
