using System.Collections.Immutable;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Tests.Generated;

/// <summary>A random rule set, built directly of the model's objects: tables of both backends, base chains of own priorities, chains that jump on.</summary>
internal sealed class RandomRuleSet
{
    private readonly Random _random;
    private readonly HashSet<(Hook, int)> _places = [];
    private int _rules;
    private int _unknownLeft = 2;

    private RandomRuleSet(int seed) => _random = new(seed);

    /// <summary>Always the same rule set for the same seed.</summary>
    internal static RuleSet Of(int seed) => new RandomRuleSet(seed).Make();

    private RuleSet Make()
    {
        var tables = new List<Table>();
        for (var i = _random.Next(1, 4); i > 0; i--)
        {
            var family = _random.Next(4) switch { 0 => "ip6", 1 => "inet", _ => "ip" };
            tables.Add(family != "inet" && _random.Next(2) == 0 ? Legacy(family, i) : Native(family, i));
        }

        return new() { Tables = [.. tables.DistinctBy(table => (table.Backend, table.Family, table.Name))], Host = World.Host };
    }

    private Table Legacy(string family, int number)
    {
        (string Name, ChainType Type, int Priority, Hook[] Hooks)[] all =
        [
            ("filter", ChainType.Filter, 0, [Hook.Input, Hook.Forward, Hook.Output]),
            ("mangle", ChainType.Filter, -150, [Hook.Prerouting, Hook.Input, Hook.Forward, Hook.Output, Hook.Postrouting]),
            ("raw", ChainType.Filter, -300, [Hook.Prerouting, Hook.Output]),
            ("nat", ChainType.Nat, -100, [Hook.Prerouting]),
        ];
        var (name, type, priority, hooks) = all[_random.Next(3) == 0 ? _random.Next(all.Length) : 0];
        return Make(Backend.Legacy, family, name, [.. hooks.Select(hook => new BaseChain(type, hook, priority, DropsByDefault: type == ChainType.Filter && name == "filter" && _random.Next(3) == 0))], number);
    }

    private Table Native(string family, int number)
    {
        int[] priorities = [-300, -250, -150, -120, -50, -10, 0, 10, 50];
        var bases = new List<BaseChain>();
        for (var i = _random.Next(1, 4); i > 0; i--)
        {
            var isNat = _random.Next(5) == 0;
            var hook = isNat ? Hook.Prerouting : _random.Next(8) switch { < 4 => Hook.Input, 4 => Hook.Prerouting, 5 => Hook.Output, 6 => Hook.Forward, _ => Hook.Postrouting };
            bases.Add(new(isNat ? ChainType.Nat : ChainType.Filter, hook, isNat ? _random.Next(-110, -90) : priorities[_random.Next(priorities.Length)], _random.Next(5) == 0));
        }

        return Make(Backend.NfTables, family, $"t{number}", [.. bases.Where(one => one.Type != ChainType.Nat || !_places.Contains((one.Hook, -100)))], number);
    }

    private Table Make(Backend backend, string family, string name, ImmutableArray<BaseChain> bases, int number)
    {
        // No two base chains at one place: their order would not be known.
        var kept = bases.Where(one => _places.Add((one.Hook, one.Type == ChainType.Nat ? -100 : one.Priority))).ToList();
        var families = family switch { "ip" => Families.IPv4, "ip6" => Families.IPv6, _ => Families.Both };
        var isRaw = kept.Count > 0 && kept.TrueForAll(one => one.Priority < -200);
        var isNat = kept.Count > 0 && kept.TrueForAll(one => one.Type == ChainType.Nat);
        var side = Enumerable.Range(0, _random.Next(4)).Select(i => $"c{i}").ToList();
        var chains = new List<Chain>();
        for (var i = side.Count - 1; i >= 0; i--)
        {
            chains.Add(new(side[i], Rules(families, [.. side.Skip(i + 1)], isRaw, isNat, backend, _random.Next(1, 4))));
        }

        foreach (var one in kept)
        {
            chains.Add(new($"{one.Hook.ToString().ToUpperInvariant()}{(backend == Backend.Legacy ? "" : chains.Count)}", Rules(families, side, isRaw, isNat, backend, _random.Next(0, 7))) { Base = one });
        }

        return new(backend, family, $"{name}{(backend == Backend.Legacy ? "" : number)}", chains.ToImmutableDictionary(chain => chain.Name));
    }

