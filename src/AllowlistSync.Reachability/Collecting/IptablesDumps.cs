using System.Collections.Immutable;
using System.Text;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading;

namespace AllowlistSync.Reachability.Collecting;

/// <summary>The rules of both engines as iptables-save prints them, of both families.</summary>
internal static class IptablesDumps
{
    /// <summary>One tool: what it is called, and what its dump is.</summary>
    private sealed record Line(string Prefix, bool IsNfTables, DumpKind Kind, Families Family)
    {
        public string Program => $"{Prefix}-{(IsNfTables ? "nft" : "legacy")}-save";

        public string PlainProgram => $"{Prefix}-save";

        public string TableNames => Family == Families.IPv4 ? "/proc/net/ip_tables_names" : "/proc/net/ip6_tables_names";
    }

    private static readonly ImmutableArray<Line> Lines =
    [
        new("iptables", false, DumpKind.IptablesLegacy, Families.IPv4),
        new("ip6tables", false, DumpKind.Ip6tablesLegacy, Families.IPv6),
        new("iptables", true, DumpKind.IptablesNft, Families.IPv4),
        new("ip6tables", true, DumpKind.Ip6tablesNft, Families.IPv6),
    ];

    public static async Task<Part> CollectAsync(DumpTool tool, CancellationToken cancellationToken)
    {
        var parts = await Task.WhenAll(Lines.Select(line => CollectAsync(tool, line, cancellationToken)));
        return new Part
        {
            Dumps = [.. parts.SelectMany(part => part.Dumps)],
            Gaps = [.. parts.SelectMany(part => part.Gaps)],
            Notes = [.. parts.SelectMany(part => part.Notes)],
            Answers = [.. parts.SelectMany(part => part.Answers)],
        };
    }

    private static async Task<Part> CollectAsync(DumpTool tool, Line line, CancellationToken cancellationToken)
    {
        var answer = await SaveAsync(tool, line, cancellationToken);
        return answer.End switch
        {
            ToolEnd.Done => new Part { Dumps = [Part.DumpOf(answer, line.Kind)], Answers = [answer] },
            ToolEnd.NotInstalled when line.IsNfTables => new Part { Answers = [answer] },
            ToolEnd.NotInstalled => await WithoutLegacyAsync(tool, line, answer, cancellationToken),

            // nft shows these rules too; what only this tool can explain is unknown then.
            _ when line.IsNfTables => new Part { Notes = [answer.Problem], Answers = [answer] },
            _ => new Part { Gaps = [new Gap(line.Family, $"the rules of {line.Prefix}-legacy were not read: {answer.Problem}")], Answers = [answer] },
        };
    }

    // Where the tools of both engines do not lie side by side, the one that is there has the plain name.
    private static async Task<ToolAnswer> SaveAsync(DumpTool tool, Line line, CancellationToken cancellationToken)
    {
        var answer = await tool.RunAsync(line.Program, [], WholeOutput.Tables, cancellationToken);
        if (answer.End != ToolEnd.NotInstalled)
        {
            return answer;
        }

        var version = await tool.RunAsync(line.PlainProgram, ["--version"], null, cancellationToken);
        version = version.End == ToolEnd.Failed ? await tool.RunAsync(line.Prefix, ["--version"], null, cancellationToken) : version;
        return version.End == ToolEnd.Done && DumpTool.IsNfTables(version) == line.IsNfTables
            ? await tool.RunAsync(line.PlainProgram, [], WholeOutput.Tables, cancellationToken)
            : answer;
    }

    // The kernel names the legacy tables that exist; without any there is nothing to miss.
    private static async Task<Part> WithoutLegacyAsync(DumpTool tool, Line line, ToolAnswer missing, CancellationToken cancellationToken)
    {
        var names = await tool.ReadAsync(line.TableNames, cancellationToken);
        if (names.End == ToolEnd.NotPermitted)
        {
            return new Part { Answers = [missing, names] };
        }

        var tables = Encoding.UTF8.GetString(names.Output.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var problem = names.End != ToolEnd.Done ? names.Problem
            : tables.Length > 0 ? $"{missing.Problem}, and the kernel has its tables {string.Join(", ", tables)}: their rules cannot be seen (install iptables with its legacy tools)"
            : null;
        return new Part { Gaps = problem is null ? [] : [new Gap(line.Family, problem)], Answers = [missing] };
    }
}
