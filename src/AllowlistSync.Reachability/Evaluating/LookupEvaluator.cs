using System.Collections.Immutable;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Evaluating;

/// <summary>Looks up several fields together. What is known of a packet is put in first, so that a set of the visitor's addresses is left; it is made once for each set and packet.</summary>
internal static class LookupEvaluator
{
    public static Answer Evaluate(LookupCondition condition, PacketView view)
    {
        if (IsAnyAbsent(condition.Key, view))
        {
            return Answer.No;
        }

        var region = InTable(condition, view);
        return condition.IsNegated ? Region.Of(region, view.Context.Conversation.GreatestAddress).Not().ToAnswer() : region;
    }

    /// <summary>A field that the packet lacks ends the rule.</summary>
    public static bool IsAnyAbsent(ImmutableArray<Field> key, PacketView view)
    {
        foreach (var field in key)
        {
            if (view[field].Kind == FieldValue.ValueKind.Absent)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Where all fields of a key are in the parts of one element.</summary>
    public static Answer Fits(ImmutableArray<Field> key, ImmutableArray<Values> parts, PacketView view)
    {
        if (key.Length != parts.Length)
        {
            return Answer.Perhaps;
        }

        var (isSure, peer) = (true, default(NumberSet));
        for (var i = 0; i < key.Length; i++)
        {
            var answer = ConditionEvaluator.Compare(view[key[i]], parts[i], ConditionEvaluator.MaskOf(key[i]), view.Context.Conversation);
            switch (answer.Kind)
            {
                case Answer.AnswerKind.No:
                    return Answer.No;
                case Answer.AnswerKind.Perhaps:
                    isSure = false;
                    break;
                case Answer.AnswerKind.BySource:
                    peer = peer is null ? answer.Sure : peer.Intersect(answer.Sure);
                    break;
            }
        }

        return peer is null ? (isSure ? Answer.Yes : Answer.Perhaps)
            : isSure ? Answer.BySource(peer, NumberSet.Empty)
            : Answer.BySource(NumberSet.Empty, peer);
    }

    private static Answer InTable(LookupCondition condition, PacketView view)
    {
        var place = ((object)condition.Elements, (object)string.Join(',', condition.Key));
        if (!view.Lookups.TryGetValue(place, out var known))
        {
            view.Lookups[place] = known = condition.Elements.Elements.Any(element => element.IsExcluded)
                ? MostSpecific(condition, view)
                : Any(condition, view);
        }

        return known;
    }

    private static Answer Any(LookupCondition condition, PacketView view)
    {
        var sure = new List<NumberRange>();
        var maybe = new List<NumberRange>();
        var greatest = view.Context.Conversation.GreatestAddress;
        foreach (var element in condition.Elements.Elements)
        {
            var fits = Fits(condition.Key, element.Parts, view);
            if (fits.Kind == Answer.AnswerKind.No)
            {
                continue;
            }

            var region = Region.Of(fits, greatest);
            sure.AddRange(region.Sure.Ranges);
            maybe.AddRange(region.Maybe.Ranges);
        }

        var all = NumberSet.OfRanges(sure);
        return new Region(all, Less(NumberSet.OfRanges(maybe), all, greatest), greatest).ToAnswer();
    }

    // ipset(8): of the elements that fit, the one with the narrowest network decides. So the wide ones are put in first.
    private static Answer MostSpecific(LookupCondition condition, PacketView view)
    {
        var greatest = view.Context.Conversation.GreatestAddress;
        var fitting = condition.Elements.Elements
            .Select(element => (element.IsExcluded, Region: Region.Of(Fits(condition.Key, element.Parts, view), greatest)))
            .OrderByDescending(pair => Width(pair.Region));
        var sum = Region.Of(Answer.No, greatest);
        foreach (var (isExcluded, region) in fitting)
        {
            var all = region.Sure.Union(region.Maybe);
            var unclear = sum.Maybe.Union(isExcluded ? region.Maybe.Intersect(sum.Sure) : region.Maybe);
            var sure = isExcluded ? Less(sum.Sure, all, greatest) : sum.Sure.Union(region.Sure);
            sum = new(sure, Less(unclear, isExcluded ? sure.Union(region.Sure) : sure, greatest), greatest);
        }

        return sum.ToAnswer();
    }

    private static NumberSet Less(NumberSet from, NumberSet what, UInt128 greatest) =>
        from.IsEmpty || what.IsEmpty ? from : from.Intersect(what.Complement(greatest));

    private static UInt128 Width(Region region) =>
        region.Sure.Union(region.Maybe).Ranges.Aggregate(UInt128.Zero, (sum, range) => sum + (range.Last - range.First));
}
