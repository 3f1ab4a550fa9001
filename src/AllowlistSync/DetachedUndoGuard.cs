using System.Collections;
using System.Collections.Immutable;
using System.Text;
using AllowlistSync.Commands;
using AllowlistSync.Core.Applying;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.State;

namespace AllowlistSync;

/// <summary>Starts the undo guard so that it survives this process and its terminal, and knows that it runs before anything is changed.</summary>
internal sealed class DetachedUndoGuard(IHost host, string configPath) : IUndoGuard
{
    /// <inheritdoc/>
    public async ValueTask ArmAsync(Receipt receipt, CancellationToken cancellationToken)
    {
        // setsid(1): a session of its own, so that the end of an ssh connection does not end it.
        var command = new HostCommand("setsid", ["--fork", .. Self(), UndoGuardCommand.Name, "--config", configPath, "--target", receipt.Target]) { Environment = Ours() };
        var result = await StartAsync(command, cancellationToken);
        if (!Encoding.UTF8.GetString(result.Output.Span).Contains(UndoGuardCommand.Ready, StringComparison.Ordinal))
        {
            throw new ProviderException(FailureKind.Unavailable, Aftermath.Untouched, $"the process that would undo the change could not be started: {result.Error.Trim()}", "run without --confirm-within, or find out why it does not start");
        }
    }

    private async ValueTask<CommandResult> StartAsync(HostCommand command, CancellationToken cancellationToken)
    {
        try
        {
            return await host.RunAsync(command, cancellationToken);
        }
        catch (HostException failure)
        {
            throw new ProviderException(FailureKind.Unavailable, Aftermath.Untouched, $"the process that would undo the change could not be started: {failure.Message}", "install util-linux (setsid), or run without --confirm-within", failure);
        }
    }

    // `dotnet allowlist-sync.dll` has the runtime as its process; the program itself is then the first argument.
    private static ImmutableArray<string> Self() =>
        Path.GetFileNameWithoutExtension(Environment.ProcessPath) == "dotnet"
            ? [Environment.ProcessPath!, Environment.GetCommandLineArgs()[0]]
            : [Environment.ProcessPath!];

    // It must find the runtime, the state and the name of the node as this process did, and each of them may stand in a variable.
    private static ImmutableDictionary<string, string> Ours() => Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
        .ToImmutableDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal);
}
