using AllowlistSync.Core.Addresses;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading.Host;
using AllowlistSync.Reachability.Reading.Ipset;
using AllowlistSync.Reachability.Reading.Iptables;

namespace AllowlistSync.Reachability.Reading;

/// <summary>Makes one rule set of the dumps of one host. Pure.</summary>
public static class RuleSetReader
{
    /// <summary>Reads the dumps, which may be of any kinds and come in any order, and merges what two of them say of the same table.</summary>
    /// <exception cref="DumpException">A dump cannot be read at all, or its kind cannot be told.</exception>
    public static RuleSet Read(IReadOnlyList<Dump> dumps)
    {
        ArgumentNullException.ThrowIfNull(dumps);
        var byKind = dumps.ToLookup(DumpKinds.Of);
        RefuseTwice(byKind);
        var listing = byKind[DumpKind.Ipset].Select(IpsetReader.Read).FirstOrDefault();
        var sets = listing is null ? IpsetCatalog.Empty : new IpsetCatalog(listing.Sets.GetValueOrDefault);
        var (four, six) = (new IptablesContext(IpFamily.IPv4, sets), new IptablesContext(IpFamily.IPv6, sets));
        var nft = NfTablesReader.Read(
            byKind[DumpKind.NftJson].FirstOrDefault(),
            byKind[DumpKind.NftText].FirstOrDefault(),
            new(byKind[DumpKind.IptablesNft].FirstOrDefault(), four),
            new(byKind[DumpKind.Ip6tablesNft].FirstOrDefault(), six));
        return nft with
        {
            Tables = [.. Legacy(byKind[DumpKind.IptablesLegacy], four), .. Legacy(byKind[DumpKind.Ip6tablesLegacy], six), .. nft.Tables],
            IpSets = listing?.Texts,
            Host = HostFactsReader.Read([.. byKind[DumpKind.IpAddresses]], [.. byKind[DumpKind.IpRoutes]]),
        };
    }

    private static IEnumerable<Table> Legacy(IEnumerable<Dump> dumps, IptablesContext context) =>
        dumps.SelectMany(dump => IptablesReader.Read(dump, Backend.Legacy, context));

    private static void RefuseTwice(ILookup<DumpKind, Dump> byKind)
    {
        foreach (var kind in byKind)
        {
            if (kind.Key != DumpKind.IpRoutes && kind.Skip(1).FirstOrDefault() is { } second)
            {
                throw new DumpException($"{kind.First().Name} and {second.Name} are both of the kind {kind.Key}.", "Give one dump of each kind, all of one host.");
            }
        }
    }
}
