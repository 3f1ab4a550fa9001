using System.Collections.Immutable;
using System.Text;
using AllowlistSync.Core.Hosts;

namespace AllowlistSync.Reachability.Collecting;

/// <summary>How a look with a tool ended.</summary>
internal enum ToolEnd
{
    /// <summary>It printed all that it had to.</summary>
    Done,

    /// <summary>It is not installed.</summary>
    NotInstalled,

    /// <summary>It failed, took too long, or printed half.</summary>
    Failed,

    /// <summary>It may not look.</summary>
    NotPermitted,
}

/// <summary>What a tool printed, or why it did not.</summary>
/// <param name="Command">As a person would write it.</param>
/// <param name="End">How it ended.</param>
/// <param name="Output">What it printed; empty unless it ended well.</param>
/// <param name="Problem">Why there is nothing, with the tool's exit code and words; empty when it ended well.</param>
internal sealed record ToolAnswer(string Command, ToolEnd End, ReadOnlyMemory<byte> Output, string Problem)
{
    /// <summary>How long it took.</summary>
    public TimeSpan Elapsed { get; init; }
}

/// <summary>
/// The programs that print rules: nft 1.0, iptables 1.4 to 1.8, ipset 7, ip and tc of iproute2, under LC_ALL=C. The only place that looks at what they say in English.
/// </summary>
internal sealed class DumpTool(IHost host, TimeSpan limit)
{
    private const int LongestWords = 300;

    private static readonly string[] Refusals = ["Operation not permitted", "Permission denied", "must be root"];

    /// <summary>Runs a program that only looks.</summary>
    /// <param name="program">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="isWhole">Tells whether the output is complete, for tools whose exit code says nothing of it; null when there is no telling.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async Task<ToolAnswer> RunAsync(string program, ImmutableArray<string> arguments, Func<ReadOnlyMemory<byte>, bool>? isWhole, CancellationToken cancellationToken)
    {
        var command = new HostCommand(program, arguments) { Timeout = limit };
        var began = TimeProvider.System.GetTimestamp();
        var answer = await AnswerAsync(command, isWhole, cancellationToken);
        return answer with { Elapsed = TimeProvider.System.GetElapsedTime(began) };
    }

    /// <summary>What a program printed, whatever its exit code says; nothing when it could not be run to its end.</summary>
    public async Task<ReadOnlyMemory<byte>> RunAnywayAsync(string program, ImmutableArray<string> arguments, CancellationToken cancellationToken)
    {
        try
        {
            return (await host.RunAsync(new HostCommand(program, arguments) { Timeout = limit }, cancellationToken)).Output;
        }
        catch (HostException)
        {
            return default;
        }
    }

    /// <summary>The content of a file of <c>/proc</c>; done and empty when there is no such file.</summary>
    public async Task<ToolAnswer> ReadAsync(string path, CancellationToken cancellationToken)
    {
        var answer = await RunAsync("cat", [path], null, cancellationToken);
        return answer.End == ToolEnd.Failed && answer.Problem.Contains("No such file or directory", StringComparison.Ordinal)
            ? answer with { End = ToolEnd.Done, Problem = "" }
            : answer;
    }

    /// <summary>Whether <c>iptables-save</c> under its plain name is the one of nf_tables: <c>iptables-save v1.8.9 (nf_tables)</c>; before 1.8 there was only the other, without a word.</summary>
    public static bool IsNfTables(ToolAnswer version) => Encoding.UTF8.GetString(version.Output.Span).Contains("(nf_tables)", StringComparison.Ordinal);

    /// <summary>Whether grep read everything and found nothing.</summary>
    public static bool FoundNothing(ToolAnswer answer) => answer.End == ToolEnd.Failed && answer.Problem.Contains("ended with 1:", StringComparison.Ordinal);

    /// <summary>Whether nft was built without JSON.</summary>
    public static bool LacksJson(ToolAnswer answer) => answer.Problem.Contains("JSON support not compiled-in", StringComparison.Ordinal);

    private async Task<ToolAnswer> AnswerAsync(HostCommand command, Func<ReadOnlyMemory<byte>, bool>? isWhole, CancellationToken cancellationToken)
    {
        try
        {
            var result = await host.RunAsync(command, cancellationToken);
            return result.ExitCode != 0 ? Failure(command, result)
                : isWhole is null || isWhole(result.Output) ? new ToolAnswer(command.ToString(), ToolEnd.Done, result.Output, "")
                : Nothing(command, ToolEnd.Failed, $"`{command}` ended well and printed {result.Output.Length} bytes that break off in the middle");
        }
        catch (HostException missing) when (missing.Failure == HostFailure.NotFound)
        {
            return Nothing(command, ToolEnd.NotInstalled, missing.Message);
        }
        catch (HostException unable)
        {
            return Nothing(command, ToolEnd.Failed, unable.Message);
        }
    }

    private static ToolAnswer Failure(HostCommand command, CommandResult result)
    {
        var words = string.Join(" | ", result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Take(3));
        words = words.Length > LongestWords ? words[..LongestWords] + "..." : words.Length == 0 ? "it said nothing" : words;
        return Refusals.Any(refusal => words.Contains(refusal, StringComparison.Ordinal))
            ? Nothing(command, ToolEnd.NotPermitted, $"`{command}`: {words}")
            : Nothing(command, ToolEnd.Failed, $"`{command}` ended with {result.ExitCode}: {words}");
    }

    private static ToolAnswer Nothing(HostCommand command, ToolEnd end, string problem) => new(command.ToString(), end, default, problem);
}
