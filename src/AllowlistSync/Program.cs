using AllowlistSync;
using AllowlistSync.Commands;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Output;

// Before anything else is opened.
ClosedStreams.Replace();

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
catch (ResultLostException lost)
{
    await shell.Error.WriteLineAsync($"the result could not be written to standard output: {lost.Message}; what was done is done, and `allowlist-sync status` tells it");
    return ExitCodes.Failed;
}
#pragma warning disable CA1031 // The last resort of the program.
catch (Exception bug)
#pragma warning restore CA1031
{
    await shell.Error.WriteLineAsync($"internal error: {bug.Message}\nPlease report this, together with what you did:\n{bug}");
    return ExitCodes.Failed;
}
