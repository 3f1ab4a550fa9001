using System.Collections.Immutable;
using System.Text;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Reachability.Reading.Iptables;

/// <summary>
/// Brings a rule into its one spelling: options in the order of iptables-save, addresses with their masks, defaults written out. An option that
/// no module of the rule has, or a module that is not known, is not spelled: the tool may refuse it.
/// </summary>
internal sealed class RuleSpeller(IpFamily family)
{
    private readonly List<SpelledMatch> _matches = [];
    private readonly List<MatchOption> _targetOptions = [];
    private SpelledRule _rule = new();
    private string? _why;

    /// <summary>Spells a rule.</summary>
    /// <param name="rule">The rule after <c>-A CHAIN</c>.</param>
    /// <param name="family">Of the tool.</param>
    /// <param name="why">What is not understood; null when the rule was spelled.</param>
    internal static SpelledRule Spell(ReadOnlySpan<byte> rule, IpFamily family, out string? why)
    {
        var speller = new RuleSpeller(family);
        for (var groups = new GroupScanner(rule); groups.Next() && speller._why is null;)
        {
            speller.Take(groups.Kind, RuleGroup.Read(groups.Group, hasArgument: groups.Kind != GroupKind.Fragment));
        }

        why = speller._why;
        return speller._rule with
        {
            Matches = [.. speller._matches],
            TargetOptions = TargetSpelling.Of(speller._rule.Target, [.. speller._targetOptions], family),
            Target = speller._rule.Target is "NOTRACK" ? "CT" : speller._rule.Target,
        };
    }

    private void Take(GroupKind kind, RuleGroup group)
    {
        if (kind is GroupKind.Other || group.Argument.Length == 0 && kind is not GroupKind.Fragment || (group.HasStrayWords && kind is not GroupKind.Silent))
        {
            _why = $"\"{group.Text}\" is not understood";
            return;
        }

        var sign = group.IsNegated ? "! " : "";
        _rule = kind switch
        {
            GroupKind.Source => _rule with { Sources = Addresses(group, _rule.Sources) },
            GroupKind.Destination => _rule with { Destinations = Addresses(group, _rule.Destinations) },
            GroupKind.Input => _rule with { Input = Once(_rule.Input, sign + group.Argument, group) },
            GroupKind.Output => _rule with { Output = Once(_rule.Output, sign + group.Argument, group) },
            GroupKind.Protocol => _rule with { Protocol = Once(_rule.Protocol, Protocol(group), group) },
            GroupKind.Fragment => _rule with { Fragment = sign + "-f" },
            GroupKind.Jump or GroupKind.Goto => _rule with { Target = Once(_rule.Target, group.Argument, group), IsGoto = kind == GroupKind.Goto },
            _ => _rule,
        };
        if (kind == GroupKind.Match)
        {
            StartMatch(group);
        }

        // -t and -c: the first is refused in a script, the second is about counters.
        if (kind == GroupKind.Silent && !group.Text.StartsWith("-c ", StringComparison.Ordinal) && !group.Text.StartsWith("--set-counters", StringComparison.Ordinal))
        {
            _why = $"{group.Text} cannot stand in a script";
        }

        foreach (var option in group.Options)
        {
            Place(option, isBehindTarget: kind is GroupKind.Jump or GroupKind.Goto);
        }
    }

    private string? Once(string? before, string? now, RuleGroup group)
    {
        _why ??= before is null && now is not null ? null : $"\"{group.Text}\" is not understood, or stands twice";
        return now;
    }

    private void StartMatch(RuleGroup group)
    {
        if (group.IsNegated || MatchModules.Find(group.Argument) is not { } module)
        {
            _why = $"the match {group.Argument} is not understood";
            return;
        }

        _matches.Add(new(module, []));
    }

    /// <summary>Gives an option to the module that has it: the last one named, one before it, the one of the protocol, or the target.</summary>
    private void Place(MatchOption option, bool isBehindTarget)
    {
        if (isBehindTarget && !_matches.Exists(match => match.Module.Options.Contains(option.Name)) && ImplicitModule()?.Options.Contains(option.Name) != true)
        {
            _targetOptions.Add(option);
            return;
        }

        for (var i = _matches.Count - 1; i >= 0; i--)
        {
            var module = _matches[i].Module;
            if ((module.Options.IsEmpty && !isBehindTarget) || module.FullName(option.Name) is not null)
            {
                _matches[i].Options.Add(OptionSpelling.Of(option with { Name = module.FullName(option.Name) ?? option.Name }));
                return;
            }
        }

        if (ImplicitModule() is { } implied && implied.FullName(option.Name) is { } name)
        {
            _matches.Add(new(implied, [OptionSpelling.Of(option with { Name = name })]));
            return;
        }

        _why = $"{option} is an option of nothing in the rule";
    }

    private MatchModule? ImplicitModule() =>
        _rule.Protocol is { } protocol && RuleReader.ModuleOf(protocol) is { } name && !_matches.Exists(match => match.Module.Name == name) ? MatchModules.Find(name) : null;

    private ImmutableArray<string> Addresses(RuleGroup group, ImmutableArray<string> before)
    {
        var addresses = ImmutableArray.CreateBuilder<string>();
        foreach (var text in group.Argument.Split(','))
        {
            if (!before.IsEmpty || !AddressText.TryMasked(Encoding.UTF8.GetBytes(text), family, out var address, out var mask) || (mask == 0 && group.IsNegated) || (group.IsNegated && group.Argument.Contains(',', StringComparison.Ordinal)))
            {
                _why = $"\"{group.Text}\" is not understood, or stands twice";
                return [];
            }

            addresses.Add(mask == 0 ? "" : (group.IsNegated ? "! " : "") + Address(address & mask, mask));
        }

        return addresses.Count == 1 && addresses[0].Length == 0 ? [] : addresses.DrainToImmutable();
    }

    private string Address(UInt128 address, UInt128 mask)
    {
        var greatest = AddressText.Greatest(family);
        return AddressText.IsPrefix(mask, family)
            ? $"{Host(address)}/{(int)UInt128.PopCount(mask)}"
            : $"{Host(address)}/{Host(mask & greatest)}";
    }

    private string Host(UInt128 address) => $"{new IpRange(family, address, address).ToPrefixes().First()}".Split('/')[0];

    private static string? Protocol(RuleGroup group)
    {
        if (!ProtocolNames.TryProtocol(group.Argument, out var number) || (number == 0 && group.IsNegated))
        {
            return null;
        }

        var name = number switch { 1 => "icmp", 6 => "tcp", 17 => "udp", 33 => "dccp", 50 => "esp", 51 => "ah", 58 => "ipv6-icmp", 132 => "sctp", 136 => "udplite", _ => $"{number}" };
        return number == 0 ? "" : (group.IsNegated ? "! " : "") + name;
    }
}
