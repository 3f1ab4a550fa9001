using AllowlistSync.Configuration.Yaml;

namespace AllowlistSync.Configuration.Reading;

/// <summary>What is wrong with one value and what would be right; where it is, is known elsewhere.</summary>
internal sealed record Fault(string Problem, string Fix);

/// <summary>Collects the problems of one file.</summary>
internal sealed class ProblemLog(string file)
{
    private readonly List<ConfigProblem> _problems = [];

    /// <summary>How many problems there are by now.</summary>
    internal int Count { get; private set; }

    internal void Add(Place at, NodePath path, Fault fault) => Add(at, path.ToString(), fault);

    internal void Add(Place at, string path, Fault fault)
    {
        Count++;
        if (Count <= ConfigResult.MaxProblems)
        {
            _problems.Add(new(file, at.Line, at.Column, path, fault.Problem, fault.Fix));
        }
    }

    /// <summary>True when something is wrong with this value or with something in it.</summary>
    internal bool HasUnder(NodePath path)
    {
        var prefix = path.ToString();
        return _problems.Any(problem => problem.Path.StartsWith(prefix, StringComparison.Ordinal));
    }

    /// <summary>The configuration when nothing was wrong, otherwise the problems in the order of the file.</summary>
    internal ConfigResult ToResult(AllowlistConfig? config) =>
        new(Count == 0 ? config : null, [.. _problems.OrderBy(problem => problem.Line).ThenBy(problem => problem.Column)], Count);
}
