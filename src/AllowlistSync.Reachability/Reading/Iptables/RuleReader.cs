using System.Collections.Immutable;
using System.Text;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Iptables;

/// <summary>
/// Makes the steps of a rule. Groups of words that were read before are not read again, and give the same instances: most rules of a long
/// list differ in their address only.
/// </summary>
internal sealed class RuleReader(IptablesContext context)
{
    private const int MostRemembered = 8192;

    private readonly ByteKeyed<ImmutableArray<Step>> _groups = new(MostRemembered);
    private readonly ByteKeyed<ImmutableArray<Step>> _tails = new(MostRemembered);
    private readonly ImmutableArray<Step>.Builder _steps = ImmutableArray.CreateBuilder<Step>(8);

    /// <summary>The steps of a rule, in the order of its text.</summary>
    /// <param name="rule">The rule after <c>-A CHAIN</c>.</param>
    internal ImmutableArray<Step> Read(ReadOnlySpan<byte> rule)
    {
        _steps.Clear();
        var rest = rule.TrimStart((byte)' ');
        while (TakeAddress(ref rest))
        {
        }

        if (!_tails.TryGet(rest, out var tail))
        {
            tail = ReadTail(rest);
            _tails.Set(rest, tail);
        }

        if (_steps.Count == 0)
        {
            return tail;
        }

        _steps.AddRange(tail);
        return _steps.ToImmutable();
    }

    /// <summary>
    /// Takes <c>-s ADDRESS</c> or <c>-d ADDRESS</c> from the start of a rule, where iptables-save prints them: the part that differs from
    /// rule to rule. Everything else about addresses goes the long way.
    /// </summary>
    private bool TakeAddress(ref ReadOnlySpan<byte> rule)
    {
        var isNegated = rule.StartsWith("! "u8);
        var start = isNegated ? rule[2..] : rule;
        if (start.Length < 4 || start[0] != '-' || start[1] is not ((byte)'s' or (byte)'d') || start[2] != ' ')
        {
            return false;
        }

        var field = start[1] == 's' ? context.Source : context.Destination;
        start = start[3..];
        var end = start.IndexOf((byte)' ');
        var address = end < 0 ? start : start[..end];
        var rest = end < 0 ? default : start[end..].TrimStart((byte)' ');
        if ((!rest.IsEmpty && !StartsGroup(rest)) || BasicOptions.Addresses(address, field, isNegated, context) is not { } condition)
        {
            return false;
        }

        if (condition is not FixedCondition { Holds: true })
        {
            _steps.Add(condition);
        }

        rule = rest;
        return true;
    }

    /// <summary>A short option, with or without a <c>!</c>: what stands before it is complete.</summary>
    private static bool StartsGroup(ReadOnlySpan<byte> rest) =>
        rest.StartsWith("! "u8) ? StartsGroup(rest[2..]) : rest.Length > 2 && rest[0] == '-' && rest[2] == ' ';

    /// <summary>The steps of what follows the addresses.</summary>
    private ImmutableArray<Step> ReadTail(ReadOnlySpan<byte> rest)
    {
        var steps = ImmutableArray.CreateBuilder<Step>();
        for (var groups = new GroupScanner(rest); groups.Next();)
        {
            steps.AddRange(ReadGroup(groups.Kind, groups.Group));
        }

        return steps.DrainToImmutable();
    }

    /// <summary>The steps of one group of words, such as <c>-m multiport --dports 80,443</c>.</summary>
    internal ImmutableArray<Step> ReadGroup(GroupKind kind, ReadOnlySpan<byte> group)
    {
        if (kind == GroupKind.Match && IsComment(group))
        {
            return [];
        }

        if (_groups.TryGet(group, out var steps))
        {
            return steps;
        }

        steps = Flatten(Parse(kind, group));
        _groups.Set(group, steps);
        return steps;
    }

    /// <summary>A comment and nothing behind it: each is different, and none is worth remembering.</summary>
    private static bool IsComment(ReadOnlySpan<byte> group)
    {
        if (!group.StartsWith("-m comment --comment "u8))
        {
            return false;
        }

        var words = new WordScanner(group[21..]);
        return words.Next() && !words.Next();
    }

