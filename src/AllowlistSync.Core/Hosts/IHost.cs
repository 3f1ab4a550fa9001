using System.Collections.Immutable;

namespace AllowlistSync.Core.Hosts;

/// <summary>The machine that a host provider works on.</summary>
public interface IHost
{
    /// <summary>For messages: <c>local</c>, <c>ssh://user@host</c>.</summary>
    string Name { get; }

    /// <summary>
    /// Runs a program with <c>LC_ALL=C</c> and a fixed search path, and waits for it. A program that is not there, that cannot be started, or that does not end in time, is a
    /// <see cref="HostException"/>; an exit code other than 0 is a result.
    /// </summary>
    ValueTask<CommandResult> RunAsync(HostCommand command, CancellationToken cancellationToken);

    /// <summary>Its files.</summary>
    IHostFiles Files { get; }

    /// <summary>Its system bus.</summary>
    ISystemBus Bus { get; }
}

/// <summary>A program and its arguments, never a shell line.</summary>
/// <param name="Program">The name, looked up in the fixed search path.</param>
/// <param name="Arguments">The arguments, each as it is.</param>
public sealed record HostCommand(string Program, ImmutableArray<string> Arguments)
{
    /// <summary>What the program reads from its standard input, UTF-8.</summary>
    public ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>
    /// Set when half of the input would be obeyed as if it were the whole. The host then hands over an input that does not fit
    /// into a pipe at once (64 KiB on Linux, pipe(7)) as a finished file, whose path takes the place of the argument <c>-</c>: a
    /// writer that dies in the middle leaves nothing to obey.
    /// </summary>
    public bool InputIsIndivisible { get; init; }

    /// <summary>Variables besides <c>LC_ALL</c> and <c>PATH</c>; never a secret.</summary>
    public ImmutableDictionary<string, string> Environment { get; init; } = ImmutableDictionary<string, string>.Empty;

    /// <summary>Set when it changes nothing and reads nothing from its standard input: asked twice with nothing changed in between, it says the same.</summary>
    public bool OnlyLooks { get; init; }

    /// <summary>How long it may take.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>The command as a person would write it, for messages.</summary>
    public override string ToString() => string.Join(' ', Arguments.Prepend(Program));
}

/// <summary>How a program ended.</summary>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="Output">Its standard output as it came.</param>
/// <param name="Error">Its standard error.</param>
public sealed record CommandResult(int ExitCode, ReadOnlyMemory<byte> Output, string Error);

/// <summary>Why a host did not do what was asked.</summary>
public enum HostFailure
{
    /// <summary>The program is not installed; nobody has that name on the bus, or there is no bus.</summary>
    NotFound,

    /// <summary>It did not end in time and was stopped; a service did not answer.</summary>
    TimedOut,

    /// <summary>It was not started, because the host could not prepare or begin it: its input could not be put into a file, no memory, not executable.</summary>
    CannotStart,

    /// <summary>This user may not.</summary>
    Denied,

    /// <summary>A file could not be read or written: a full disk, a read-only file system, a directory in its place.</summary>
    FileFailed,
}

/// <summary>A program could not be run to its end, or a file not be read or written.</summary>
public sealed class HostException : Exception
{
    /// <summary>Makes the exception.</summary>
    public HostException(HostFailure failure, string message, Exception? inner = null)
        : base(message, inner) => Failure = failure;

    /// <summary>Why.</summary>
    public HostFailure Failure { get; }
}
