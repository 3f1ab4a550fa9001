using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading.Iptables;
using AllowlistSync.Reachability.Reading.Nft;

namespace AllowlistSync.Reachability.Reading;

/// <summary>What iptables-nft-save or ip6tables-nft-save printed.</summary>
/// <param name="Dump">The dump; null when it was not given.</param>
/// <param name="Context">What its reading depends on.</param>
internal sealed record NftSave(Dump? Dump, IptablesContext Context);

/// <summary>Puts together all that the dumps say of nf_tables.</summary>
internal static class NfTablesReader
{
    /// <summary>The tables of nf_tables, and what is missing of them.</summary>
    /// <exception cref="DumpException">A dump cannot be read at all.</exception>
    internal static RuleSet Read(Dump? json, Dump? text, params ReadOnlySpan<NftSave> saves)
    {
        var tables = ImmutableArray.CreateBuilder<Table>();
        var gaps = ImmutableArray.CreateBuilder<Gap>();
        var rest = ReadNft(json, text, gaps);
        foreach (var save in saves)
        {
            var saved = save.Dump is null ? null : SaveTextReader.Read(save.Dump);
            if (rest is null)
            {
                AddAlone(save, saved, tables, gaps);
                continue;
            }

            var family = save.Context.IsIPv4 ? "ip" : "ip6";
            var merge = new XtMerge(saved, save.Context);
            tables.AddRange(rest.Value.Where(table => table.Family == family).Select(merge.Merge));
            AddMissing(save, saved, rest, gaps);
        }

        // Only iptables, ip6tables, arptables and ebtables make xt extensions; those of the last two, and any in inet tables, have no save that is read.
        var unsaved = new XtMerge(null, saves[0].Context);
        tables.AddRange((rest ?? []).Where(table => table.Family is not ("ip" or "ip6")).Select(unsaved.Merge));
        return new() { Tables = tables.ToImmutable(), Gaps = gaps.ToImmutable() };
    }

    /// <summary>What nft says itself; null when neither of its dumps was given.</summary>
    private static ImmutableArray<Table>? ReadNft(Dump? json, Dump? text, ImmutableArray<Gap>.Builder gaps)
    {
        if (json is null)
        {
            var told = text is null ? null : NftTextReader.Read(text);
            gaps.AddRange(told?.GapsWithoutText ?? []);
            return told?.Tables;
        }

        try
        {
            var reading = NftJsonReader.Read(json);
            var amended = text is null ? reading : NftAmendment.Apply(reading, text);
            gaps.AddRange(amended.GapsWithoutText);
            return amended.Tables;
        }
        catch (DumpException) when (text is not null)
        {
            // nft 1.0.6 prints whatever lies in memory as the flags of a dormant table, which may be no JSON and no UTF-8; its text has every rule as well.
            return ReadNft(null, text, gaps);
        }
    }

    /// <summary>Without nft's own dump the save is all there is, such as a file under review.</summary>
    private static void AddAlone(NftSave save, SaveText? saved, ImmutableArray<Table>.Builder tables, ImmutableArray<Gap>.Builder gaps)
    {
        if (saved is null)
        {
            return;
        }

        tables.AddRange(IptablesReader.ReadTables(saved, Backend.NfTables, save.Context));
        if (saved.SaysIncompatible)
        {
            gaps.Add(new(Of(save), $"{save.Dump!.Name} says that it leaves out chains of nft; the output of 'nft -j list ruleset' has them"));
        }
    }

    /// <summary>A table of the save that nft does not have was made or removed between the two dumps.</summary>
    private static void AddMissing(NftSave save, SaveText? saved, ImmutableArray<Table>? tables, ImmutableArray<Gap>.Builder gaps)
    {
        var family = save.Context.IsIPv4 ? "ip" : "ip6";
        foreach (var table in saved?.Tables ?? [])
        {
            var isEmpty = table.Chains.TrueForAll(chain => chain.Lines.Count == 0 && chain.Policy is not "DROP");
            if (!isEmpty && !tables!.Value.Any(one => one.Family == family && one.Name == table.Name))
            {
                gaps.Add(new(Of(save), $"{save.Dump!.Name} has table {table.Name}, and nft has no table {family} {table.Name}: the dumps are not of the same moment"));
            }
        }
    }

    private static Families Of(NftSave save) => save.Context.Family == IpFamily.IPv4 ? Families.IPv4 : Families.IPv6;
}
