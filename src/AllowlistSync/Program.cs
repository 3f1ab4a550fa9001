using AllowlistSync.Commands;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Output;

// One of the few catch-alls of the program: what reaches this place is a bug, and an administrator must not read a stack first.
var shell = Shell.OfProcess();
try
{
    return await CommandTable.InvokeAsync(args, shell);
}
catch (OperationCanceledException)
{
    await shell.Error.WriteLineAsync("stopped; a change that had begun was made as a whole or not at all");
    return ExitCodes.Failed;
}
#pragma warning disable CA1031 // The last resort of the program.
catch (Exception bug)
#pragma warning restore CA1031
{
    await shell.Error.WriteLineAsync($"internal error: {bug.Message}\nPlease report this, together with what you did:\n{bug}");
    return ExitCodes.Failed;
}
