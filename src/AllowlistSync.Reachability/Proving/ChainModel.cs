using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;
using AllowlistSync.Reachability.Evaluating;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Paths;
using AllowlistSync.Reachability.Reading;

namespace AllowlistSync.Reachability.Proving;

/// <summary>Tells providers where in a chain an accept must stand. Pure.</summary>
public sealed class ChainModel : IChainModel
{
    private const long Budget = 100_000_000;

    /// <inheritdoc/>
    public RulePlace? FirstThatMayBlock(ChainQuestion question)
    {
        var ruleSet = RuleSetReader.Read([.. question.Listings.Select(DumpOf)]);
        if (ruleSet.Tables.FirstOrDefault(table => NameOf(table) == question.Table) is not { } table || !table.Chains.TryGetValue(question.Chain, out var chain))
        {
            return null;
        }

        var facts = RuleSetFacts.Of(ruleSet);
        var asked = new Question { Sources = PrefixSet.Empty, Ports = question.Ports };
        return PortClasses.Of(question.Ports, facts.Ports)
            .SelectMany(ports => new[] { IpFamily.IPv4, IpFamily.IPv6 }.Select(family => Conversations.Of(ruleSet, facts, asked, family, ports)))
            .Where(talk => (table.Sees & talk.AsFamilies) != Families.None)
            .Select(talk => FirstThatMayBlock(table, chain, talk))
            .OfType<Rule>()
            .MinBy(rule => rule.Number) is { } first ? new RulePlace(first.Number, first.Handle) : null;
    }

    private static string NameOf(Table table) => table.Backend == Backend.NfTables ? $"{table.Family} {table.Name}" : $"{(table.Family == "ip6" ? "ip6tables" : "iptables")}-legacy {table.Name}";

    private static Dump DumpOf(RuleListing listing) => listing.Kind switch
    {
        ListingKind.NftTerseJson => new("nft -j -t list ruleset", listing.Content) { Kind = DumpKind.NftJson, LacksElements = true },
        ListingKind.IptablesLegacy => new("iptables-legacy-save", listing.Content) { Kind = DumpKind.IptablesLegacy },
        ListingKind.IptablesNft => new("iptables-nft-save", listing.Content) { Kind = DumpKind.IptablesNft },
        ListingKind.Ip6tablesLegacy => new("ip6tables-legacy-save", listing.Content) { Kind = DumpKind.Ip6tablesLegacy },
        ListingKind.Ip6tablesNft => new("ip6tables-nft-save", listing.Content) { Kind = DumpKind.Ip6tablesNft },
        ListingKind.Ipset => new("ipset save", listing.Content) { Kind = DumpKind.Ipset },
        _ => throw new ArgumentOutOfRangeException(nameof(listing), listing.Kind, "There is no reader for this kind of listing."),
    };

    private static Rule? FirstThatMayBlock(Table table, Chain chain, Conversation talk)
    {
        // A chain that is only jumped to is looked at as if all packets came there first.
        var start = chain.Base is null ? chain with { Base = new BaseChain(ChainType.Filter, Hook.Input, 0, DropsByDefault: false) } : chain;
        var packets = new Flows();
        packets.Add(
            new PacketState { Tracking = Tracking.Tracked, IsConnectionTracked = true, Destination = talk.Destination, Port = talk.Port },
            Space.Of(NumberSet.Of(0, talk.GreatestAddress), Track.Start()));
        var outcomes = new Outcomes(Budget, CancellationToken.None);
        return new ChainWalk(table, start, new PacketContext(talk, PacketKind.First, start.Base!.Hook), outcomes, watcher: null).FirstThatMayBlock(packets);
    }
}
