using System.Globalization;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Evaluating;

/// <summary>What a translation of the destination binds a connection to.</summary>
internal static class Translations
{
    private static readonly NumberSet AnyPort = NumberSet.Of(0, 65535);

    /// <summary>Each possible binding, and for whom. A key that is not in a map ends the rule.</summary>
    public static IEnumerable<(Matching Matching, Binding Binding)> Of(DestinationNat nat, PacketState state, PacketView view)
    {
        foreach (var (fits, address) in Values(nat.Address, state.Destination, NumberSet.Of(0, view.Context.Conversation.GreatestAddress), view))
        {
            foreach (var (alsoFits, port) in Values(nat.Port, state.Port, AnyPort, view))
            {
                yield return (Matching.Of(fits).And(alsoFits), new Binding(address, port, nat.ToLocal));
            }
        }
    }

    /// <summary>For a trace: <c>dnat to 172.17.0.2:443</c>, <c>redirect to :8443</c>.</summary>
    public static string Describe(Binding binding, Conversation talk) =>
        binding.IsLocal ? $"redirect to {Port(binding, talk)}" : $"dnat to {Reached(binding, talk)}";

    /// <summary>What is reached: <c>172.17.0.2:443</c>, or <c>:8443</c> when the address stays.</summary>
    public static string Reached(Binding binding, Conversation talk)
    {
        var address = binding.Destination.Ranges is [var one] && one.First == one.Last && IpPrefix.TryCreate(talk.Family, one.First, talk.Family == IpFamily.IPv4 ? 32 : 128, out var prefix)
            ? prefix.ToString()[..prefix.ToString().LastIndexOf('/')]
            : binding.Destination.Equals(talk.Destination) ? "" : "one of several addresses";
        return binding.IsLocal || binding.Destination.Equals(talk.Destination) ? Port(binding, talk)
            : (talk.Family == IpFamily.IPv6 ? $"[{address}]" : address) + Port(binding, talk);
    }

    private static string Port(Binding binding, Conversation talk) =>
        (binding.Port.Ranges is [var one] && one.First == one.Last ? $":{((ulong)one.First).ToString(CultureInfo.InvariantCulture)}" : ":*")
        + (talk.Protocol == TransportProtocol.Udp ? "/udp" : "");

    private static IEnumerable<(Answer Answer, NumberSet Value)> Values(NatValue? value, NumberSet kept, NumberSet all, PacketView view) => value switch
    {
        null => [(Answer.Yes, kept)],
        NatValue.OneOf one => [(Answer.Yes, NumberSet.Of(one.Range.First, one.Range.Last))],
        NatValue.FromMap map when LookupEvaluator.IsAnyAbsent(map.Key, view) => [],
        NatValue.FromMap map => map.Entries
            .Select(entry => (LookupEvaluator.Fits(map.Key, entry.Parts, view), NumberSet.Of(entry.Value.First, entry.Value.Last)))
            .Where(pair => pair.Item1.Kind != Answer.AnswerKind.No),
        _ => [(Answer.Yes, all)],
    };
}
