using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using AllowlistSync.Core.Verifying;
using AllowlistSync.Reachability.Proving;
using AllowlistSync.Reachability.Reading;

namespace AllowlistSync.Benchmarks.Proofs;

/// <summary>Loads one rule set, lists it, reads the lists, proves. Prints a line of a Markdown table.</summary>
internal static class InsideProof
{
    internal const string Header = """
        | rule set | size | rules | listed in, ms (MB) | read first / median | proved first / median | us a rule | pieces | rule set in memory | peak of the process |
        | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |
        """;

    private const int Rounds = 5;

    internal static void Run(BigRuleSet set)
    {
        foreach (var script in set.Write(set.Size))
        {
            Feed(script);
        }

        var before = GC.GetTotalMemory(forceFullCollection: true);
        var listed = set.Dumps.Select(List).ToList();
        ImmutableArray<Dump> dumps = [.. listed.Select(one => one.Dump)];
        var (ruleSet, reading) = Time(() => RuleSetReader.Read(dumps));
        ruleSet = ruleSet with { Host = AskedRanges.Host };
        var (proof, proving) = Time(() => Prover.Prove(ruleSet, AskedRanges.Question, CancellationToken.None));
        var memory = GC.GetTotalMemory(forceFullCollection: true) - before - dumps.Sum(dump => (long)dump.Content.Length);
        var rules = ruleSet.Tables.Sum(table => table.Chains.Values.Sum(chain => chain.Rules.Length));
        var tools = string.Join(", ", listed.Select(one => string.Create(CultureInfo.InvariantCulture, $"{string.Join(' ', one.Dump.Name)} {one.Milliseconds:F0} ({one.Dump.Content.Length / 1e6:F1})")));
        using var process = Process.GetCurrentProcess();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {set.Name} | {set.Size} | {rules} | {tools} | {reading} | {proving} | {1000 * proving.Median / rules:F2} | {proof.Pieces.Length}, {Share(proof)} | {memory / 1e6:F0} MB | {process.PeakWorkingSet64 / 1e6:F0} MB |"));
        GC.KeepAlive(ruleSet);
        foreach (var gap in ruleSet.Gaps.Take(3))
        {
            Console.Error.WriteLine($"gap: {gap.Message}");
        }
    }

    private static string Share(Proof proof) => string.Join(' ', proof.Pieces.GroupBy(piece => piece.Verdict).Select(group => $"{group.Count()} {group.Key}"));

    private static (T Result, Times Times) Time<T>(Func<T> action)
    {
        var (times, result) = (new List<double>(), default(T));
        for (var round = 0; round < Rounds; round++)
        {
            var began = Stopwatch.GetTimestamp();
            result = action();
            times.Add(Stopwatch.GetElapsedTime(began).TotalMilliseconds);
        }

        return (result!, new(times[0], times.Order().ElementAt(Rounds / 2)));
    }

    private static void Feed(LoadScript script)
    {
        using var process = Start(script.Command);
        var error = process.StandardError.ReadToEndAsync();
        process.StandardInput.Write(script.Text);
        process.StandardInput.Close();
        process.StandardOutput.ReadToEnd();
        Finish(process, script.Command, error.Result);
    }

    private static (Dump Dump, double Milliseconds) List(DumpCommand command)
    {
        var began = Stopwatch.GetTimestamp();
        using var process = Start(command.Command);
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        using var content = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(content);
        Finish(process, command.Command, error.Result);
        return (new(string.Join(' ', command.Command), content.ToArray()) { Kind = command.Kind }, Stopwatch.GetElapsedTime(began).TotalMilliseconds);
    }

    private static Process Start(string[] command) => Process.Start(new ProcessStartInfo(command[0], command[1..])
    {
        UseShellExecute = false,
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
        RedirectStandardError = true,
    }) ?? throw new InvalidOperationException($"{command[0]} did not start.");

    private static void Finish(Process process, string[] command, string error)
    {
        process.WaitForExit();
        if (process.ExitCode != 0)
        {
            throw new InvalidOperationException($"{string.Join(' ', command)} ended with {process.ExitCode}: {error[..Math.Min(error.Length, 500)]}");
        }
    }

    /// <summary>The first round, in which the code is compiled, and the median.</summary>
    private readonly record struct Times(double First, double Median)
    {
        public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{First:F0} / {Median:F0} ms");
    }
}
