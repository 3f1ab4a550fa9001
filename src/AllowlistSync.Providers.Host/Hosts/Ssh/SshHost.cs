using System.Collections.Immutable;
using System.Globalization;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Hosts.Ssh;

/// <summary>
/// A host that is reached by the OpenSSH client of this machine. Programs get the same environment, and end in the same ways, as on this machine. An input reaches a program as a whole or not at all. A program
/// that takes too long is stopped there by timeout(1) where the host has it, even if the connection is lost in the meantime; where it has not, it is left to itself.
/// </summary>
public sealed class SshHost : IHost, IAsyncDisposable
{
    private const int StoppedLate = 124;
    private const int CannotExecute = 126;
    private const int Killed = 137;

    private readonly SshConnection _connection;
    private readonly TimeProvider _time;

    /// <summary>A host, not signed in to yet.</summary>
    /// <param name="address">The host.</param>
    /// <param name="options">How it is signed in to.</param>
    /// <param name="local">Where ssh runs.</param>
    /// <param name="time">The clock.</param>
    public SshHost(SshAddress address, SshOptions options, LocalHost local, TimeProvider? time = null)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(options);
        _time = time ?? TimeProvider.System;
        _connection = new SshConnection(address, options, local);
        Name = address.ToString();
        Files = new SshFiles(_connection, Name);
        Bus = new SshBus(_connection, Name, options.Sudo);
        Watcher = new SshWatcher(_connection, Name);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <inheritdoc/>
    public IHostFiles Files { get; }

    /// <inheritdoc/>
    public ISystemBus Bus { get; }

    /// <summary>Watches it by programs.</summary>
    public IHostWatcher Watcher { get; }

    /// <summary>True while somebody is signed in.</summary>
    public bool IsOpen => _connection.IsOpen;

    /// <summary>Signs in; what is in the way is a failure with its remedy, and nothing was done on the host.</summary>
    public ValueTask OpenAsync(CancellationToken cancellationToken) => ToldAsync(_connection.OpenAsync(cancellationToken));

    /// <summary>Signs in, also when that failed before.</summary>
    public ValueTask OpenAnewAsync(CancellationToken cancellationToken) => ToldAsync(_connection.OpenAnewAsync(cancellationToken));

    private async ValueTask ToldAsync(ValueTask<RemoteShell> opening)
    {
        try
        {
            await opening;
        }
        catch (SshLoginException failure)
        {
            throw new ProviderException(failure.Problem.Kind, Aftermath.Untouched, $"{Name}: {failure.Problem.Says}", failure.Problem.Remedy, failure);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<CommandResult> RunAsync(HostCommand command, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        var canStop = await CanStopAsync(command, cancellationToken);
        var begin = _time.GetTimestamp();
        var task = new RemoteTask($"{command}", RemoteScripts.Run, Words(command, canStop), command.Timeout) { Input = command.Input, OnlyLooks = command.OnlyLooks };
        var answer = await _connection.RunAsync(task, cancellationToken);
        var isLate = canStop && _time.GetElapsedTime(begin) >= command.Timeout;
        return answer.Word switch
        {
            "missing" => throw new HostException(HostFailure.NotFound, $"{command.Program} is not installed on {Name}"),
            "full" => throw new HostException(HostFailure.CannotStart, $"the input of `{command}` ({command.Input.Length} bytes) could not be written into a file on {Name}: {SshErrors.Shorten(answer.Error, "no reason was given")}; the program was not started"),
            "short" => throw new HostException(HostFailure.CannotStart, $"the input of `{command}` ({command.Input.Length} bytes) did not reach {Name} as a whole, so the program was not started"),
            _ => Ended(command, ExitCode(answer.Word), isLate, answer),
        };
    }

    /// <summary>Ends the connection.</summary>
    public ValueTask DisposeAsync() => _connection.DisposeAsync();

    private async ValueTask<bool> CanStopAsync(HostCommand command, CancellationToken cancellationToken)
    {
        try
        {
            return (await _connection.OpenAsync(cancellationToken)).CanStop;
        }
        catch (SshLoginException failure)
        {
            throw new HostException(HostFailure.CannotStart, $"`{command}` was not started on {Name}: {failure.Message}", failure);
        }
    }

    private CommandResult Ended(HostCommand command, int exitCode, bool isLate, RemoteAnswer answer) => exitCode switch
    {
        StoppedLate or Killed when isLate => throw new HostException(HostFailure.TimedOut, $"`{command}` did not end within {command.Timeout.TotalSeconds:0} s on {Name} and was stopped"),
        CannotExecute => throw new HostException(HostFailure.CannotStart, $"`{command.Program}` could not be started on {Name}: {SshErrors.Shorten(answer.Error, "it cannot be executed")}"),
        _ => new CommandResult(exitCode, answer.Output, answer.Error),
    };

    private static ImmutableArray<string> Words(HostCommand command, bool canStop) =>
    [
        command.Input.IsEmpty ? "-" : command.Input.Length.ToString(CultureInfo.InvariantCulture),
        canStop ? ((int)Math.Ceiling(command.Timeout.TotalSeconds)).ToString(CultureInfo.InvariantCulture) : "-",
        command.Program,
        .. command.Environment.Select(variable => $"{variable.Key}={variable.Value}"),
        command.Program,
        .. command.Arguments,
    ];

    private static int ExitCode(string word) => int.Parse(word.Split(' ')[1], CultureInfo.InvariantCulture);
}
