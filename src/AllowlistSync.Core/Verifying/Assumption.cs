namespace AllowlistSync.Core.Verifying;

/// <summary>How sure something is that a rule set does not show.</summary>
public enum Certainty
{
    /// <summary>It was looked at, and it is as it should be.</summary>
    Fine,

    /// <summary>It was looked at, and it may keep packets out.</summary>
    Warning,

    /// <summary>Nobody looked.</summary>
    Assumed,
}

/// <summary>Something beside the rules that a proof rests on.</summary>
/// <param name="Certainty">How sure it is.</param>
/// <param name="Text">What is so, or what is taken for granted; of a warning, also what to do.</param>
public sealed record Assumption(Certainty Certainty, string Text);
