using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Evaluating;

/// <summary>Whether a condition holds: for all visitors alike, or for some of them.</summary>
internal readonly record struct Answer
{
    private Answer(AnswerKind kind) => Kind = kind;

    public enum AnswerKind
    {
        No,
        Yes,

        /// <summary>Cannot be known, whoever the visitor is.</summary>
        Perhaps,

        /// <summary>Depends on the visitor's address.</summary>
        BySource,
    }

    public static Answer No { get; } = new(AnswerKind.No);

    public static Answer Yes { get; } = new(AnswerKind.Yes);

    public static Answer Perhaps { get; } = new(AnswerKind.Perhaps);

    public AnswerKind Kind { get; }

    /// <summary>By source: the addresses for which it holds; all but these when <see cref="IsInverted"/>.</summary>
    public NumberSet Sure { get; private init; } = NumberSet.Empty;

    public bool IsInverted { get; private init; }

    /// <summary>By source: the addresses for which it cannot be known; disjoint from <see cref="Sure"/>, and empty when inverted.</summary>
    public NumberSet Maybe { get; private init; } = NumberSet.Empty;

    public static Answer Of(bool holds) => holds ? Yes : No;

    public static Answer BySource(NumberSet sure, bool isInverted) => new(AnswerKind.BySource) { Sure = sure, IsInverted = isInverted };

    public static Answer BySource(NumberSet sure, NumberSet maybe) => new(AnswerKind.BySource) { Sure = sure, Maybe = maybe };
}