    private ImmutableArray<Rule> Rules(Families families, List<string> targets, bool isRaw, bool isNat, Backend backend, int count) =>
        [.. Enumerable.Range(1, count).Select(number =>
        {
            var (steps, text) = (Steps(families, targets, isRaw, isNat, backend), RuleText.Of($"rule {++_rules}"));
            return new Rule(steps, text, number) { Handle = backend == Backend.NfTables ? _rules : null };
        })];

    private ImmutableArray<Step> Steps(Families families, List<string> targets, bool isRaw, bool isNat, Backend backend)
    {
        var steps = new RandomSteps(_random, families) { UnknownLeft = _unknownLeft };
        var rule = ImmutableArray.CreateBuilder<Step>();
        for (var i = _random.Next(4); i > 0; i--)
        {
            rule.Add(steps.Condition());
        }

        if (isRaw && _random.Next(3) == 0)
        {
            rule.Add(NoTrack.Instance);
        }

        if (_random.Next(8) == 0)
        {
            rule.Add(_random.Next(4) == 0
                ? new SetMark(MarkKind.Packet, MarkKind.Connection, (uint)_random.Next(1, 4), (uint)_random.Next(4))
                : new SetMark(MarkKind.Packet, MarkKind.Packet, (uint)_random.Next(4), (uint)_random.Next(4)));
        }
        else if (_random.Next(20) == 0)
        {
            rule.Add(new SetMark(MarkKind.Connection, MarkKind.Packet, 3, (uint)_random.Next(4)));
        }

        rule.Add(Last(steps, targets, isNat, backend, families));
        _unknownLeft = steps.UnknownLeft;
        return rule.ToImmutable();
    }

    private Statement Last(RandomSteps steps, List<string> targets, bool isNat, Backend backend, Families families)
    {
        if (isNat && _random.Next(2) == 0)
        {
            var port = _random.Next(3) == 0 ? null : new NatValue.OneOf(NumberRange.One(World.Ports[_random.Next(3)]));
            return families == Families.IPv4 && _random.Next(2) == 0
                ? new DestinationNat(new NatValue.OneOf(NumberRange.One(World.Container.First)), port)
                : new DestinationNat(null, port ?? new NatValue.OneOf(NumberRange.One(8443))) { ToLocal = true };
        }

        if (backend == Backend.NfTables && _random.Next(10) == 0)
        {
            return Map(steps, targets, isNat);
        }

        if (_unknownLeft > 0 && !isNat && _random.Next(40) == 0)
        {
            steps.UnknownLeft--;
            return new UnknownStatement("queue num 3", UnknownReason.Host);
        }

        return new Decide(RandomVerdict(targets, isNat && backend == Backend.Legacy));
    }

    private DecideByMap Map(RandomSteps steps, List<string> targets, bool isNat)
    {
        if (_random.Next(4) == 0)
        {
            return new([Field.CtState], [.. new[] { 1u, 2u, 8u, 64u }.Where(_ => _random.Next(2) == 0).Select(state => new MapEntry<Verdict>([NumberSet.Of(state)], RandomVerdict(targets, isNat)))]);
        }

        if (_random.Next(2) == 0)
        {
            return new([Field.TcpDestinationPort], [.. World.Ports.Where(_ => _random.Next(2) == 0).Select(port => new MapEntry<Verdict>([NumberSet.Of(port)], RandomVerdict(targets, isNat)))]);
        }

        var field = steps.Source();
        var start = field == Field.IPv4Source ? World.Sources4.First : World.Sources6.First;
        var cuts = Enumerable.Range(0, 4).Select(i => NumberSet.Of(start + (uint)(4 * i), start + (uint)(4 * i) + (uint)_random.Next(4)));
        return new([field], [.. cuts.Where(_ => _random.Next(3) > 0).Select(cut => new MapEntry<Verdict>([cut], RandomVerdict(targets, isNat)))]);
    }

    private Verdict RandomVerdict(List<string> targets, bool isNat) => _random.Next(12) switch
    {
        < 4 => Verdict.Accept,
        < 6 => isNat ? Verdict.Accept : Verdict.Drop,
        6 => isNat ? Verdict.Continue : Verdict.Reject,
        7 => Verdict.Return,
        8 => Verdict.Continue,
        11 when targets.Count > 0 => Verdict.Goto(targets[_random.Next(targets.Count)]),
        _ when targets.Count > 0 => Verdict.Jump(targets[_random.Next(targets.Count)]),
        _ => Verdict.Accept,
    };
}
