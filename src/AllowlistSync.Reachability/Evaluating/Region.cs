using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Evaluating;

/// <summary>An answer as two sets of addresses, for conditions that are made of others.</summary>
/// <param name="Sure">Where it holds.</param>
/// <param name="Maybe">Where it may hold; disjoint from the former.</param>
/// <param name="Greatest">The greatest address of the family.</param>
internal readonly record struct Region(NumberSet Sure, NumberSet Maybe, UInt128 Greatest)
{
    public static Region Of(Answer answer, UInt128 greatest)
    {
        var all = NumberSet.Of(0, greatest);
        return answer.Kind switch
        {
            Answer.AnswerKind.Yes => new(all, NumberSet.Empty, greatest),
            Answer.AnswerKind.No => new(NumberSet.Empty, NumberSet.Empty, greatest),
            Answer.AnswerKind.Perhaps => new(NumberSet.Empty, all, greatest),
            _ => new(answer.IsInverted ? answer.Sure.Complement(greatest) : answer.Sure, answer.Maybe, greatest),
        };
    }

    /// <summary>Where this one or the other holds.</summary>
    public Region Or(Region other)
    {
        var sure = Sure.Union(other.Sure);
        var maybe = Maybe.Union(other.Maybe);
        return new(sure, maybe.IsEmpty || sure.IsEmpty ? maybe : maybe.Intersect(sure.Complement(Greatest)), Greatest);
    }

    /// <summary>Where it does not hold.</summary>
    public Region Not() => new(Sure.Union(Maybe).Complement(Greatest), Maybe, Greatest);

    public Answer ToAnswer()
    {
        var all = new NumberRange(0, Greatest);
        return Sure.Covers(all) ? Answer.Yes
            : Maybe.Covers(all) ? Answer.Perhaps
            : Sure.IsEmpty && Maybe.IsEmpty ? Answer.No
            : Answer.BySource(Sure, Maybe);
    }
}
