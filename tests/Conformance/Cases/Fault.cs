using System.Collections.Immutable;
using AllowlistSync.Core.Hosts;
using AllowlistSync.CrashHost;

namespace AllowlistSync.Conformance.Cases;

/// <summary>Something that goes wrong at one step.</summary>
/// <param name="Name">What happens.</param>
/// <param name="IsBefore">Whether it happens in place of the step, or when the step is done.</param>
/// <param name="OfProgram">What is said in place of a program's answer.</param>
/// <param name="OfOther">What a file, or whatever else is no program, ends with.</param>
internal sealed record Fault(string Name, bool IsBefore, Func<HostCommand, CommandResult> OfProgram, HostFailure OfOther)
{
    /// <summary>All of them.</summary>
    public static readonly ImmutableArray<Fault> All =
    [
        new("the tool is missing", IsBefore: true, command => throw new HostException(HostFailure.NotFound, $"{command.Program} is not installed"), HostFailure.Denied),
        new("the tool fails", IsBefore: true, _ => new CommandResult(1, ReadOnlyMemory<byte>.Empty, "Error: something that nobody has heard of\n"), HostFailure.FileFailed),
        new("the tool is killed before it works", IsBefore: true, _ => new CommandResult(137, ReadOnlyMemory<byte>.Empty, ""), HostFailure.FileFailed),
        new("the tool hangs", IsBefore: true, command => throw new HostException(HostFailure.TimedOut, $"`{command}` did not end"), HostFailure.TimedOut),
        new("the tool is killed when it has worked", IsBefore: false, _ => new CommandResult(137, ReadOnlyMemory<byte>.Empty, ""), HostFailure.FileFailed),
        new("the answer is lost", IsBefore: false, _ => throw new HostException(HostFailure.TimedOut, "the connection was cut"), HostFailure.TimedOut),
    ];

    /// <summary>Lets it happen at one operation.</summary>
    public void Set(HostTap tap, int at)
    {
        if (IsBefore)
        {
            tap.Before = (number, command) => Task.FromResult(number == at ? OfProgram(command) : null);
            tap.BeforeOther = (number, operation) => number == at ? throw new HostException(OfOther, $"{operation}: {Name}") : Task.CompletedTask;
        }
        else
        {
            tap.After = (number, command, result) => number == at ? OfProgram(command) : result;
            tap.AfterOther = (number, operation) => _ = number == at ? throw new HostException(OfOther, $"{operation}: {Name}") : operation;
        }
    }
}
