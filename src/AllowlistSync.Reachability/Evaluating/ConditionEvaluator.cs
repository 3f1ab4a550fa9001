using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Evaluating;

/// <summary>Whether a condition holds for a packet. Pure, but for the memory of lookups in the view.</summary>
internal static class ConditionEvaluator
{
    // What iptables calls a state and nft does not.
    private const uint NftStates = 0xffff;

    public static Answer Evaluate(Condition condition, PacketView view) => condition switch
    {
        FieldCondition field => OfField(field, view),
        BitsCondition bits => OfBits(bits, view[bits.Field]),
        LookupCondition lookup => LookupEvaluator.Evaluate(lookup, view),
        FixedCondition known => Answer.Of(known.Holds),
        UnknownCondition => Answer.Perhaps,
        ListFill fill => Answer.Of(!fill.IsNegated),
        ListLookup lookup => OfList(lookup, view.Context.Conversation),
        AnyOfCondition any => OfAny(any, view),
        AllOfCondition all => OfAll(all, view),
        _ => Answer.Perhaps,
    };

    private static Answer OfField(FieldCondition condition, PacketView view)
    {
        ref readonly var value = ref view[condition.Field];
        if (value.Kind == FieldValue.ValueKind.Absent)
        {
            return Answer.No;
        }

        var mask = condition.Mask ?? MaskOf(condition.Field);
        var holds = Compare(in value, condition.Values, mask, view.Context.Conversation);
        return condition.IsNegated ? Negate(holds) : holds;
    }

    /// <summary>The bits of a field that count when its whole value is compared; null for all.</summary>
    public static UInt128? MaskOf(Field field) => field == Field.CtState ? NftStates : null;

    /// <summary>Whether a value is one of some others. An absent value is none of them.</summary>
    public static Answer Compare(in FieldValue value, Values values, UInt128? mask, Conversation talk) => (value.Kind, values) switch
    {
        (FieldValue.ValueKind.Absent, _) => Answer.No,
        (FieldValue.ValueKind.Name, NameSet names) => Answer.Of(names.Contains(value.Text!)),
        (FieldValue.ValueKind.OutsideInterface, NameSet names) when names.Names.All(static name => name == "lo") => Answer.No,
        (FieldValue.ValueKind.Number, NumberSet numbers) => (value.UnknownBits & (mask ?? UInt128.MaxValue)) != 0
            ? Answer.Perhaps
            : Answer.Of(numbers.Contains(value.Number & (mask ?? UInt128.MaxValue))),
        (FieldValue.ValueKind.OneOf, NumberSet numbers) when mask is null => OfSeveral(value.Numbers!, numbers),
        (FieldValue.ValueKind.Peer, NumberSet numbers) => OfPeer(numbers, mask, talk),
        _ => Answer.Perhaps,
    };

    public static Answer Negate(Answer answer) => answer.Kind switch
    {
        Answer.AnswerKind.Yes => Answer.No,
        Answer.AnswerKind.No => Answer.Yes,
        Answer.AnswerKind.BySource => Answer.BySource(answer.Sure, !answer.IsInverted),
        _ => answer,
    };

    private static Answer OfSeveral(NumberSet value, NumberSet wanted)
    {
        var all = true;
        var some = false;
        foreach (var range in value.Ranges)
        {
            all &= wanted.Covers(range);
            some |= wanted.Overlaps(range);
        }

        return all ? Answer.Yes : some ? Answer.Perhaps : Answer.No;
    }

    private static Answer OfPeer(NumberSet wanted, UInt128? mask, Conversation talk)
    {
        if (mask is not { } bits)
        {
            return Answer.BySource(wanted, isInverted: false);
        }

        // A mask that is a prefix length turns each value into a range; any other scatters.
        var host = ~bits & talk.GreatestAddress;
        if ((host & (host + 1)) != 0)
        {
            return Answer.Perhaps;
        }

        return Answer.BySource(NumberSet.OfRanges(wanted.Ranges.SelectMany(range => Masked(range, host))), isInverted: false);
    }

    // Of a run of values only those without host bits can be met; a long run is met by everything between.
    private static IEnumerable<NumberRange> Masked(NumberRange values, UInt128 host)
    {
        if (values.First > UInt128.MaxValue - host)
        {
            return [];
        }

        var first = (values.First + host) & ~host;
        var last = values.Last & ~host;
        return first > last ? [] : [new(first, last | host)];
    }

    private static Answer OfBits(BitsCondition condition, in FieldValue value)
    {
        if (value.Kind == FieldValue.ValueKind.Absent)
        {
            return Answer.No;
        }

        var holds = condition.Bits == 0 ? Answer.No
            : value.Kind != FieldValue.ValueKind.Number ? Answer.Perhaps
            : (value.Number & condition.Bits) != 0 ? Answer.Yes
            : (value.UnknownBits & condition.Bits) != 0 ? Answer.Perhaps
            : Answer.No;
        return condition.IsNegated ? Negate(holds) : holds;
    }

    // Nobody is in a list that no rule fills.
    private static Answer OfList(ListLookup condition, Conversation talk) =>
        talk.FilledLists?.Contains(condition.Name) == false ? Answer.Of(condition.IsNegated) : Answer.Perhaps;

    private static Answer OfAny(AnyOfCondition condition, PacketView view)
    {
        var greatest = view.Context.Conversation.GreatestAddress;
        var region = condition.Conditions.Aggregate(Region.Of(Answer.No, greatest), (all, one) => all.Or(Region.Of(Evaluate(one, view), greatest)));
        return (condition.IsNegated ? region.Not() : region).ToAnswer();
    }

    private static Answer OfAll(AllOfCondition condition, PacketView view)
    {
        var greatest = view.Context.Conversation.GreatestAddress;
        var not = condition.Conditions.Aggregate(Region.Of(Answer.No, greatest), (all, one) => all.Or(Region.Of(Evaluate(one, view), greatest).Not()));
        return (condition.IsNegated ? not : not.Not()).ToAnswer();
    }
}
