using System.CommandLine;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Output;
using AllowlistSync.Propose;

namespace AllowlistSync.Commands;

/// <summary><c>propose</c>: brings the ranges into repositories by pull requests.</summary>
internal static class ProposeCommand
{
    private static readonly Option<bool> DryRun = new("--dry-run")
    {
        Description = "Write nothing anywhere; show what would be pushed, and exit with 1 when something would",
    };

    public static Command Create(Shell shell)
    {
        var command = new ExampleCommand(
            "propose",
            "Opens one pull request per repository of `proposals`, keeps it up to date, and closes it when it is no longer needed",
            "allowlist-sync propose --dry-run",
            "allowlist-sync propose",
            "allowlist-sync propose --dry-run --output markdown")
        {
            DryRun,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(shell, GlobalOptions.Read(parsed), parsed.GetValue(DryRun), cancellationToken));
        return command;
    }

    private static Task<int> RunAsync(Shell shell, GlobalArguments arguments, bool dryRun, CancellationToken cancellationToken) =>
        Session.UseAsync(shell, arguments, ConfigNeed.Required, async session =>
        {
            if (session.Config.Proposals.IsEmpty)
            {
                await shell.Error.WriteLineAsync("there are no `proposals` in the configuration; nothing was done. Add a repository and the files that hold ranges (the README has an example under \"Pull requests of rule changes\")");
                return ExitCodes.Configuration;
            }

            var report = await new ProposalRun(session, dryRun).RunAsync(cancellationToken);
            ProposeOutput.Write(report, session.Format, shell);
            return report.ExitCode;
        }, cancellationToken);
}
