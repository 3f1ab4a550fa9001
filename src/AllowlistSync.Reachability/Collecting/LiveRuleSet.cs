using System.Collections.Immutable;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading;

namespace AllowlistSync.Reachability.Collecting;

/// <summary>Asks the tools of a host for all rules that it has. Changes nothing: the legacy tools print the tables that exist and make none as long as no table is named.</summary>
public static class LiveRuleSet
{
    /// <summary>How long a tool may take unless told otherwise.</summary>
    public static TimeSpan DefaultLimit { get; } = TimeSpan.FromSeconds(20);

    /// <summary>Runs the tools side by side.</summary>
    /// <param name="host">The host.</param>
    /// <param name="limit">How long each tool may take.</param>
    /// <param name="cancellationToken">Stops them all.</param>
    /// <exception cref="CollectionException">This user may not look.</exception>
    public static async Task<Collection> CollectAsync(IHost host, TimeSpan limit, CancellationToken cancellationToken)
    {
        var tool = new DumpTool(host, limit);
        var nft = NftDump.CollectAsync(tool, cancellationToken);
        var iptables = IptablesDumps.CollectAsync(tool, cancellationToken);
        var facts = FactDumps.CollectAsync(tool, cancellationToken);
        var parts = await Task.WhenAll(nft, iptables, facts);
        if (parts.SelectMany(part => part.Answers).FirstOrDefault(answer => answer.End == ToolEnd.NotPermitted) is { } refused)
        {
            throw new CollectionException(refused.Problem, "run as root (or with CAP_NET_ADMIN), or save the rules as root and give the files with --ruleset");
        }

        return new Collection([.. parts.SelectMany(part => part.Dumps)], [.. parts.SelectMany(part => part.Gaps)])
        {
            Notes = [.. parts.SelectMany(part => part.Notes)],
            Times = [.. parts.SelectMany(part => part.Answers).Where(answer => answer.End != ToolEnd.NotInstalled).Select(answer => new ToolTime(answer.Command, answer.Elapsed, answer.Output.Length))],
        };
    }
}

/// <summary>What one kind of tool had to tell.</summary>
internal sealed record Part
{
    /// <summary>What was printed.</summary>
    public ImmutableArray<Dump> Dumps { get; init; } = [];

    /// <summary>What may exist and was not read.</summary>
    public ImmutableArray<Gap> Gaps { get; init; } = [];

    /// <summary>What is missing without leaving a gap.</summary>
    public ImmutableArray<string> Notes { get; init; } = [];

    /// <summary>All that was asked.</summary>
    public ImmutableArray<ToolAnswer> Answers { get; init; } = [];

    /// <summary>A dump of an answer.</summary>
    public static Dump DumpOf(ToolAnswer answer, DumpKind kind) => new(answer.Command, answer.Output) { Kind = kind };
}
