namespace AllowlistSync.Core.State;

/// <summary>A line of a target's journal: what was about to be done, or was done.</summary>
/// <param name="At">When.</param>
/// <param name="RunId">By which run.</param>
/// <param name="Step">The step, for example <c>applying</c>.</param>
/// <param name="Fingerprint">The plan.</param>
/// <param name="Detail">For people.</param>
public sealed record JournalEntry(DateTimeOffset At, string RunId, string Step, string Fingerprint, string Detail);
