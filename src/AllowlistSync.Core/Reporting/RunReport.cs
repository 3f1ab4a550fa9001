using System.Collections.Immutable;

namespace AllowlistSync.Core.Reporting;

/// <summary>What happened in one run; everything that a renderer needs.</summary>
/// <param name="Command">The command, for example <c>diff</c>.</param>
/// <param name="RunId">Names the run in journals.</param>
/// <param name="At">When it began.</param>
/// <param name="Sources">The sources, in the order of the configuration.</param>
/// <param name="Targets">The targets, in the order of the configuration.</param>
public sealed record RunReport(
    string Command, string RunId, DateTimeOffset At, ImmutableArray<SourceOutcome> Sources, ImmutableArray<TargetReport> Targets)
{
    /// <summary>The exit code of the program; see <see cref="ExitCodes"/>.</summary>
    public int ExitCode => ExitCodes.Of(this);
}
