using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace AllowlistSync.Configuration;

/// <summary>One thing that is wrong in a configuration file.</summary>
/// <param name="File">The file, as it was named.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The character of the line, from 1.</param>
/// <param name="Path">The value, for example <c>targets[0].ports[1]</c>; empty for the file as a whole.</param>
/// <param name="Problem">What is wrong; never holds a value that may be secret.</param>
/// <param name="Fix">What would be right.</param>
public sealed record ConfigProblem(string File, int Line, int Column, string Path, string Problem, string Fix)
{
    /// <summary>The problem on one line: <c>config.yaml:12:5: targets[0].ports[1]: 70000 is not a port; write 1-65535 ...</c>.</summary>
    public override string ToString() =>
        $"{File}:{Line}:{Column}: {(Path.Length == 0 ? "" : Path + ": ")}{Problem}; {Fix}";
}

/// <summary>A configuration, or all that is wrong with it.</summary>
/// <param name="Config">The configuration; null when there is any problem.</param>
/// <param name="Problems">The problems by line and column, at most <see cref="MaxProblems"/>.</param>
/// <param name="TotalProblems">How many there are.</param>
public sealed record ConfigResult(AllowlistConfig? Config, ImmutableArray<ConfigProblem> Problems, int TotalProblems)
{
    /// <summary>How many problems are told apart; further ones are only counted.</summary>
    public const int MaxProblems = 100;

    /// <summary>True when the configuration can be used.</summary>
    [MemberNotNullWhen(true, nameof(Config))]
    public bool IsValid => Config is not null;
}
