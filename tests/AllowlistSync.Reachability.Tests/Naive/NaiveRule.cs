using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Tests.Naive;

/// <summary>One rule against one packet: the conditions and statements of the model, one after the other.</summary>
internal sealed class NaiveRule(Backend backend, NaivePacket packet, Choices choices)
{
    /// <summary>What the rule says; null when it says nothing of this packet.</summary>
    internal Verdict? Run(Rule rule)
    {
        foreach (var step in rule.Steps)
        {
            switch (step)
            {
                case Condition condition when !Holds(condition):
                    return null;
                case Statement statement when !Act(statement, out var verdict):
                    return verdict;
            }
        }

        return null;
    }

    private bool Holds(Condition condition) => condition switch
    {
        FixedCondition one => one.Holds,
        UnknownCondition => choices.YesOrNo(),
        AnyOfCondition any => any.Conditions.Any(Holds) != any.IsNegated,
        AllOfCondition all => all.Conditions.All(Holds) != all.IsNegated,
        // Where a packet has no such interface, the kernel compares with an empty name (nft_meta.c, ip_tables.c): only a negation holds.
        FieldCondition { Values: NameSet names } one => names.Contains((one.Field == Field.InputInterface ? packet.Input : packet.Output) ?? "") != one.IsNegated,
        FieldCondition { Values: NumberSet numbers } one => packet.Value(one.Field) is { } value && IsIn(value, one.Mask, numbers) != one.IsNegated,
        BitsCondition { Field: Field.CtState } state => ((UInt128)(uint)packet.StateBits & state.Bits) != 0 != state.IsNegated,
        BitsCondition bits => packet.Value(bits.Field) is { } value && ((value.First & bits.Bits) != 0) != bits.IsNegated,
        LookupCondition lookup => ValuesOf(lookup.Key) is { } values && IsElement(values, lookup.Elements) != lookup.IsNegated,
        _ => throw new NotSupportedException(condition.ToString()),
    };

    // False ends the rule.
    private bool Act(Statement statement, out Verdict? verdict)
    {
        verdict = null;
        switch (statement)
        {
            case Decide decide:
                verdict = decide.Verdict;
                return false;
            case DecideByMap map:
                // A miss ends the rule, and a rule ends with its map anyhow.
                verdict = ValuesOf(map.Key) is { } values ? map.Entries.FirstOrDefault(entry => Fits(values, [.. entry.Parts]))?.Value : null;
                return false;
            case SetMark mark:
                return Write(mark);
            case NoTrack:
                packet.State = packet.State == CtStateBits.Invalid ? CtStateBits.Untracked : packet.State;
                return true;
            case DestinationNat nat:
                verdict = Translate(nat) ? Verdict.Accept : null;
                return false;
            case SourceNat:
                packet.Connection.IsSourceRewritten = true;
                verdict = Verdict.Accept;
                return false;
            case UnknownStatement:
                verdict = choices.Next(3) switch { 0 => Verdict.Accept, 1 => Verdict.Drop, _ => null };
                return verdict is null;
            case ConntrackUse:
                return true;
            default:
                throw new NotSupportedException(statement.ToString());
        }
    }

    private bool Write(SetMark mark)
    {
        if ((mark.Source == MarkKind.Connection || mark.Target == MarkKind.Connection) && !packet.IsTracked)
        {
            // Nothing to read: a rule of nft ends, a target of x_tables does nothing. Nothing to write to: nothing happens.
            return backend == Backend.Legacy || mark.Source == MarkKind.Packet;
        }

        var value = ((mark.Source == MarkKind.Packet ? packet.Mark : packet.Connection.Mark) & mark.And) ^ mark.Xor;
        if (mark.Target == MarkKind.Packet)
        {
            packet.Mark = value;
        }
        else
        {
            packet.Connection.Mark = value;
        }

        return true;
    }

    private bool Translate(DestinationNat nat)
    {
        if (!TryResolve(nat.Address, packet.Destination, out var address) || !TryResolve(nat.Port, packet.Port, out var port))
        {
            return false;
        }

        if (address != packet.Destination || port != packet.Port)
        {
            packet.Connection.Binding = (address, port);
        }
        else
        {
            IsBound = true;
        }

        return true;
    }

    /// <summary>Set by a translation to what the packet has already: it binds, and changes nothing.</summary>
    internal bool IsBound { get; private set; }

    private bool TryResolve(NatValue? value, UInt128 kept, out UInt128 result)
    {
        result = value switch { NatValue.OneOf one when one.Range.First == one.Range.Last => one.Range.First, _ => kept };
        if (value is not NatValue.FromMap map)
        {
            return value is null or NatValue.OneOf ? true : throw new NotSupportedException(value.ToString());
        }

        var entry = ValuesOf(map.Key) is { } values ? map.Entries.FirstOrDefault(entry => Fits(values, [.. entry.Parts])) : null;
        result = entry?.Value.First ?? kept;
        return entry is not null;
    }

    private List<NumberRange>? ValuesOf(IEnumerable<Field> key)
    {
        var values = key.Select(packet.Value).ToList();
        return values.Contains(null) ? null : [.. values.Select(value => value!.Value)];
    }

    // The smallest element that fits decides.
    private bool IsElement(List<NumberRange> values, ElementTable table) => table.Elements
        .Where(element => Fits(values, [.. element.Parts]))
        .OrderBy(element => element.Parts.OfType<NumberSet>().Aggregate(UInt128.Zero, (sum, part) => sum + (part.Ranges[0].Last - part.Ranges[0].First)))
        .FirstOrDefault() is { IsExcluded: false };

    private bool Fits(List<NumberRange> values, Values[] parts) => values.Zip(parts).All(pair => IsIn(pair.First, null, (NumberSet)pair.Second));

    private bool IsIn(NumberRange value, UInt128? mask, NumberSet numbers)
    {
        if (value.First == value.Last)
        {
            return numbers.Contains(value.First & (mask ?? UInt128.MaxValue));
        }

        return mask is null ? numbers.Covers(value) || (numbers.Overlaps(value) && choices.YesOrNo()) : choices.YesOrNo();
    }
}
