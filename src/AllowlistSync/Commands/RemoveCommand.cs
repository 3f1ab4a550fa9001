using System.CommandLine;
using AllowlistSync.Core;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Output;

namespace AllowlistSync.Commands;

/// <summary><c>remove</c>: takes everything that we made out of targets.</summary>
internal static class RemoveCommand
{
    public static Command Create(Shell shell)
    {
        var command = new ExampleCommand(
            "remove",
            "Takes everything that allowlist-sync made out of the targets, and nothing else",
            "allowlist-sync remove --target web",
            "allowlist-sync remove --yes")
        {
            ApplyCommand.Yes,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(shell, GlobalOptions.Read(parsed), parsed.GetValue(ApplyCommand.Yes), cancellationToken));
        return command;
    }

    private static Task<int> RunAsync(Shell shell, GlobalArguments arguments, bool yes, CancellationToken cancellationToken) =>
        Session.UseAsync(shell, arguments, ConfigNeed.Required, async session =>
        {
            if (!yes && !shell.CanAsk)
            {
                await shell.Error.WriteLineAsync("nothing was removed: without a terminal to ask at, `remove` needs --yes");
                return ExitCodes.Usage;
            }

            var options = new RunOptions { RunId = session.RunId, Purpose = RunPurpose.Remove, Ask = Question.Before(session, yes) };
            var report = await new Runner(session).RunAsync("remove", options, cancellationToken);
            await session.WriteAsync(report);
            return report.ExitCode;
        }, cancellationToken);
}
