using System.Collections.Immutable;
using AllowlistSync.Reachability.Reading;

namespace AllowlistSync.Reachability.Collecting;

/// <summary>What rules refer to: ipsets, addresses, routes. Where one is missing, the rules that need it are unknown, and all others are not.</summary>
internal static class FactDumps
{
    private static readonly ImmutableArray<(string Program, ImmutableArray<string> Arguments, DumpKind Kind)> Lines =
    [
        ("ipset", ["save"], DumpKind.Ipset),
        ("ip", ["-j", "address"], DumpKind.IpAddresses),
        ("ip", ["-j", "route"], DumpKind.IpRoutes),
        ("ip", ["-j", "-6", "route"], DumpKind.IpRoutes),
    ];

    public static async Task<Part> CollectAsync(DumpTool tool, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(Lines.Select(line =>
            tool.RunAsync(line.Program, line.Arguments, line.Kind == DumpKind.Ipset ? WholeOutput.Lines : WholeOutput.Json, cancellationToken)));
        return new Part
        {
            Dumps = [.. answers.Zip(Lines).Where(pair => pair.First.End == ToolEnd.Done).Select(pair => Part.DumpOf(pair.First, pair.Second.Kind))],
            Notes = [.. answers.Where(answer => answer.End == ToolEnd.Failed).Select(answer => answer.Problem)],
            Answers = [.. answers],
        };
    }
}
