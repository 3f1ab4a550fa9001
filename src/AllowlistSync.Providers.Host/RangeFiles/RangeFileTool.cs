using System.Collections.Immutable;
using System.Text;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.RangeFiles;

/// <summary>Why a check or a reload did not go well.</summary>
/// <param name="Kind">What went wrong.</param>
/// <param name="Said">The command, and what it said.</param>
/// <param name="Remedy">What a person can do.</param>
internal sealed record RangeFileFault(FailureKind Kind, string Said, string Remedy);

/// <summary>The files of a target and the programs of its operator. What these programs say is passed on and never interpreted: their exit code decides.</summary>
internal sealed class RangeFileTool(IHost host, RangeFileOptions options)
{
    private const int MostLines = 6;
    private const int LongestLine = 300;

    /// <summary>Reads a file; null when it is not there.</summary>
    public async ValueTask<HostFile?> ReadAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await host.Files.ReadAsync(path, cancellationToken);
        }
        catch (HostException failed)
        {
            throw Failure(failed, failed.Failure == HostFailure.Denied ? $"run as a user that may read {path}; if it is a directory, name a file in `path`" : "mend what the message names and run again");
        }
    }

    /// <summary>Makes a file be as it shall be; null takes it away. Throws what the host says.</summary>
    public ValueTask PutAsync(string path, FileText? text, CancellationToken cancellationToken) => text is null
        ? host.Files.DeleteAsync(path, cancellationToken)
        : host.Files.ReplaceAsync(path, text.Content, text.Mode, cancellationToken);

    /// <summary>Runs a program of the operator; null when it ended with 0 or there is none.</summary>
    public async ValueTask<RangeFileFault?> RunAsync(ImmutableArray<string> command)
    {
        if (command.IsEmpty)
        {
            return null;
        }

        var run = new HostCommand(command[0], command[1..]) { Timeout = options.Timeout };
        try
        {
            // Once begun it is done or taken back, whoever has lost his patience.
            var result = await host.RunAsync(run, CancellationToken.None);
            return result.ExitCode == 0 ? null : new RangeFileFault(FailureKind.Conflict, $"`{run}` {Ending(result)}", "mend what it names and run again");
        }
        catch (HostException failed)
        {
            return Fault(failed);
        }
    }

    /// <summary>A failure of a file before anything was changed.</summary>
    public static ProviderException Failure(HostException failed, string remedy, Aftermath aftermath = Aftermath.Untouched) =>
        new(Fault(failed).Kind, aftermath, failed.Message, remedy, failed);

    private static RangeFileFault Fault(HostException failed) => failed.Failure switch
    {
        HostFailure.NotFound => new(FailureKind.Unavailable, failed.Message, "install the program, or write its whole path"),
        HostFailure.Denied => new(FailureKind.Permission, failed.Message, "run as a user that may do this, mostly root"),
        HostFailure.TimedOut => new(FailureKind.Transient, failed.Message, "find out what it waits for; a longer `timeout` may help"),
        _ => new(FailureKind.Unavailable, failed.Message, "mend what the message names and run again"),
    };

    // Web servers say it on either stream.
    private static string Ending(CommandResult result)
    {
        var lines = (result.Error + "\n" + Encoding.UTF8.GetString(result.Output.Span)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var said = lines.Take(MostLines).Select(line => line.Length > LongestLine ? line[..LongestLine] + "..." : line).ToList();
        var how = result.ExitCode > 128 ? $"was ended by signal {result.ExitCode - 128}" : $"ended with {result.ExitCode}";
        return said.Count == 0 ? $"{how} and said nothing" : $"{how}: {string.Join(" | ", said)}";
    }
}
