using AllowlistSync.ProofScore.Cases;
using AllowlistSync.Reachability.Reading;

namespace AllowlistSync.ProofScore.Coverage;

/// <summary>Says how much of some rule sets is understood: <c>coverage FOLDER...</c>. Every file below the folders that is a rule set is read on its own.</summary>
/// <param name="folders">Where the rule sets are.</param>
/// <param name="show">How many files that cannot be read to print.</param>
/// <param name="guard">Reads one file and gives its failure, whatever it is.</param>
internal sealed class CoverageCommand(IReadOnlyList<string> folders, int show, Func<Action, Exception?> guard)
{
    /// <summary>0 when every file was read, else 1.</summary>
    internal int Run(CancellationToken cancellationToken)
    {
        var counts = new SortedDictionary<string, CoverageCount>(StringComparer.Ordinal);
        var crashed = 0;
        foreach (var (path, kind) in folders.SelectMany(RuleFiles.In))
        {
            cancellationToken.ThrowIfCancellationRequested();
            var group = kind.ToString();
            counts.TryAdd(group, new());
            if (guard(() => counts[group].Add(Path.GetFileName(path), RuleSetReader.Read(Dumps(path, kind)))) is { } failure && ++crashed <= show)
            {
                Console.WriteLine($"  CRASHED {path}: {failure.GetType().Name}: {failure.Message}");
            }
        }

        foreach (var (group, count) in counts)
        {
            Console.WriteLine($"{group}: {count}");
            count.PrintUnknown(show);
        }

        Console.WriteLine($"crashed: {crashed}");
        return crashed > 0 ? 1 : 0;
    }

    // Sets lie beside the rules that use them: FILE.ipset or STEM.ipset, or ipset.save in a folder of live dumps.
    private static List<Dump> Dumps(string path, DumpKind kind)
    {
        List<Dump> dumps = [new(Path.GetFileName(path), File.ReadAllBytes(path)) { Kind = kind }];
        var live = path.EndsWith(".save", StringComparison.Ordinal);
        var sets = live ? Path.Combine(Path.GetDirectoryName(path)!, "ipset.save") : IpsetFiles.Beside(path);
        if (kind is not (DumpKind.NftJson or DumpKind.NftText) && File.Exists(sets))
        {
            dumps.Add(new(Path.GetFileName(sets), File.ReadAllBytes(sets)) { Kind = DumpKind.Ipset });
        }

        return dumps;
    }
}
