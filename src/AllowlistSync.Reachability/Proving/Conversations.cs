using AllowlistSync.Core.Addresses;
using AllowlistSync.Reachability.Evaluating;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Paths;

namespace AllowlistSync.Reachability.Proving;

/// <summary>Fills in what a question leaves open with what is known of the host.</summary>
internal static class Conversations
{
    public static Conversation Of(RuleSet ruleSet, RuleSetFacts facts, Question question, IpFamily family, PortClass ports)
    {
        var host = ruleSet.Host;
        var way = question.Interface ?? host.DefaultInterface(family);
        var asked = Addresses(question.Local, family);
        var own = host.Interfaces.IsDefault ? null : Addresses(host.Interfaces.SelectMany(device => device.Addresses), family);
        var there = host.Interfaces.IsDefault ? null : Addresses(host.Interfaces.Where(device => device.Name == way).SelectMany(device => device.Addresses), family);
        var all = NumberSet.Of(0, family == IpFamily.IPv4 ? uint.MaxValue : UInt128.MaxValue);
        return new Conversation
        {
            Family = family,
            Protocol = ports.Protocol,
            Port = ports.Ports,
            Destination = new[] { asked, there, own, all }.First(set => set is { IsEmpty: false })!,
            Own = own?.Union(asked) ?? (asked.IsEmpty ? null : asked),
            Interface = way,
            Gateway = question.GatewayAddress,
            Host = host,
            IsTracking = (facts.Tracked & (family == IpFamily.IPv4 ? Families.IPv4 : Families.IPv6)) != Families.None,
            FilledLists = facts.FilledLists,
        };
    }

    private static NumberSet Addresses(IEnumerable<IpPrefix> prefixes, IpFamily family) =>
        NumberSet.OfRanges(prefixes.Where(prefix => prefix.Family == family).Select(prefix => new NumberRange(prefix.First, prefix.Last)));
}
