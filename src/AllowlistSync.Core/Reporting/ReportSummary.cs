namespace AllowlistSync.Core.Reporting;

/// <summary>A whole run in one line: <c>2 targets: 1 in sync, 1 differs (+22 -0 !1)</c>: additions, removals, repairs and bans to lift where there are any. Pure.</summary>
public static class ReportSummary
{
    /// <summary>The line, without a line break.</summary>
    public static string Of(RunReport report)
    {
        var groups = Enum.GetValues<TargetStatus>()
            .Select(status => (Status: status, Targets: report.Targets.Where(target => target.Status == status).ToList()))
            .Where(group => group.Targets.Count > 0)
            .Select(group => $"{group.Targets.Count} {ReportWords.Of(group.Status)}{Changes(group.Targets)}");
        var targets = report.Targets.IsEmpty
            ? "no targets"
            : $"{report.Targets.Length} {(report.Targets.Length == 1 ? "target" : "targets")}: {string.Join(", ", groups)}";
        return targets + Sources(report);
    }

    private static string Changes(List<TargetReport> targets)
    {
        var plans = targets.Select(target => target.Plan).Where(plan => plan is { IsEmpty: false }).ToList();
        if (plans.Count == 0)
        {
            return "";
        }

        var repairs = plans.Sum(plan => plan!.Changes.Repairs.Length);
        var lifts = plans.Sum(plan => plan!.Changes.Lift.Length);
        return $" (+{plans.Sum(plan => plan!.Changes.Add.Entries().Length)} -{plans.Sum(plan => plan!.Changes.Remove.Entries().Length)}{(repairs == 0 ? "" : $" !{repairs}")}{(lifts == 0 ? "" : $" lift {lifts}")})";
    }

    private static string Sources(RunReport report)
    {
        var silent = report.Sources.Count(source => !source.Answered);
        var refused = report.Sources.Count(source => source.Answered && !source.Refusals.IsEmpty);
        return (silent, refused) switch
        {
            (0, 0) => "",
            (_, 0) => $"; {silent} {Noun(silent)} not fetched",
            (0, _) => $"; {refused} {Noun(refused)} refused",
            _ => $"; {refused} {Noun(refused)} refused, {silent} not fetched",
        };
    }

    private static string Noun(int count) => count == 1 ? "source" : "sources";
}
