using AllowlistSync.Configuration;
using AllowlistSync.Core.Applying;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.State;
using AllowlistSync.Output;

namespace AllowlistSync.Commands;

/// <summary>What confirm and rollback have in common: each target under its lock, one result a target, one exit code for all.</summary>
internal static class LastApply
{
    public static async Task<int> ForEachAsync(
        Session session, string command, Func<TargetConfig, Task<(int ExitCode, string Message)>> action, CancellationToken cancellationToken)
    {
        var results = new List<TargetResult>();
        foreach (var target in session.Targets)
        {
            results.Add(await OneAsync(session, command, target, action, cancellationToken));
        }

        await TargetResults.WriteAsync(command, results, session.Format, session.Shell.Out);
        var codes = results.Select(result => result.ExitCode).Distinct().ToList();
        return codes.Count switch
        {
            0 => ExitCodes.Ok,
            1 => codes[0],
            _ => ExitCodes.Partly,
        };
    }

    private static async Task<TargetResult> OneAsync(
        Session session, string command, TargetConfig target, Func<TargetConfig, Task<(int ExitCode, string Message)>> action, CancellationToken cancellationToken)
    {
        var name = target.Target.Name;
        try
        {
            await using var hold = await session.State.Target(name).LockAsync(command, cancellationToken);
            var (exitCode, message) = await action(target);
            return new TargetResult(name, exitCode, message);
        }
        catch (TargetLockedException locked)
        {
            return new TargetResult(name, ExitCodes.Locked, locked.Message);
        }
        catch (ProviderException failure)
        {
            return new TargetResult(name, ExitCodes.Failed, $"{failure.Message}; {failure.Remedy}");
        }
        catch (OpenBooksException open)
        {
            return new TargetResult(name, ExitCodes.Failed, $"{open.Message}; {open.Remedy}");
        }
        catch (StateException failure)
        {
            return new TargetResult(name, ExitCodes.Failed, $"{failure.Message}; {failure.Remedy}");
        }
    }
}
