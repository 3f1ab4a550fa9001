using System.Collections.Immutable;
using AllowlistSync.Core.Reporting;

namespace AllowlistSync.Daemon.Web;

/// <summary>Whether the daemon lives and whether all is well, with one line for each reason against it. Pure.</summary>
internal static class Health
{
    /// <summary>A run that is due for longer than this will not come: its loop hangs. A run of many slow hosts takes minutes.</summary>
    public static readonly TimeSpan Overdue = TimeSpan.FromMinutes(15);

    /// <summary>Why the daemon should be started again: none while its loops beat.</summary>
    public static ImmutableArray<string> AgainstLife(DaemonSnapshot daemon) =>
        [.. daemon.Targets.Where(target => IsOverdue(target, daemon.At))
            .Select(target => $"target {target.Target.Name}: its run of {ReportWords.ToTheSecond(target.NextRun!.Value)} has not come; start the daemon again, and report what its log says")];

    /// <summary>Why not all is well: none when every target was run and is good, and no list is stale.</summary>
    public static ImmutableArray<string> AgainstReady(DaemonSnapshot daemon) =>
        [.. daemon.Targets.Select(AgainstTarget).Concat(daemon.Sources.Select(AgainstSource)).Prepend(AgainstStandstill(daemon)).OfType<string>()];

    /// <summary>What should be mended without being a reason against this node: two configurations are what a change of it, node by node, goes through.</summary>
    public static ImmutableArray<string> Remarks(DaemonSnapshot daemon) =>
        [.. daemon.Nodes.Where(node => node is { IsLive: true, IsSame: false })
            .Select(node => $"node {node.Name} has another configuration ({node.ConfigHash}) than this node ({daemon.ConfigHash}); give all nodes the same file")];

    private static string? AgainstStandstill(DaemonSnapshot daemon) =>
        daemon.Standstill is { } why ? $"no configuration is in force and nothing is run: {why}; it is tried again every minute, see the log" : null;

    private static bool IsOverdue(TargetStanding target, DateTimeOffset now) => target.NextRun is { } due && now - due > Overdue;

    private static string? AgainstTarget(TargetStanding target) => target.Last switch
    {
        null => $"target {target.Target.Name}: not run yet",
        var run when RunWords.Trouble(run) is var (message, remedy) => $"target {target.Target.Name}: {RunWords.OfStatus(run.Status)} {ReportWords.Of(run.At)}: {message}; {remedy}",
        _ => null,
    };

    private static string? AgainstSource(SourceStanding source) => source.IsStale
        ? $"source {source.Name}: its last good list is {(source.Age is { } age ? Words.Span(age) + " old" : "missing")}; {Words.WhyNoNewerList(source)}"
        : null;
}
