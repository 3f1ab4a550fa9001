using System.Globalization;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Benchmarks.Nftables;

/// <summary>What is timed in the sandbox. Prints Markdown; times are minimum / median in milliseconds.</summary>
internal static class InsideBenchmark
{
    private const int Rounds = 5;
    private static readonly int[] Sizes = [22, 1_000, 10_000, 100_000];

    /// <returns>True when the number of started processes does not depend on the number of prefixes.</returns>
    internal static bool Run(NftWorkshop shop)
    {
        Console.WriteLine($"whole processes, minimum / median of {Rounds}, ms; ratio: of minima / of medians\n");
        Console.WriteLine("| prefixes | apply | bare `nft -f`, same order | ratio | bare, sorted | ratio | no-op apply |\n| --- | --- | --- | --- | --- | --- | --- |");
        foreach (var size in Sizes)
        {
            Apply(shop, size);
        }

        OneOfMany(shop, 10_000);
        Look(shop);
        StartUp(shop);
        return Processes(shop);
    }

    private static void Apply(NftWorkshop shop, int size)
    {
        var name = Prepare(shop, size, out var prefixes);
        var shuffled = shop.WriteBare(name + "-shuffled", prefixes);
        var sorted = shop.WriteBare(name + "-sorted", [.. prefixes.Order()]);
        var (ours, bare, bareSorted, again) = (new Measured(), new Measured(), new Measured(), new Measured());
        for (var round = 0; round < Rounds; round++)
        {
            Reset(shop, name);
            ours.Run(ApplyOf(shop, name));
            again.Run(ApplyOf(shop, name));
            Reset(shop, name);
            bare.Run(["nft", "-f", shuffled]);
            Reset(shop, name);
            bareSorted.Run(["nft", "-f", sorted]);
        }

        Console.WriteLine($"| {size} | {ours} | {bare} | {ours.Over(bare)} | {bareSorted} | {ours.Over(bareSorted)} | {again} |");
    }

    private static void OneOfMany(NftWorkshop shop, int size)
    {
        var name = Prepare(shop, size, out var prefixes);
        var other = prefixes.ToList();
        other[size / 2] = IpPrefix.Parse("198.18.0.0/24");
        Reset(shop, name);
        Measured.Time(ApplyOf(shop, name));
        var change = new Measured();
        for (var round = 0; round < Rounds; round++)
        {
            shop.WriteList(name, round % 2 == 0 ? other : prefixes);
            change.Run(ApplyOf(shop, name));
        }

        Console.WriteLine($"\napply that changes one prefix of {size}: {change}");
    }

    private static void Look(NftWorkshop shop)
    {
        var name = Prepare(shop, 22, out _);
        Reset(shop, name);
        Measured.Time(ApplyOf(shop, name));
        var (ours, bare) = (new Measured(), new Measured());
        for (var round = 0; round < Rounds * 2; round++)
        {
            ours.Run([shop.Program, "-c", shop.File(name + ".yaml"), "diff"]);
            bare.Run(["nft", "-j", "list", "ruleset"]);
        }

        Console.WriteLine($"\n`diff`, in sync, 22 prefixes: {ours}; `nft -j list ruleset`: {bare}; ratio {ours.Over(bare)}");
    }

    private static void StartUp(NftWorkshop shop)
    {
        var saved = shop.File("saved.json");
        Measured.Time(["sh", "-c", $"nft -j list ruleset > {saved}"]);
        var still = shop.WriteConfig("still", "{ name: list, type: static, prefixes: [198.51.100.0/24] }", $"table: inet filter, chain: input, ruleset: {saved}", "report");
        (string Name, string[] Command, int ExitCode)[] commands =
        [
            ("`--version`", [shop.Program, "--version"], 0),
            ("`config validate`", [shop.Program, "-c", still, "config", "validate"], 0),
            ("`diff`, static source, saved rule set", [shop.Program, "-c", still, "diff"], 1),
            ("yardstick: `python3 -c pass`", ["/usr/bin/python3", "-c", "pass"], 0),
            ("yardstick: `jq` on the saved rule set", ["jq", ".", saved], 0),
        ];
        var there = commands.Where(command => Path.IsPathRooted(command.Command[0]) ? File.Exists(command.Command[0]) : File.Exists("/usr/bin/" + command.Command[0])).ToList();
        var times = there.Select(_ => new Measured()).ToList();
        for (var round = 0; round < Rounds * 2; round++)
        {
            for (var i = 0; i < there.Count; i++)
            {
                times[i].Run(there[i].Command, there[i].ExitCode);
            }
        }

        Console.WriteLine("\n| start-up | ms |\n| --- | --- |");
        for (var i = 0; i < there.Count; i++)
        {
            Console.WriteLine($"| {there[i].Name} | {times[i]} |");
        }
    }

    private static bool Processes(NftWorkshop shop)
    {
        if (!File.Exists("/usr/bin/strace"))
        {
            Console.WriteLine("\nprocesses started by an apply: not counted, because strace is not installed");
            return true;
        }

        var counts = new[] { 22, 10_000 }.Select(size => (Size: size, Count: CountOf(shop, size))).ToList();
        Console.WriteLine($"\nprocesses started by an apply: {string.Join(", ", counts.Select(count => string.Create(CultureInfo.InvariantCulture, $"{count.Count} for {count.Size} prefixes")))}");
        return counts.DistinctBy(count => count.Count).Count() == 1;
    }

    private static int CountOf(NftWorkshop shop, int size)
    {
        var name = Prepare(shop, size, out _);
        var trace = shop.File("strace.txt");
        Reset(shop, name);
        Measured.Time(["strace", "-f", "-qq", "-e", "trace=execve", "-e", "status=successful", "-o", trace, .. ApplyOf(shop, name)]);
        return File.ReadLines(trace).Count(line => line.Contains("execve", StringComparison.Ordinal) && line.EndsWith("= 0", StringComparison.Ordinal)) - 1;
    }

    private static string Prepare(NftWorkshop shop, int size, out List<IpPrefix> prefixes)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"list-{size}");
        prefixes = DisjointPrefixes.Make(size);
        shop.WriteList(name, prefixes);
        shop.WriteConfig(name);
        return name;
    }

    private static void Reset(NftWorkshop shop, string name)
    {
        Measured.Time(["nft", "-f", shop.WriteBase()]);
        shop.ForgetState(name);
    }

    private static string[] ApplyOf(NftWorkshop shop, string name) => [shop.Program, "-c", shop.File(name + ".yaml"), "apply", "--yes"];
}
