using System.CommandLine;
using AllowlistSync.Configuration;
using AllowlistSync.Core.Applying;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.State;
using AllowlistSync.Output;

namespace AllowlistSync.Commands;

/// <summary><c>rollback</c>: undoes the last apply of the targets.</summary>
internal static class RollbackCommand
{
    public static Command Create(Shell shell)
    {
        var command = new ExampleCommand("rollback", "Undoes the last apply: what allowlist-sync made is put back as it was before", "allowlist-sync rollback --target web", "allowlist-sync rollback --target web --yes")
        {
            ApplyCommand.Yes,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(shell, GlobalOptions.Read(parsed), parsed.GetValue(ApplyCommand.Yes), cancellationToken));
        return command;
    }

    private static Task<int> RunAsync(Shell shell, GlobalArguments arguments, bool yes, CancellationToken cancellationToken) =>
        Session.UseAsync(shell, arguments, ConfigNeed.Required, async session =>
        {
            if (session.Config.Targets.Length > 1 && arguments.Targets.Count == 0)
            {
                await shell.Error.WriteLineAsync($"nothing was undone: there are {session.Config.Targets.Length} targets, and the last apply of each may be of another day; name one with --target ({string.Join(", ", session.Config.Targets.Select(target => target.Target.Name))})");
                return ExitCodes.Usage;
            }

            return await LastApply.ForEachAsync(session, "rollback", target => UndoAsync(session, target, yes, cancellationToken), cancellationToken);
        }, cancellationToken);

    private static async Task<(int ExitCode, string Message)> UndoAsync(Session session, TargetConfig target, bool yes, CancellationToken cancellationToken)
    {
        var books = session.State.Target(target.Target.Name);
        var receipt = await books.LoadReceiptAsync(cancellationToken);
        if (receipt is { Stage: ReceiptStage.Applying or ReceiptStage.Applied }
            && !await Question.MayAsync(session, yes, $"{target.Target.Name}: undo the apply of {ReportWords.ToTheSecond(receipt.StartedAt)} ({ReportWords.Ago(session.Time.GetUtcNow() - receipt.StartedAt)})?", cancellationToken))
        {
            return (ExitCodes.Differences, "left as it is");
        }

        return await new Undo(session.Time).RollBackAsync(await session.ProviderOfAsync(target, cancellationToken), target.Target, books, "rollback", cancellationToken) switch
        {
            UndoResult.Undone => (ExitCodes.Ok, "undone: as it was before the last apply; nothing more is changed unattended until you run `apply` yourself"),
            _ => (ExitCodes.Ok, "nothing to undo"),
        };
    }
}
