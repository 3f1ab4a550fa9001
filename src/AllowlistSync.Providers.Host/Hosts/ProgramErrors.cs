using System.Collections.Immutable;
using System.Text;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Hosts;

/// <summary>A text that a program says when it fails, and what it means.</summary>
/// <param name="Text">A part of the message, under LC_ALL=C.</param>
/// <param name="Kind">What went wrong.</param>
/// <param name="Remedy">What a person can do.</param>
internal sealed record ProgramMessage(string Text, FailureKind Kind, string Remedy)
{
    /// <summary>Set when the kernel may have done it all, although the program says that it failed (it could not take the kernel's answer).</summary>
    public bool MayBeDone { get; init; }
}

/// <summary>How the programs of one tool end badly, as failures. The messages belong to the tool; what a signal, a missing program and a lost answer mean is the same for all.</summary>
internal sealed record ProgramErrors
{
    private const int MostLines = 4;

    // signal(7); some programs end with -1, which is 255.
    private const int LastSignal = 64;

    /// <summary>What the tool says; the first text that is in a message decides.</summary>
    public required ImmutableArray<ProgramMessage> Messages { get; init; }

    /// <summary>What to do about a message that is none of these.</summary>
    public required string Unknown { get; init; }

    /// <summary>What to do when a program is not installed.</summary>
    public required string Install { get; init; }

    /// <summary>What the next run does, such as <c>the next run reads the rules afresh</c>.</summary>
    public required string Afresh { get; init; }

    /// <summary>What to do when a program could not be started.</summary>
    public string CannotStart { get; init; } = "mend what the message names and run again";

    /// <summary>Runs a program; one that cannot be run to its end is a failure, and an exit code is not.</summary>
    /// <param name="host">Where.</param>
    /// <param name="command">The program.</param>
    /// <param name="whenLost">What is left behind when it does not answer.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async ValueTask<CommandResult> RunAsync(IHost host, HostCommand command, Aftermath whenLost, CancellationToken cancellationToken)
    {
        try
        {
            return await host.RunAsync(command, cancellationToken);
        }
        catch (HostException failed)
        {
            throw Of(failed, whenLost);
        }
    }

    /// <summary>A file of the tool as UTF-8; null when there is none.</summary>
    public async ValueTask<string?> ReadAsync(IHost host, string path, CancellationToken cancellationToken)
    {
        try
        {
            return (await host.Files.ReadAsync(path, cancellationToken))?.Text;
        }
        catch (HostException failed)
        {
            throw Of(failed, Aftermath.Untouched);
        }
    }

    /// <summary>Puts a file of the tool in place, or takes it away.</summary>
    /// <param name="host">Where.</param>
    /// <param name="path">The file.</param>
    /// <param name="content">What it shall hold; null takes it away.</param>
    /// <param name="mode">The mode of a file that was not there.</param>
    /// <param name="whenFailed">What is left behind when the disk refuses it.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public async ValueTask PutAsync(IHost host, string path, string? content, UnixFileMode mode, Aftermath whenFailed, CancellationToken cancellationToken)
    {
        try
        {
            await (content is null ? host.Files.DeleteAsync(path, cancellationToken) : host.Files.ReplaceAsync(path, Encoding.UTF8.GetBytes(content), mode, cancellationToken));
        }
        catch (HostException failed)
        {
            throw Of(failed, whenFailed);
        }
    }

    /// <summary>
    /// A program that ended badly. Every change is one transaction: when it says why it failed, nothing was changed. When it was ended by a signal (128 + its number), the kernel may have
    /// done it all.
    /// </summary>
    public ProviderException Of(HostCommand command, CommandResult result, Aftermath whenLost, string quote = "")
    {
        if (result.ExitCode is > 128 and <= 128 + LastSignal)
        {
            return new ProviderException(FailureKind.Transient, whenLost, $"`{command}` was ended by signal {result.ExitCode - 128}", $"find out who ended it (out of memory?) and run again; {Afresh}");
        }

        var lines = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Where(line => !line.StartsWith("Try `", StringComparison.Ordinal));
        var said = string.Join(" | ", lines.Take(MostLines)) + quote;
        var message = Messages.FirstOrDefault(message => result.Error.Contains(message.Text, StringComparison.Ordinal)) ?? new ProgramMessage("", FailureKind.Protocol, Unknown);
        return new ProviderException(
            message.Kind, message.MayBeDone ? whenLost : Aftermath.Untouched, $"`{command}` failed: {(said.Length == 0 ? $"exit code {result.ExitCode}, and it said nothing" : said)}", message.Remedy);
    }

    /// <summary>A program that could not be run to its end, or a file of the tool that could not be read.</summary>
    public ProviderException Of(HostException failure, Aftermath whenLost) => failure.Failure switch
    {
        HostFailure.NotFound => new(FailureKind.Unavailable, Aftermath.Untouched, failure.Message, Install, failure),
        HostFailure.CannotStart => new(FailureKind.Unavailable, Aftermath.Untouched, failure.Message, CannotStart, failure),
        HostFailure.Denied => new(FailureKind.Permission, Aftermath.Untouched, failure.Message, "run as root", failure),
        HostFailure.FileFailed => new(FailureKind.Unavailable, whenLost, failure.Message, "mend what the message names and run again", failure),
        _ => new(FailureKind.Transient, whenLost, failure.Message, $"run again; {Afresh}", failure),
    };
}
