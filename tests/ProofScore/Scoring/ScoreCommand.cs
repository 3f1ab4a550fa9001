using AllowlistSync.ProofScore.Cases;

namespace AllowlistSync.ProofScore.Scoring;

/// <summary>Scores the cases of some folders: <c>score [--answers] [--show N] [--case NAME] FOLDER...</c>.</summary>
/// <param name="options">The options.</param>
/// <param name="guard">Runs one case and gives its failure, whatever it is.</param>
internal sealed class ScoreCommand(ScoreOptions options, Func<Action, Exception?> guard)
{
    /// <summary>0 without contradictions, else 1.</summary>
    internal int Run(CancellationToken cancellationToken)
    {
        var contradictions = false;
        foreach (var folder in options.Folders)
        {
            contradictions |= RunFolder(folder, cancellationToken).HasContradictions;
        }

        return contradictions ? 1 : 0;
    }

    private Tally RunFolder(string folder, CancellationToken cancellationToken)
    {
        var (total, groups, shown) = (new Tally(), new SortedDictionary<string, Tally>(StringComparer.Ordinal), new Shown(options));
        foreach (var (name, read) in (options.Answers ? CaseFolders.Answers(folder) : CaseFolders.Live(folder)).Where(one => options.Case is null || one.Name == options.Case))
        {
            cancellationToken.ThrowIfCancellationRequested();
            CaseScore? score = null;
            if (guard(() => score = CaseScore.Of(read(), cancellationToken)) is { } failure)
            {
                total.AddCrash();
                shown.Crash(name, failure);
                continue;
            }

            total.Add(score!);
            groups.TryAdd(score!.Group, new());
            groups[score.Group].Add(score);
            shown.Case(score);
        }

        Console.WriteLine($"{folder}: {total}");
        foreach (var (group, tally) in groups.Count > 1 ? groups : [])
        {
            Console.WriteLine($"  {group}: {tally}");
        }

        return total;
    }
}

/// <summary>The options of <c>score</c>.</summary>
/// <param name="Folders">Where the cases are.</param>
/// <param name="Answers">Whether the folders hold input files and <c>answers/</c> instead of live dumps.</param>
/// <param name="Show">How many of each kind of trouble to print.</param>
/// <param name="Case">The one case to run, printed in full.</param>
internal sealed record ScoreOptions(IReadOnlyList<string> Folders, bool Answers, int Show, string? Case);
