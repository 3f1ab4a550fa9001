using System.Text;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Iptables;

/// <summary>The options that every rule may have: -s -d -i -o -p -f (iptables(8), "PARAMETERS").</summary>
internal static class BasicOptions
{
    /// <summary>Reads an address, a prefix, an address with any mask, or several with commas; null when it is none of them, such as a host name.</summary>
    internal static Condition? Addresses(ReadOnlySpan<byte> text, Field field, bool isNegated, IptablesContext context)
    {
        if (text.IndexOf((byte)',') >= 0)
        {
            return isNegated ? null : AddressList(text, field, context);
        }

        if (!AddressText.TryMasked(text, context.Family, out var address, out var mask))
        {
            return null;
        }

        if (mask == 0 && !isNegated)
        {
            return FixedCondition.Always;
        }

        return AddressText.IsPrefix(mask, context.Family)
            ? new FieldCondition(field, NumberSet.Of(address, address | (~mask & AddressText.Greatest(context.Family))), isNegated)
            : new FieldCondition(field, NumberSet.Of(address), isNegated) { Mask = mask };
    }

    /// <summary>Reads the interface of -i or -o.</summary>
    /// <remarks>The kernel takes the interface that a packet does not have for one without a name, so that <c>! -i eth0</c> holds for what a local process sends (ip_tables.c).</remarks>
    internal static Condition? Interface(string name, Field field, bool isNegated)
    {
        if (name.Length == 0 || name.EndsWith('*'))
        {
            return null;
        }

        if (name == "+")
        {
            return isNegated ? FixedCondition.Never : FixedCondition.Always;
        }

        var condition = new FieldCondition(field, new NameSet([name.EndsWith('+') ? name[..^1] + "*" : name]));
        return isNegated ? new AnyOfCondition([condition], IsNegated: true) : condition;
    }

    /// <summary>Reads the protocol of -p.</summary>
    internal static Condition? Protocol(string name, bool isNegated) => !ProtocolNames.TryProtocol(name, out var protocol)
        ? null
        : protocol == 0 ? isNegated ? FixedCondition.Never : FixedCondition.Always
        : new FieldCondition(Field.Protocol, NumberSet.Of(protocol), isNegated);

    private static Condition? AddressList(ReadOnlySpan<byte> text, Field field, IptablesContext context)
    {
        var conditions = new List<Condition>();
        foreach (var one in Encoding.UTF8.GetString(text).Split(','))
        {
            if (Addresses(Encoding.UTF8.GetBytes(one), field, isNegated: false, context) is not { } condition)
            {
                return null;
            }

            conditions.Add(condition);
        }

        return conditions.TrueForAll(condition => condition is FieldCondition { Mask: null })
            ? new FieldCondition(field, NumberSet.OfRanges(conditions.SelectMany(condition => ((NumberSet)((FieldCondition)condition).Values).Ranges)))
            : new AnyOfCondition([.. conditions]);
    }
}
