using System.Collections.Immutable;
using System.Text;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Iptables;

/// <summary>conntrack and its old form state (iptables-extensions(8)).</summary>
internal static class ConntrackModules
{
    /// <summary>The modules.</summary>
    internal static IEnumerable<MatchModule> All { get; } =
    [
        new("conntrack", [.. StateNames, "ctstatus", "ctdir", "ctproto", "ctorigsrc", "ctorigdst", "ctorigsrcport", "ctorigdstport", "ctreplsrc", "ctrepldst", "ctreplsrcport", "ctrepldstport", "ctexpire"], Read),
        new("state", ["state"], Read) { KernelName = "conntrack" },
    ];

    private static ImmutableArray<string> StateNames => ["ctstate"];

    /// <summary>
    /// All options must hold, with one turn of the kernel (xt_conntrack.c): of a packet without a connection, which is invalid or untracked,
    /// it asks the state only and leaves the rest out.
    /// </summary>
    private static Condition Read(ImmutableArray<MatchOption> options, IptablesContext context)
    {
        var states = ImmutableArray.CreateBuilder<Condition>();
        var others = ImmutableArray.CreateBuilder<Condition>();
        foreach (var option in options)
        {
            var isState = option.Name is "ctstate" or "state";
            (isState ? states : others).Add((isState ? State(option) : Other(option, context)) ?? Unknown(option, UnknownReason.NotUnderstood));
        }

        if (states.Count == 0 || others.Count == 0)
        {
            return MatchModule.All([.. states, .. others]);
        }

        var withoutConnection = new BitsCondition(Field.CtState, (UInt128)(int)(CtStateBits.Invalid | CtStateBits.Untracked));
        return MatchModule.All([.. states, new AnyOfCondition([MatchModule.All(others.ToImmutable()), withoutConnection])]);
    }

    private static BitsCondition? State(MatchOption option) => Bits(option, Field.CtState, name => name switch
    {
        "INVALID" => (uint)CtStateBits.Invalid,
        "ESTABLISHED" => (uint)CtStateBits.Established,
        "RELATED" => (uint)CtStateBits.Related,
        "NEW" => (uint)CtStateBits.New,
        "UNTRACKED" => (uint)CtStateBits.Untracked,
        "SNAT" => (uint)CtStateBits.SourceNat,
        "DNAT" => (uint)CtStateBits.DestinationNat,
        _ => null,
    });

    private static BitsCondition? Status(MatchOption option) => Bits(option, Field.CtStatus, name => name switch
    {
        "NONE" => 0,
        "EXPECTED" => 1,
        "SEEN_REPLY" => 2,
        "ASSURED" => 4,
        "CONFIRMED" => 8,
        _ => null,
    });

    private static BitsCondition? Bits(MatchOption option, Field field, Func<string, uint?> bitOf)
    {
        uint bits = 0;
        foreach (var name in option.Value?.Split(',') ?? [""])
        {
            if (bitOf(name.ToUpperInvariant()) is not { } bit)
            {
                return null;
            }

            bits |= bit;
        }

        return new(field, bits, option.IsNegated);
    }

    private static Condition? Other(MatchOption option, IptablesContext context) => option.Name switch
    {
        "ctstatus" => Status(option),
        "ctdir" => Direction(option),
        "ctproto" => option.Value is { } name && ProtocolNames.TryProtocol(name, out var protocol)
            ? new FieldCondition(Field.CtProtocol, NumberSet.Of(protocol), option.IsNegated)
            : null,
        "ctorigsrc" => Address(option, context, context.IsIPv4 ? Field.CtOriginalIPv4Source : Field.CtOriginalIPv6Source),
        "ctorigdst" => Address(option, context, context.IsIPv4 ? Field.CtOriginalIPv4Destination : Field.CtOriginalIPv6Destination),
        "ctorigsrcport" => PortModules.Ports(option, Field.CtOriginalSourcePort),
        "ctorigdstport" => PortModules.Ports(option, Field.CtOriginalDestinationPort),
        "ctexpire" => Unknown(option, UnknownReason.History),
        _ => Unknown(option, UnknownReason.NotUnderstood),
    };

    private static FieldCondition? Direction(MatchOption option) => option.Value?.ToUpperInvariant() switch
    {
        "ORIGINAL" => new(Field.CtDirection, NumberSet.Of(0), option.IsNegated),
        "REPLY" => new(Field.CtDirection, NumberSet.Of(1), option.IsNegated),
        _ => null,
    };

    private static FieldCondition? Address(MatchOption option, IptablesContext context, Field field) =>
        option.Value is { } text && BasicOptions.Addresses(Encoding.UTF8.GetBytes(text), field, option.IsNegated, context) is FieldCondition condition ? condition : null;

    private static UnknownCondition Unknown(MatchOption option, UnknownReason reason) => new(option.ToString(), reason, UsesConntrack: true);
}
