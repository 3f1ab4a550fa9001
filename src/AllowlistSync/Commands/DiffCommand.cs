using System.CommandLine;
using AllowlistSync.Core;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Output;

namespace AllowlistSync.Commands;

/// <summary><c>diff</c>: fetches, judges, reads, plans, prints; changes nothing.</summary>
internal static class DiffCommand
{
    private static readonly Option<string?> Out = new("--out")
    {
        Description = "Also write the plans to a file, for `apply --plan`",
        HelpName = "FILE",
    };

    public static Command Create(Shell shell)
    {
        var command = new ExampleCommand(
            "diff",
            "Shows what would change; changes nothing",
            "allowlist-sync diff",
            "allowlist-sync diff --target web --output json",
            "allowlist-sync diff --out plan.json && allowlist-sync apply --plan plan.json")
        {
            Out,
        };
        command.SetAction((parsed, cancellationToken) => RunAsync(shell, GlobalOptions.Read(parsed), parsed.GetValue(Out), cancellationToken));
        return command;
    }

    private static Task<int> RunAsync(Shell shell, GlobalArguments arguments, string? planPath, CancellationToken cancellationToken) =>
        Session.UseAsync(shell, arguments, ConfigNeed.MayBeImplied, async session =>
        {
            var report = await new Runner(session).RunAsync("diff", new RunOptions { RunId = session.RunId, Purpose = RunPurpose.Look }, cancellationToken);
            await session.WriteAsync(report);
            return planPath is null || await WritePlanAsync(session, planPath, report, cancellationToken) ? report.ExitCode : ExitCodes.Failed;
        }, cancellationToken);

    private static async Task<bool> WritePlanAsync(Session session, string path, RunReport report, CancellationToken cancellationToken)
    {
        try
        {
            await PlanFile.WriteAsync(path, report, cancellationToken);
            return true;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            await session.Shell.Error.WriteLineAsync($"{path} cannot be written: {failure.Clause()}; name another file with --out");
            return false;
        }
    }
}
