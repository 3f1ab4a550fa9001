using System.Collections.Immutable;
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
        var sets = new IpsetCatalog(byKind[DumpKind.Ipset].SelectMany(IpsetReader.Read).ToDictionary());
        var tables = ImmutableArray.CreateBuilder<Table>();
        tables.AddRange(Legacy(byKind[DumpKind.IptablesLegacy], new(IpFamily.IPv4, sets)));
        tables.AddRange(Legacy(byKind[DumpKind.Ip6tablesLegacy], new(IpFamily.IPv6, sets)));
        return new RuleSet
        {
            Tables = tables.DrainToImmutable(),
            Host = HostFactsReader.Read([.. byKind[DumpKind.IpAddresses]], [.. byKind[DumpKind.IpRoutes]]),
        };
    }

    private static IEnumerable<Table> Legacy(IEnumerable<Dump> dumps, IptablesContext context) =>
        dumps.SelectMany(dump => IptablesReader.Read(dump, Backend.Legacy, context));

    private static void RefuseTwice(ILookup<DumpKind, Dump> byKind)
    {
        foreach (var kind in byKind)
        {
            if (kind.Key is not (DumpKind.IpRoutes or DumpKind.Ipset) && kind.Skip(1).FirstOrDefault() is { } second)
            {
                throw new DumpException($"{kind.First().Name} and {second.Name} are both of the kind {kind.Key}.", "Give one dump of each kind, all of one host.");
            }
        }
    }
}
