using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Paths;

/// <summary>What the whole of a rule set says about single packets; found in one pass over all rules.</summary>
internal sealed class RuleSetFacts
{
    private readonly HashSet<Table> _writers = new(ReferenceEqualityComparer.Instance);
    private readonly HashSet<NumberSet> _ports = [];
    private readonly HashSet<string> _filled = new(StringComparer.Ordinal);
    private readonly HashSet<string> _asked = new(StringComparer.Ordinal);
    private readonly List<(Table Table, Chain Base)> _baseChains = [];
    private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);

    private bool _mayFillAny;

    private RuleSetFacts(RuleSet ruleSet)
    {
        foreach (var table in ruleSet.Tables.OrderBy(table => table.Backend))
        {
            foreach (var chain in table.Chains.Values)
            {
                if (chain.Base is not null)
                {
                    _baseChains.Add((table, chain));
                }

                Note(chain, table);
            }
        }
    }

    /// <summary>All base chains: the tables of x_tables first, else in the order of the dump.</summary>
    public IReadOnlyList<(Table Table, Chain Base)> BaseChains => _baseChains;

    /// <summary>The families whose connections the kernel tracks: a conntrack match, a NAT statement or the like in any of their tables asks for it.</summary>
    public Families Tracked { get; private set; }

    /// <summary>Every set of ports that a rule compares with, each once.</summary>
    public IReadOnlyCollection<NumberSet> Ports => _ports;

    /// <summary>The lists of recent addresses that rules write to; null when a rule that was not read or not understood may write to any.</summary>
    public IReadOnlySet<string>? FilledLists => _mayFillAny ? null : _filled;

    /// <summary>The lists that rules ask and no rule fills.</summary>
    public IEnumerable<string> EmptyLists => _mayFillAny ? [] : _asked.Where(name => !_filled.Contains(name));

    public static RuleSetFacts Of(RuleSet ruleSet) => new(ruleSet);

    /// <summary>Whether a rule of the table changes something that rules of other chains can see: a mark, or connection tracking.</summary>
    public bool Writes(Table table) => _writers.Contains(table);

    private void Note(Chain chain, Table table)
    {
        foreach (var rule in chain.Rules)
        {
            foreach (var step in rule.Steps)
            {
                Note(step, table);
            }
        }
    }

    private void Note(Step step, Table table)
    {
        NoteList(step);
        switch (step)
        {
            case FieldCondition field:
                Note(field.Field, field.Values, table);
                break;
            case BitsCondition { Field: >= Field.ConnectionMark and <= Field.CtProtocol }:
            case UnknownCondition { UsesConntrack: true }:
            case UnknownStatement { UsesConntrack: true }:
            case ConntrackUse:
            case SourceNat:
            case SetMark { Target: MarkKind.Connection } or SetMark { Source: MarkKind.Connection, And: not 0 }:
                Tracked |= table.Sees;
                _writers.Add(table);
                break;
            case DestinationNat nat:
                Tracked |= table.Sees;
                Note(nat.Address, table);
                Note(nat.Port, table);
                break;
            case SetMark or NoTrack:
                _writers.Add(table);
                break;
            case LookupCondition lookup when _seen.Add(lookup.Elements):
                lookup.Elements.Elements.ToList().ForEach(element => Note(lookup.Key, element.Parts, table));
                break;
            case DecideByMap map:
                map.Entries.ToList().ForEach(entry => Note(map.Key, entry.Parts, table));
                break;
            case AnyOfCondition any:
                any.Conditions.ToList().ForEach(condition => Note(condition, table));
                break;
            case AllOfCondition all:
                all.Conditions.ToList().ForEach(condition => Note(condition, table));
                break;
        }
    }

    private void NoteList(Step step)
    {
        switch (step)
        {
            case ListFill fill:
                _filled.Add(fill.Name);
                break;
            case ListLookup lookup:
                _asked.Add(lookup.Name);
                break;
            case UnknownStatement { Reason: UnknownReason.NotRead }:
            case UnknownStatement { Reason: UnknownReason.NotUnderstood } statement when MayFill(statement.Text):
            case UnknownCondition { Reason: UnknownReason.NotRead or UnknownReason.NotUnderstood } condition when MayFill(condition.Text):
                _mayFillAny = true;
                break;
        }
    }

    private static bool MayFill(string text) => text.Contains("recent", StringComparison.Ordinal);

    // Whether a translation changes the port differs between the port that it leads to and all others.
    private void Note(NatValue? value, Table table)
    {
        if (value is NatValue.FromMap map)
        {
            map.Entries.ToList().ForEach(entry => Note(map.Key, entry.Parts, table));
            map.Entries.ToList().ForEach(entry => Cut(entry.Value));
        }
        else if (value is NatValue.OneOf one)
        {
            Cut(one.Range);
        }
    }

    private void Cut(NumberRange range)
    {
        if (range.Last <= ushort.MaxValue)
        {
            _ports.Add(NumberSet.Of(range.First, range.Last));
        }
    }

    private void Note(IReadOnlyList<Field> key, IReadOnlyList<Values> parts, Table table)
    {
        for (var i = 0; i < Math.Min(key.Count, parts.Count); i++)
        {
            Note(key[i], parts[i], table);
        }
    }

    private void Note(Field field, Values values, Table table)
    {
        if (field is Field.DestinationPort or Field.TcpDestinationPort or Field.UdpDestinationPort or Field.SourcePort or Field.TcpSourcePort or Field.UdpSourcePort or Field.CtOriginalDestinationPort
            && values is NumberSet ports && _seen.Add(ports))
        {
            _ports.Add(ports);
        }

        if (field is >= Field.ConnectionMark and <= Field.CtProtocol)
        {
            Tracked |= table.Sees;
        }
    }
}