    private IEnumerable<Step> Parse(GroupKind kind, ReadOnlySpan<byte> text)
    {
        var group = RuleGroup.Read(text, hasArgument: kind != GroupKind.Fragment);
        return kind switch
        {
            GroupKind.Silent when !group.IsNegated => [],
            GroupKind.Match when !group.IsNegated => MatchModules.Read(group.Argument, group, context),
            GroupKind.Jump or GroupKind.Goto => Target(kind, group),
            GroupKind.Protocol => Basic(BasicOptions.Protocol(group.Argument, group.IsNegated), group, ModuleOf(group.Argument)),
            GroupKind.Source => Basic(Addresses(group, context.Source), group),
            GroupKind.Destination => Basic(Addresses(group, context.Destination), group),
            GroupKind.Input => Basic(BasicOptions.Interface(group.Argument, Field.InputInterface, group.IsNegated), group),
            GroupKind.Output => Basic(BasicOptions.Interface(group.Argument, Field.OutputInterface, group.IsNegated), group),
            GroupKind.Fragment => Basic(group.IsNegated ? FixedCondition.Always : FixedCondition.Never, group),
            _ => [NotUnderstood(group)],
        };
    }

    private Condition? Addresses(RuleGroup group, Field field) => BasicOptions.Addresses(Encoding.UTF8.GetBytes(group.Argument), field, group.IsNegated, context);

    /// <summary>A basic option, and what stands behind it without a <c>-m</c> of its own.</summary>
    private IEnumerable<Step> Basic(Condition? condition, RuleGroup group, string? module = null)
    {
        if (condition is null || group.HasStrayWords)
        {
            return [NotUnderstood(group)];
        }

        return group.Options.IsEmpty ? [condition] : [condition, .. MatchModules.Read(module, group, context)];
    }

    /// <summary>The module that <c>-p</c> brings with it.</summary>
    internal static string? ModuleOf(string protocol) => !ProtocolNames.TryProtocol(protocol, out var number) ? null : number switch
    {
        1 => "icmp",
        6 => "tcp",
        17 => "udp",
        33 => "dccp",
        50 => "esp",
        51 => "ah",
        58 => "icmp6",
        132 => "sctp",
        135 => "mh",
        136 => "udplite",
        _ => null,
    };

    /// <summary>A target; options behind it that belong to a match are asked before it acts.</summary>
    private IEnumerable<Step> Target(GroupKind kind, RuleGroup group)
    {
        var asked = new List<Condition>();
        var own = group.Options.RemoveAll(option =>
        {
            var condition = MatchModules.Stray(option, context);
            asked.AddRange(condition is null ? [] : [condition]);
            return condition is not null;
        });
        return [.. asked, .. Act(kind, group with { Options = own })];
    }

    private IEnumerable<Step> Act(GroupKind kind, RuleGroup group)
    {
        if (kind == GroupKind.Jump && Targets.IsTarget(group.Argument))
        {
            return Targets.Read(group, context);
        }

        return group.HasStrayWords || group.IsNegated || !group.Options.IsEmpty
            ? [new UnknownStatement(group.Text, UnknownReason.NotUnderstood)]
            : [new Decide(kind == GroupKind.Jump ? Verdict.Jump(group.Argument) : Verdict.Goto(group.Argument))];
    }

    private static UnknownCondition NotUnderstood(RuleGroup group) => new(group.Text, UnknownReason.NotUnderstood);

    /// <summary>What always holds asks nothing; conditions that must all hold are steps of their own.</summary>
    private static ImmutableArray<Step> Flatten(IEnumerable<Step> steps) => [.. steps.SelectMany(Parts)];

    private static IEnumerable<Step> Parts(Step step) => step switch
    {
        FixedCondition { Holds: true } => [],
        AllOfCondition { IsNegated: false } all => all.Conditions.SelectMany(Parts),
        _ => [step],
    };
}
