using System.ComponentModel;
using System.Runtime.CompilerServices;
using AllowlistSync.Core.Hosts;
using MedallionCommand = Medallion.Shell.Command;

namespace AllowlistSync.Providers.Host.Hosts;

/// <summary>
/// This machine. The one file that knows the library that runs programs (MedallionShell; CliWrap takes its place once it can be
/// restored). Programs get a cleared environment with <c>LC_ALL=C</c> and the standard search path, so that neither language
/// nor a stranger's variables change what they do.
/// </summary>
public sealed class LocalHost : IHost
{
    // pipe(7): a pipe holds 64 KiB; what is written into an empty one at once is there even if the writer dies.
    private const int PipeCapacity = 64 * 1024;

    private const int NoSuchFile = 2;

    // What nsenter and its like end with when there is no such program (nsenter(1), env(1)).
    private const int CannotExecute = 127;

    private const int KeptLines = 20;

    private readonly string[] _prefix;

    /// <summary>This machine.</summary>
    public LocalHost()
        : this(new LocalFiles(), new SystemBus())
    {
    }

    /// <summary>A part of this machine: a prefix such as <c>nsenter -t PID -m -n --</c> runs every program inside other namespaces.</summary>
    /// <param name="files">The files as those programs see them.</param>
    /// <param name="bus">The system bus as those programs see it.</param>
    /// <param name="prefix">What is put before every program.</param>
    public LocalHost(IHostFiles files, ISystemBus bus, params string[] prefix) => (Files, Bus, _prefix) = (files, bus, prefix);

    /// <inheritdoc/>
    public string Name => "local";

    /// <inheritdoc/>
    public IHostFiles Files { get; }

    /// <inheritdoc/>
    public ISystemBus Bus { get; }

    /// <inheritdoc/>
    public async ValueTask<CommandResult> RunAsync(HostCommand command, CancellationToken cancellationToken)
    {
        if (command.InputIsIndivisible && command.Input.Length > PipeCapacity)
        {
            using var file = await SpooledInput.CreateAsync(command, cancellationToken);
            return await StartAsync(command with { Arguments = [.. command.Arguments.Select(argument => argument == "-" ? file.Path : argument)], Input = default }, cancellationToken);
        }

        return await StartAsync(command, cancellationToken);
    }

    /// <summary>Runs a program that prints a line now and then, until cancelled; then it is gone. Its end is the end of the lines.</summary>
    public async IAsyncEnumerable<string> LinesAsync(HostCommand command, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(command);
        using var running = Start([.. _prefix, command.Program, .. command.Arguments], command);

        // A read of a pipe cannot be cancelled; the end of the program ends it.
        await using var stop = cancellationToken.Register(() => running.Process.Kill(entireProcessTree: true));
        try
        {
            running.StandardInput.Dispose();
            var error = EndOfAsync(running.StandardError);
            while (await running.StandardOutput.ReadLineAsync(cancellationToken) is { } line)
            {
                yield return line;
            }

            cancellationToken.ThrowIfCancellationRequested();
            throw new HostException(HostFailure.CannotStart, $"`{command}` ended: {(await error is { Length: > 0 } said ? said : "it said nothing")}");
        }
        finally
        {
            running.Process.Kill(entireProcessTree: true);
        }
    }

    // What a program that runs for months complained of is not kept, except for its last words.
    private static async Task<string> EndOfAsync(TextReader error)
    {
        var lines = new Queue<string>();
        while (await error.ReadLineAsync() is { } line)
        {
            lines.Enqueue(line);
            if (lines.Count > KeptLines)
            {
                lines.Dequeue();
            }
        }

        return string.Join('\n', lines).Trim();
    }

    private async Task<CommandResult> StartAsync(HostCommand command, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(command.Timeout);
        try
        {
            var result = await RunToEndAsync([.. _prefix, command.Program, .. command.Arguments], command, stop.Token);
            return _prefix.Length == 0 || result.ExitCode != CannotExecute
                ? result
                : throw new HostException(HostFailure.NotFound, $"{command.Program} is not installed on {Name}");
        }
        catch (Win32Exception refused) when (refused.NativeErrorCode != NoSuchFile)
        {
            throw new HostException(HostFailure.CannotStart, $"`{command.Program}` could not be started on {Name}: {refused.Message}", refused);
        }
        catch (Win32Exception missing)
        {
            throw new HostException(HostFailure.NotFound, $"{command.Program} is not installed on {Name}", missing);
        }
        catch (OperationCanceledException slow) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HostException(HostFailure.TimedOut, $"`{command}` did not end within {command.Timeout.TotalSeconds:0} s and was stopped", slow);
        }
    }

    /// <summary>Starts a program that runs until it is let go.</summary>
    internal HeldProgram Hold(HostCommand command)
    {
        try
        {
            var running = Start([.. _prefix, command.Program, .. command.Arguments], command);
            return new HeldProgram(running, running.Process, running.StandardInput, running.StandardOutput, running.StandardError);
        }
        catch (Win32Exception missing)
        {
            throw new HostException(missing.NativeErrorCode == NoSuchFile ? HostFailure.NotFound : HostFailure.CannotStart, $"`{command.Program}` could not be started on {Name}: {missing.Message}", missing);
        }
    }

    private static async Task<CommandResult> RunToEndAsync(string[] argv, HostCommand command, CancellationToken cancellationToken)
    {
        using var output = new MemoryStream();
        using var running = Start(argv, command);
        try
        {
            var input = FeedAsync(running, command.Input, cancellationToken);
            var error = running.StandardError.ReadToEndAsync(cancellationToken);
            await running.StandardOutput.BaseStream.CopyToAsync(output, cancellationToken);
            await input;
            var result = await running.Task.WaitAsync(cancellationToken);
            return new CommandResult(result.ExitCode, output.ToArray(), await error);
        }
        catch (OperationCanceledException)
        {
            // Whoever goes on must not meet a program that still works: it and all that it started are gone before we return.
            running.Process.Kill(entireProcessTree: true);
            await running.Process.WaitForExitAsync(CancellationToken.None);
            throw;
        }
    }

    private static MedallionCommand Start(string[] argv, HostCommand command) => MedallionCommand.Run(argv[0], argv[1..], options => options
        .DisposeOnExit(false)
        .StartInfo(start =>
        {
            start.Environment.Clear();
            start.Environment["LC_ALL"] = "C";
            start.Environment["PATH"] = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";
            foreach (var (name, value) in command.Environment)
            {
                start.Environment[name] = value;
            }
        }));

    // A program that refuses its input early closes the pipe; its exit code and messages tell why.
    private static async Task FeedAsync(MedallionCommand running, ReadOnlyMemory<byte> input, CancellationToken cancellationToken)
    {
        var stream = running.StandardInput.BaseStream;
        try
        {
            await stream.WriteAsync(input, cancellationToken);
            await stream.FlushAsync(cancellationToken);
        }
        catch (IOException)
        {
            return;
        }
        finally
        {
            running.StandardInput.Dispose();
        }
    }
}
