using System.Collections.Immutable;
using AllowlistSync.Core.State;
using AllowlistSync.Daemon;

namespace AllowlistSync.Notifying;

/// <summary>What is to be told, and what is to be remembered without being told.</summary>
/// <param name="Notices">The messages.</param>
/// <param name="Untold">The counts of the target or source from now on.</param>
internal sealed record Judgement(ImmutableArray<Notice> Notices, ImmutableArray<UntoldCount> Untold);

/// <summary>
/// Decides what is told: a problem once when it begins and once when it has ended, and what happened once. What a run could not find out changes nothing. Pure.
/// </summary>
internal static class NoticeRules
{
    /// <summary>One list that was not fetched is a hiccup.</summary>
    public const int MissesBeforeFailed = 3;

    /// <summary>Whoever undoes each repair would otherwise make a message of each.</summary>
    public static TimeSpan RepairPause { get; } = TimeSpan.FromHours(1);

    /// <summary>What a run of a target means to those who know what is in the memory.</summary>
    public static Judgement OfRun(NoticeMemory told, RunRecord run)
    {
        var at = run.At + run.Took;
        var signs = RunSigns.Of(run);
        var notices = signs.Select(sign => Judge(told, sign, NoticeKey.Target, run.Target)).OfType<Notice>()
            .Select(notice => notice with { At = at, RunId = run.RunId, Node = run.Node }).ToImmutableArray();
        var (repaired, untold) = Repair(told, run, at);
        return new Judgement(repaired is null ? notices : notices.Add(repaired), untold);
    }

    /// <summary>What an answer of a source means, or that there was none.</summary>
    /// <param name="told">What was told before.</param>
    /// <param name="source">How the source stands.</param>
    /// <param name="changed">The list that replaced another.</param>
    /// <param name="at">Now.</param>
    /// <param name="node">This node.</param>
    public static Judgement OfSource(NoticeMemory told, SourceStanding source, ListRecord? changed, DateTimeOffset at, string node)
    {
        var (misses, untold) = Misses(told, source, at);
        var notices = SourceSigns.Of(source, misses).Select(sign => Judge(told, sign, NoticeKey.Source, source.Name)).OfType<Notice>().ToList();
        if (changed is { IsFirst: false })
        {
            notices.Add(SourceSigns.Changed(changed));
        }

        return new Judgement([.. notices.Select(notice => notice with { At = at, Node = node })], untold);
    }

    private static Notice? Judge(NoticeMemory told, Sign sign, string kind, string name)
    {
        var known = told.Problems.FirstOrDefault(problem => problem.Event == sign.Event && problem.Kind == kind && problem.Name == name);
        return (sign.Stands, known) switch
        {
            (true, null) => new Notice(new(sign.Event, kind, name), NoticeState.Problem) { Summary = sign.Summary, Detail = sign.Detail, Remedy = sign.Remedy, At = default, Node = "" },
            (false, not null) => new Notice(new(sign.Event, kind, name), NoticeState.Resolved) { Summary = sign.Over, Detail = $"It was, since {known.Since:u}: {known.Summary}", At = default, Node = "" },
            _ => null,
        };
    }

    private static (Notice? Notice, ImmutableArray<UntoldCount> Untold) Repair(NoticeMemory told, RunRecord run, DateTimeOffset at)
    {
        var before = told.Untold.FirstOrDefault(count => count.Event == "drift" && count.Kind == NoticeKey.Target && count.Name == run.Target);
        if (!run.IsRepair)
        {
            return (null, before is null ? [] : [before]);
        }

        if (before is not null && at - before.At < RepairPause && at >= before.At)
        {
            return (null, [before with { Count = before.Count + 1 }]);
        }

        var notice = RunSigns.Repaired(run, before?.Count ?? 0) with { At = at, RunId = run.RunId, Node = run.Node };
        return (notice, [new UntoldCount("drift", NoticeKey.Target, run.Target, 0, at)]);
    }

    private static (int Misses, ImmutableArray<UntoldCount> Untold) Misses(NoticeMemory told, SourceStanding source, DateTimeOffset at)
    {
        if (source.Answered)
        {
            return (0, []);
        }

        var before = told.Untold.FirstOrDefault(count => count.Event == "failed" && count.Kind == NoticeKey.Source && count.Name == source.Name)
            ?? new UntoldCount("failed", NoticeKey.Source, source.Name, 0, at);

        // The count stops where it decides: a source that is silent for a week is not written down every quarter of an hour.
        var misses = Math.Min(before.Count + 1, MissesBeforeFailed);
        return (misses, [before with { Count = misses }]);
    }
}

/// <summary>Whether a problem stands, as far as one run or one answer can tell.</summary>
/// <param name="Event">Its event.</param>
/// <param name="Stands">Null when that was not found out.</param>
internal sealed record Sign(string Event, bool? Stands)
{
    /// <summary>One line while it stands.</summary>
    public string Summary { get; init; } = "";

    /// <summary>More lines.</summary>
    public string Detail { get; init; } = "";

    /// <summary>What to do.</summary>
    public string Remedy { get; init; } = "";

    /// <summary>One line once it is over.</summary>
    public required string Over { get; init; }
}
