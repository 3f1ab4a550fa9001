using System.CommandLine;
using AllowlistSync.Core.Applying;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Output;

namespace AllowlistSync.Commands;

/// <summary><c>confirm</c>: keeps the last apply of the targets.</summary>
internal static class ConfirmCommand
{
    public static Command Create(Shell shell)
    {
        var command = new ExampleCommand("confirm", "Keeps the last apply, so that it is not undone", "allowlist-sync confirm", "allowlist-sync confirm --target web");
        command.SetAction((parsed, cancellationToken) => RunAsync(shell, GlobalOptions.Read(parsed), cancellationToken));
        return command;
    }

    private static Task<int> RunAsync(Shell shell, GlobalArguments arguments, CancellationToken cancellationToken) =>
        Session.UseAsync(shell, arguments, ConfigNeed.Required, session => LastApply.ForEachAsync(
            session,
            "confirm",
            async target => await new Undo(session.Time).ConfirmAsync(session.State.Target(target.Target.Name), cancellationToken) switch
            {
                UndoResult.Confirmed => (ExitCodes.Ok, "confirmed: the last apply stays"),
                UndoResult.TooLate => (ExitCodes.Refused, "too late: the last apply was undone, or is being undone now; run `apply` again"),
                _ => (ExitCodes.Ok, "nothing waits to be confirmed"),
            },
            cancellationToken), cancellationToken);
}
