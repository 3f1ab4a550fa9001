namespace AllowlistSync.Core.Reporting;

/// <summary>The exit codes of the program, a public contract.</summary>
public static class ExitCodes
{
    /// <summary>In sync, or done.</summary>
    public const int Ok = 0;

    /// <summary>There are differences.</summary>
    public const int Differences = 1;

    /// <summary>Something failed, or a list could not be fetched.</summary>
    public const int Failed = 2;

    /// <summary>A guard or a safety rule refused.</summary>
    public const int Refused = 3;

    /// <summary>Some targets are done and some are not.</summary>
    public const int Partly = 4;

    /// <summary>Another run has the target.</summary>
    public const int Locked = 5;

    /// <summary>Wrong usage (EX_USAGE of sysexits.h).</summary>
    public const int Usage = 64;

    /// <summary>Wrong configuration (EX_CONFIG of sysexits.h).</summary>
    public const int Configuration = 78;

    /// <summary>The exit code of a run. Trouble with a source counts even when every target is fine: the run went on with an older list.</summary>
    public static int Of(RunReport report) => Of([.. report.Targets.Select(Of)], report.Sources, Overridden(report));

    /// <summary>The exit code of several pieces of work with the lists that they were done with.</summary>
    /// <param name="parts">The exit code of each piece alone.</param>
    /// <param name="sources">The lists.</param>
    /// <param name="isOverridden">True when a person approved the list that was refused.</param>
    public static int Of(IReadOnlyCollection<int> parts, IEnumerable<SourceOutcome> sources, bool isOverridden = false)
    {
        ArgumentNullException.ThrowIfNull(parts);
        var troubles = parts.Where(code => code > Differences).Distinct().ToList();
        if (troubles.Count > 0)
        {
            return parts.Any(code => code <= Differences) ? Partly : troubles.Count == 1 ? troubles[0] : Failed;
        }

        var lists = sources.ToList();
        if (lists.Exists(source => !source.Refusals.IsEmpty && source.Answered) && !isOverridden)
        {
            return Refused;
        }

        return lists.Exists(source => !source.Answered) ? Failed : parts.DefaultIfEmpty(Ok).Max();
    }

    private static int Of(TargetReport target) => target.Status switch
    {
        TargetStatus.InSync or TargetStatus.Applied => Ok,
        TargetStatus.Differs => Differences,
        TargetStatus.Refused => Refused,
        TargetStatus.Locked => Locked,
        _ => Failed,
    };

    // A person approved the refused list by its plan's fingerprint, and that plan was carried out.
    private static bool Overridden(RunReport report) =>
        report.Targets.Any(target => target is { Overrides: true, Status: TargetStatus.Applied or TargetStatus.InSync });
}
