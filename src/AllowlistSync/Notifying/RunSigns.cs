using System.Collections.Immutable;
using AllowlistSync.Core;
using AllowlistSync.Core.State;

namespace AllowlistSync.Notifying;

/// <summary>What the record of a run says of each problem that a target may have. Pure.</summary>
internal static class RunSigns
{
    // Enough to see what it is about; the rest is counted.
    private const int Named = 20;

    /// <summary>The signs of a run; none when another run held the target.</summary>
    public static ImmutableArray<Sign> Of(RunRecord run) => run.Status == "locked" ? [] : [Refused(run), Failed(run), Blocked(run), Drift(run)];

    /// <summary>That a change of somebody else was put back.</summary>
    public static Notice Repaired(RunRecord run, int untold) => new(new("drift", NoticeKey.Target, run.Target), NoticeState.Event)
    {
        Summary = $"{run.Target}: somebody else changed it, and it was put back{(untold == 0 ? "" : $"; {untold} more {(untold == 1 ? "repair" : "repairs")} since the last message")}",
        Detail = Changes(run),
        Remedy = "find out what else writes to this firewall, or change the configuration if that is what you want",
        At = default,
        Node = "",
    };

    /// <summary>Some lines of many.</summary>
    public static string Lines(IReadOnlyCollection<string> lines, int count) =>
        string.Join('\n', lines.Take(Named)) + (count > Named ? $"\nand {count - Named} more" : "");

    /// <summary>Refusals as lines.</summary>
    public static string Reasons(ImmutableArray<Refusal> refusals) => Lines([.. refusals.Select(refusal => $"{refusal.RuleId}: {refusal.Message}")], refusals.Length);

    /// <summary>What to do about refusals.</summary>
    public static string WaysOut(ImmutableArray<Refusal> refusals) => string.Join("; ", refusals.Select(refusal => refusal.WayOut).Where(way => way.Length > 0).Distinct(StringComparer.Ordinal));

    // A run that failed did not get as far as to be refused.
    private static Sign Refused(RunRecord run) => new("refused", run.Status switch { "refused" => true, "failed" => null, _ => false })
    {
        Summary = $"{run.Target}: refused ({string.Join(", ", run.Refusals.Select(refusal => refusal.RuleId).Distinct(StringComparer.Ordinal))}); nothing was changed",
        Detail = run.Refusals.IsEmpty && run.Error is { } error ? error.Message : Reasons(run.Refusals),
        Remedy = run.Refusals.IsEmpty && run.Error is { } wrong ? wrong.Remedy : WaysOut(run.Refusals),
        Over = $"{run.Target}: no longer refused ({run.Status})",
    };

    // That wanted traffic is blocked, and nothing else is wrong, is told as that.
    private static Sign Failed(RunRecord run) => new("failed", run.Status == "failed" && (run.Error is not null || !IsBlocked(run)))
    {
        Summary = $"{run.Target}: failed{(run.Error is { } error ? $": {FirstLine(error.Message)}" : "")}",
        Detail = Lines([.. run.Error is { } wrong ? [wrong.Message] : ImmutableArray<string>.Empty, .. run.Findings.Where(finding => finding.Severity == Core.Providers.Severity.Problem).Select(finding => finding.Message)], 0),
        Remedy = run.Error?.Remedy ?? "",
        Over = $"{run.Target}: no longer fails ({run.Status})",
    };

    private static Sign Blocked(RunRecord run)
    {
        var cells = run.Reach.Where(cell => cell.Verdict == "blocked").ToList();
        return new Sign("blocked", run.ReachCounts is { } counts ? counts.Blocked > 0 : null)
        {
            Summary = $"{run.Target}: wanted traffic is blocked{Sees(cells)}",
            Detail = Lines([.. cells.Select(cell => $"{cell.From} on {cell.Port}: {cell.Rule ?? "no rule"}{(cell.Where is null ? "" : $" in {cell.Where}")}")], cells.Count),
            Remedy = "let the rule that is named accept the same traffic, or put it behind a rule that does; `allowlist-sync verify` shows all of it",
            Over = $"{run.Target}: all wanted traffic gets in again",
        };
    }

    // What differs after a run was only to be looked at; what was put back is told as an event.
    private static Sign Drift(RunRecord run) => new("drift", run.Status switch { "differs" => true, "inSync" or "applied" => false, _ => null })
    {
        Summary = $"{run.Target}: differs from what it should be (+{run.AddedCount} -{run.RemovedCount}{(run.Repairs == 0 ? "" : $" !{run.Repairs}")}), and nothing is to be changed",
        Detail = Changes(run),
        Remedy = "run `allowlist-sync apply`, or set `mode: apply`",
        Over = $"{run.Target}: is as it should be",
    };

    private static bool IsBlocked(RunRecord run) => run.ReachCounts is { Blocked: > 0 };

    private static string Changes(RunRecord run) => string.Join('\n', new[]
    {
        run.AddedCount == 0 ? "" : Lines([.. run.Added.Select(entry => "+ " + entry)], run.AddedCount),
        run.RemovedCount == 0 ? "" : Lines([.. run.Removed.Select(entry => "- " + entry)], run.RemovedCount),
        run.Repairs == 0 ? "" : $"{run.Repairs} defects of our own rules",
    }.Where(part => part.Length > 0));

    private static string Sees(List<ReachCell> cells) => cells.Select(cell => cell.VisitorSees).OfType<int>().Distinct().Order().ToList() is { Count: > 0 } codes
        ? $" (visitors see {string.Join(" or ", codes)})"
        : "";

    private static string FirstLine(string text) => NoticeText.Cut(text.Split('\n', 2)[0], 160);
}
