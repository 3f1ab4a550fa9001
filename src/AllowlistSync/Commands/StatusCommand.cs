using System.CommandLine;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.State;
using AllowlistSync.Output;
using AllowlistSync.Postgres;

namespace AllowlistSync.Commands;

/// <summary><c>status</c>: last runs, ages, pending removals, pending confirmations, and the bans in the way. Reads the state directory, and the targets that hold bans; no network.</summary>
internal static class StatusCommand
{
    private const int JournalLines = 5;

    public static Command Create(Shell shell)
    {
        var command = new ExampleCommand("status", "Shows the last applies, the age of the lists, pending removals and confirmations, and wanted sources that are banned", "allowlist-sync status", "allowlist-sync status --output json");
        command.SetAction((parsed, cancellationToken) => RunAsync(shell, GlobalOptions.Read(parsed), cancellationToken));
        return command;
    }

    private static Task<int> RunAsync(Shell shell, GlobalArguments arguments, CancellationToken cancellationToken) =>
        Session.UseAsync(shell, arguments, ConfigNeed.Required, async session =>
        {
            var status = await ReadAsync(session, cancellationToken);
            await StatusReport.WriteAsync(status, session.Format, shell.Out);
            return status.Sources.Any(source => source.IsStale) || status.Targets.Any(target => target.Bans is { Bans.IsEmpty: false }) ? ExitCodes.Differences : ExitCodes.Ok;
        }, cancellationToken);

    private static async Task<Status> ReadAsync(Session session, CancellationToken cancellationToken)
    {
        var now = session.Time.GetUtcNow();
        var sources = new List<SourceStatus>();
        foreach (var source in session.Config.Sources)
        {
            sources.Add(new SourceStatus(source.Name, await session.State.LoadSourceAsync(source.Name, cancellationToken), now, session.Config.Guard.MaxAge));
        }

        var bans = await BanLook.ReadAsync(session, target => InForce(sources, target.Target), cancellationToken);
        var targets = new List<TargetState>();
        foreach (var target in session.Targets)
        {
            var books = session.State.Target(target.Target.Name);
            var receipt = await books.LoadReceiptAsync(cancellationToken);
            var journal = await books.ReadJournalAsync(JournalLines, cancellationToken);
            targets.Add(new TargetState(target.Target, receipt, journal)
            {
                LastRun = (await session.State.History.RunsAsync(target.Target.Name, 1, cancellationToken)).LastOrDefault(),
                Problem = await DueUndo.StillAsync(session, target, cancellationToken),
                Bans = bans.FirstOrDefault(found => found.Target == target.Target.Name),
            });
        }

        return new Status(now, sources, targets)
        {
            Daemon = session.State is FileStateStore files ? await files.DaemonAsync(cancellationToken) : null,
            Nodes = session.State is PostgresStateStore shared ? await shared.Nodes.ReadAsync(cancellationToken) : [],
        };
    }

    // What the last run believed: `status` asks no source.
    private static PrefixSet InForce(IEnumerable<SourceStatus> sources, Target target) =>
        sources.Where(source => target.Allow.Contains(source.Name)).Aggregate(PrefixSet.Empty, (all, source) => all.Union(source.Memory?.InForce ?? PrefixSet.Empty));
}
