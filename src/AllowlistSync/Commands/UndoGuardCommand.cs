using System.CommandLine;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Output;

namespace AllowlistSync.Commands;

/// <summary>
/// The hidden command that <c>apply --confirm-within</c> leaves running: it waits for the deadline, and undoes the change unless it
/// was confirmed. It lives on when the session that started it ends; when it is killed, the next start of any command does its work. See <see cref="UndoWatch"/>.
/// </summary>
internal static class UndoGuardCommand
{
    /// <summary>The name of the command.</summary>
    public const string Name = "undo-guard";

    /// <summary>What it prints once it is ready; then it lets go of the terminal.</summary>
    public const string Ready = "armed";

    public static Command Create(Shell shell)
    {
        var command = new Command(Name, "Undoes an unconfirmed change when its time is over") { Hidden = true };
        command.SetAction((parsed, cancellationToken) => RunAsync(shell, GlobalOptions.Read(parsed), cancellationToken));
        return command;
    }

    private static Task<int> RunAsync(Shell shell, GlobalArguments arguments, CancellationToken cancellationToken) =>
        Session.UseAsync(shell, arguments, ConfigNeed.WithoutSecrets, async session =>
        {
            var target = session.Targets.Single();
            var books = session.State.Target(target.Target.Name);
            if (await books.LoadReceiptAsync(cancellationToken) is not { AwaitsConfirmation: true } receipt)
            {
                return ExitCodes.Ok;
            }

            var watch = new UndoWatch(session, target, receipt, books, session.Time);
            await shell.Out.WriteLineAsync(Ready);
            await shell.Out.FlushAsync(cancellationToken);
            Detached.LetGoOfTheTerminal();
            await watch.RunAsync(cancellationToken);
            return ExitCodes.Ok;
        }, cancellationToken);
}
