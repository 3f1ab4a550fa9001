using System.CommandLine;
using AllowlistSync.Core.Applying;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Output;

namespace AllowlistSync.Commands;

/// <summary><c>rollback</c>: undoes the last apply of the targets.</summary>
internal static class RollbackCommand
{
    public static Command Create(Shell shell)
    {
        var command = new ExampleCommand("rollback", "Undoes the last apply: what allowlist-sync made is put back as it was before", "allowlist-sync rollback --target web");
        command.SetAction((parsed, cancellationToken) => RunAsync(shell, GlobalOptions.Read(parsed), cancellationToken));
        return command;
    }

    private static Task<int> RunAsync(Shell shell, GlobalArguments arguments, CancellationToken cancellationToken) =>
        Session.UseAsync(shell, arguments, ConfigNeed.Required, session => LastApply.ForEachAsync(
            session,
            "rollback",
            async target => await new Undo(session.Time).RollBackAsync(Session.ProviderOf(target), target.Target, session.State.Target(target.Target.Name), "rollback", cancellationToken) switch
            {
                UndoResult.Undone => (ExitCodes.Ok, "undone: as it was before the last apply; the same plan is not carried out again unless you approve it"),
                _ => (ExitCodes.Ok, "nothing to undo"),
            },
            cancellationToken), cancellationToken);
}
