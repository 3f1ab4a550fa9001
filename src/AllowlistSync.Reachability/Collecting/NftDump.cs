using System.Collections.Immutable;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading;

namespace AllowlistSync.Reachability.Collecting;

/// <summary>The rules of nf_tables by <c>nft</c>, as JSON and as text: each lacks what the other has.</summary>
internal static class NftDump
{
    public static async Task<Part> CollectAsync(DumpTool tool, CancellationToken cancellationToken)
    {
        var asked = tool.RunAsync("nft", ["-j", "list", "ruleset"], WholeOutput.Json, cancellationToken);
        var text = await tool.RunAsync("nft", ["-a", "list", "ruleset"], WholeOutput.Blocks, cancellationToken);
        var json = await asked;
        return (json.End, text.End) switch
        {
            (ToolEnd.NotInstalled, _) => await WithoutNftAsync(tool, json, cancellationToken),
            (ToolEnd.Done, ToolEnd.Done) => new Part { Dumps = [Part.DumpOf(json, DumpKind.NftJson), Part.DumpOf(text, DumpKind.NftText)], Answers = [json, text] },
            (ToolEnd.Done, _) => new Part { Dumps = [Part.DumpOf(json, DumpKind.NftJson)], Notes = [text.Problem], Answers = [json, text] },
            (_, ToolEnd.Done) => new Part { Dumps = [Part.DumpOf(text, DumpKind.NftText)], Notes = DumpTool.LacksJson(json) ? [] : [json.Problem], Answers = [json with { End = ToolEnd.Failed }, text] },
            _ => new Part { Gaps = [new Gap(Families.Both, $"the rules of nf_tables were not read: {json.Problem}")], Answers = [json, text] },
        };
    }

    // Without nft there may be tables of nf_tables all the same, unless the kernel does not have it at all.
    private static async Task<Part> WithoutNftAsync(DumpTool tool, ToolAnswer missing, CancellationToken cancellationToken)
    {
        var symbols = await tool.RunAsync("grep", ["-m1", "-o", "nf_tables_newtable", "/proc/kallsyms"], null, cancellationToken);
        ImmutableArray<Gap> gaps = DumpTool.FoundNothing(symbols) ? [] : [new Gap(Families.Both, $"{missing.Problem}, and the kernel has nf_tables: rules in it cannot be seen (Debian: `apt install nftables`)")];
        return new Part { Gaps = gaps, Answers = [missing] };
    }
}
