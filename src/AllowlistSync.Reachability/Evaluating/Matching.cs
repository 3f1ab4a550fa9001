using System.Collections.Immutable;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Evaluating;

/// <summary>The answers of a run of conditions, all of which must hold.</summary>
internal readonly struct Matching
{
    private readonly Answer? _cut;
    private readonly List<Answer>? _more;
    private readonly bool _isDoubtful;

    private Matching(int count, bool isPossible, Condition? decisive, Answer? cut, List<Answer>? more, bool isDoubtful)
    {
        Count = count;
        IsPossible = isPossible;
        Decisive = decisive;
        _cut = cut;
        _more = more;
        _isDoubtful = isDoubtful;
    }

    /// <summary>Stands for a map whose key is not known.</summary>
    public static Condition UnknownKey { get; } = new UnknownCondition("map", UnknownReason.Host);

    /// <summary>How many conditions there were.</summary>
    public int Count { get; }

    /// <summary>False when one does not hold for anybody.</summary>
    public bool IsPossible { get; }

    /// <summary>The condition that does not hold, that is not known, or that divides; for people.</summary>
    public Condition? Decisive { get; }

    /// <summary>What is not known; set whenever <see cref="Split"/> gives a part that may match.</summary>
    public Condition? Doubt => Decisive ?? UnknownKey;

    /// <summary>Asks the conditions from an index up to the next statement. Those that are the same for everybody are cheap and end most rules.</summary>
    public static Matching Of(ImmutableArray<Step> steps, int from, PacketView view)
    {
        Condition? decisive = null;
        Answer? cut = null;
        List<Answer>? more = null;
        var isDoubtful = false;
        var at = from;
        for (; at < steps.Length && steps[at] is Condition condition; at++)
        {
            var answer = ConditionEvaluator.Evaluate(condition, view);
            switch (answer.Kind)
            {
                case Answer.AnswerKind.No:
                    return new(at - from + 1, isPossible: false, condition, null, null, isDoubtful: false);
                case Answer.AnswerKind.Perhaps:
                    decisive = isDoubtful ? decisive : condition;
                    isDoubtful = true;
                    break;
                case Answer.AnswerKind.BySource:
                    decisive ??= condition;
                    if (cut is null)
                    {
                        cut = answer;
                    }
                    else
                    {
                        (more ??= []).Add(answer);
                    }

                    break;
            }
        }

        return new(at - from, isPossible: true, decisive, cut, more, isDoubtful);
    }

    /// <summary>One answer.</summary>
    public static Matching Of(Answer answer) => new(
        1,
        answer.Kind != Answer.AnswerKind.No,
        null,
        answer.Kind == Answer.AnswerKind.BySource ? answer : null,
        null,
        answer.Kind == Answer.AnswerKind.Perhaps);

    /// <summary>This and another answer.</summary>
    public Matching And(Answer answer) => new(
        Count + 1,
        IsPossible && answer.Kind != Answer.AnswerKind.No,
        Decisive,
        _cut ?? (answer.Kind == Answer.AnswerKind.BySource ? answer : null),
        _cut is not null && answer.Kind == Answer.AnswerKind.BySource ? [.. _more ?? [], answer] : _more,
        _isDoubtful || answer.Kind == Answer.AnswerKind.Perhaps);

    /// <summary>Takes out of a space what matches for certain, and what may match; the rest stays.</summary>
    public (Space Sure, Space Maybe) Split(Space space)
    {
        if (!IsPossible)
        {
            return (new(), new());
        }

        var part = _cut is { } cut ? Take(space, cut) : space.TakeAll();
        foreach (var answer in _more ?? [])
        {
            var both = Take(part, answer);
            space.Join(part);
            part = both;
        }

        if (_isDoubtful)
        {
            return (new(), part);
        }

        var maybe = new Space();
        foreach (var answer in _more ?? [])
        {
            maybe.Join(part.Take(answer.Maybe, inverted: false));
        }

        maybe.Join(part.Take((_cut ?? Answer.Yes).Maybe, inverted: false));
        return (part, maybe);
    }

    private static Space Take(Space space, Answer answer) =>
        space.Take(answer.Maybe.IsEmpty ? answer.Sure : answer.Sure.Union(answer.Maybe), answer.IsInverted);
}
