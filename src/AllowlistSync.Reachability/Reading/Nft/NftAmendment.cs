using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>Adds to a reading of nft's JSON what nft 1.0.6 says in its text only: dormant tables, and the devices of ingress and egress chains.</summary>
public static class NftAmendment
{
    /// <summary>Amends a reading. The rules stay those of the JSON.</summary>
    /// <param name="fromJson">The reading of <c>nft -j list ruleset</c>.</param>
    /// <param name="text">The output of <c>nft list ruleset</c> of the same host.</param>
    /// <exception cref="DumpException">The text cannot be read.</exception>
    public static NftReading Apply(NftReading fromJson, Dump text)
    {
        ArgumentNullException.ThrowIfNull(fromJson);
        var told = NftTextReader.Read(text).Tables.ToDictionary(table => new NftTableName(table.Family, table.Name));
        return fromJson with
        {
            Tables = [.. fromJson.Tables.Select(table => told.TryGetValue(new(table.Family, table.Name), out var other) ? Amend(table, other) : table)],
            UnclearFlags = fromJson.UnclearFlags.RemoveAll(told.ContainsKey),
        };
    }

    private static Table Amend(Table table, Table told)
    {
        var chains = table.Chains;
        foreach (var chain in table.Chains.Values)
        {
            if (chain.Base is { Devices.IsDefault: true } place && told.Chains.TryGetValue(chain.Name, out var other) && other.Base is { } known)
            {
                chains = chains.SetItem(chain.Name, chain with { Base = place with { Devices = known.Devices } });
            }
        }

        return table with { Chains = chains, IsDormant = table.IsDormant || told.IsDormant };
    }
}
