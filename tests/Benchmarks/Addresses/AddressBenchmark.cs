using System.Globalization;

namespace AllowlistSync.Benchmarks.Addresses;

/// <summary>
/// Reads and merges long lists, as whole processes, against <c>iprange</c> (C) on the same file in the same run.
/// <c>addresses</c> runs the comparison; <c>addresses --merge FILE</c> is our side of it;
/// <c>addresses --ours COMMAND ARGUMENT...</c> takes another program as our side (the file name is appended).
/// </summary>
public static class AddressBenchmark
{
    private const int Rounds = 5;

    /// <summary>Runs the command; 0 done, 1 the two sides do not agree on the set, 2 failed, 64 wrong usage.</summary>
    public static int Run(string[] args)
    {
        switch (args)
        {
            case ["--merge", var file]:
                return MergeFile.Run(file);
            case []:
                return Compare([Environment.ProcessPath!, "addresses", "--merge"]);
            case ["--ours", _, ..]:
                return Compare(args[1..]);
            default:
                Console.Error.WriteLine("usage: addresses [--merge FILE | --ours COMMAND ARGUMENT...]");
                return 64;
        }
    }

    private static int Compare(string[] ours)
    {
        var folder = Directory.CreateTempSubdirectory("allowlist-sync-bench-");
        try
        {
            Console.WriteLine("| list | lines | iprange min | iprange median | ours min | ours median | ratio of minima | same set |");
            Console.WriteLine("| --- | --- | --- | --- | --- | --- | --- | --- |");
            bool same = true;
            foreach (var list in RandomList.All)
            {
                same &= CompareOne(folder.FullName, list, ours);
            }

            return same ? 0 : 1;
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static bool CompareOne(string folder, RandomList list, string[] ours)
    {
        string file = Path.Combine(folder, "list.txt");
        string theirOutput = Path.Combine(folder, "theirs.txt");
        string ourOutput = Path.Combine(folder, "ours.txt");
        list.WriteTo(file);
        var theirTimes = new List<double>();
        var ourTimes = new List<double>();
        for (int round = 0; round < Rounds; round++)
        {
            if (list.IprangeReadsIt)
            {
                theirTimes.Add(TimedProcess.Run(["iprange", file], theirOutput));
            }

            ourTimes.Add(TimedProcess.Run([.. ours, file], ourOutput));
        }

        // iprange reads IPv4 only; IPv6 lists are checked against their own input.
        bool same = MergeFile.Read(ourOutput) == MergeFile.Read(list.IprangeReadsIt ? theirOutput : file);
        Console.WriteLine($"| {list.Name} | {list.Count} | {Show(theirTimes)} | {Show(ourTimes)} | {Ratio(ourTimes, theirTimes)} | {(same ? "yes" : "NO")} |");
        return same;
    }

    private static string Show(List<double> times) => times.Count == 0
        ? "- | -"
        : string.Create(CultureInfo.InvariantCulture, $"{times.Min():F1} ms | {times.Order().ElementAt(times.Count / 2):F1} ms");

    private static string Ratio(List<double> ours, List<double> theirs) => theirs.Count == 0
        ? "-"
        : string.Create(CultureInfo.InvariantCulture, $"{ours.Min() / theirs.Min():F2}");
}
