using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;
using AllowlistSync.Reachability.Evaluating;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Paths;
using AllowlistSync.Reachability.Reading;
using AllowlistSync.Reachability.Reading.Nft;

namespace AllowlistSync.Reachability.Proving;

/// <summary>Tells providers where in a chain an accept must stand. Pure.</summary>
public sealed class ChainModel : IChainModel
{
    private const long Budget = 100_000_000;

    /// <inheritdoc/>
    public RulePlace? FirstThatMayBlock(ChainQuestion question)
    {
        var listing = question.Listings.Single(listing => listing.Kind == ListingKind.NftTerseJson);
        var reading = NftJsonReader.ReadWithoutElements(new Dump("nft -j -t list ruleset", listing.Content));
        var ruleSet = new RuleSet { Tables = reading.Tables };
        if (reading.Tables.FirstOrDefault(table => $"{table.Family} {table.Name}" == question.Table) is not { } table || !table.Chains.TryGetValue(question.Chain, out var chain))
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
