using System.Diagnostics;
using System.Globalization;
using System.Text;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading;
using AllowlistSync.Reachability.Reading.Ipset;
using AllowlistSync.Reachability.Reading.Iptables;

namespace AllowlistSync.Benchmarks.Proofs;

/// <summary>
/// What it costs to carry out a change on the model: a set filled anew and exchanged, one element added to a long set, and rules. Ten times the size
/// must cost some ten times the processor time; the run fails when it costs more than twice that.
/// </summary>
internal static class ScriptBenchmark
{
    private const int Small = 10_000;
    private const int Rounds = 7;
    private const double Most = 20;

    internal static int Run()
    {
        Console.WriteLine("| change | 10 000, ms | 100 000, ms | ratio |");
        Console.WriteLine("| --- | --- | --- | --- |");
        bool[] passed =
        [
            Measure("ipset: create, add, swap, destroy", size => (Host(size), Exchange(size)), IpsetScript.Apply),
            Measure("ipset: add one", size => (Host(size), "add web 10.0.0.0/8\n"), IpsetScript.Apply),
            Measure("ipset: delete every element", size => (Host(size), Deletions(size)), IpsetScript.Apply),
            Measure("iptables-restore: append rules", size => (Host(10), Rules(size)), Restore),
        ];
        return Array.TrueForAll(passed, each => each) ? 0 : 1;
    }

    private static RuleSet Restore(RuleSet before, string script) => RestoreScript.Apply(before, new(Backend.NfTables, IpFamily.IPv4), script);

    private static bool Measure(string name, Func<int, (RuleSet Before, string Script)> make, Func<RuleSet, string, RuleSet> apply)
    {
        var (small, large) = (Least(make(Small), apply), Least(make(Small * 10), apply));
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {small:F1} | {large:F1} | {large / small:F1} |"));
        return large / small <= Most;
    }

    private static double Least((RuleSet Before, string Script) change, Func<RuleSet, string, RuleSet> apply)
    {
        var least = double.MaxValue;
        for (var round = 0; round < Rounds; round++)
        {
            GC.Collect();
            var before = Environment.CpuUsage.TotalTime;
            if (apply(change.Before, change.Script).Gaps is [var gap, ..])
            {
                throw new UnreachableException(gap.Message);
            }

            least = Math.Min(least, (Environment.CpuUsage.TotalTime - before).TotalMilliseconds);
        }

        return least;
    }

    // A set of that size, and a thousand rules, of which fifty ask it.
    private static RuleSet Host(int size)
    {
        var sets = new StringBuilder("create web hash:net family inet hashsize 1024 maxelem 1048576 bucketsize 12 initval 0x11\n");
        foreach (var element in Elements(size))
        {
            sets.Append("add web ").Append(element).Append('\n');
        }

        var rules = new StringBuilder("*filter\n:INPUT DROP [0:0]\n");
        for (var i = 0; i < 1000; i++)
        {
            rules.Append(i % 20 == 0 ? "-A INPUT -p tcp -m set --match-set web src -j ACCEPT\n" : $"-A INPUT -s 198.51.{i % 250}.0/24 -j DROP\n");
        }

        return RuleSetReader.Read([Dump("ipset save", sets, DumpKind.Ipset), Dump("iptables-nft-save", rules.Append("COMMIT\n"), DumpKind.IptablesNft)]);
    }

    private static Dump Dump(string name, StringBuilder text, DumpKind kind) => new(name, Encoding.UTF8.GetBytes(text.ToString())) { Kind = kind };

    private static IEnumerable<string> Elements(int size) => Enumerable.Range(0, size).Select(i => $"{20 + (i >> 16)}.{(i >> 8) & 255}.{i & 255}.0/25");

    private static string Exchange(int size) =>
        $"create fresh hash:net family inet maxelem 1048576\n{string.Concat(Elements(size).Select(element => $"add fresh {element}\n"))}swap fresh web\ndestroy fresh\n";

    private static string Deletions(int size) => string.Concat(Elements(size).Select(element => $"del web {element}\n"));

    private static string Rules(int size) =>
        $"*filter\n{string.Concat(Elements(size).Select(element => $"-A INPUT -s {element} -p tcp -m tcp --dport 443 -j ACCEPT\n"))}COMMIT\n";
}
