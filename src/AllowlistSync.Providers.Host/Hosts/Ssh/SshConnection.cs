using System.Collections.Immutable;
using System.Globalization;
using System.Security.Cryptography;
using AllowlistSync.Core.Hosts;

namespace AllowlistSync.Providers.Host.Hosts.Ssh;

/// <summary>What a script on the other side said in the end.</summary>
/// <param name="Word">Its last word, such as <c>exit 0</c>.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error without that word.</param>
internal sealed record RemoteAnswer(string Word, ReadOnlyMemory<byte> Output, string Error);

/// <summary>What was found when we signed in.</summary>
/// <param name="User">The number of the user who works there.</param>
/// <param name="CanStop">True when a program that takes too long can be stopped there (timeout(1)).</param>
internal sealed record RemoteShell(uint User, bool CanStop);

/// <summary>Nobody could be signed in; nothing was done on the host.</summary>
internal sealed class SshLoginException(SshProblem problem, Exception? inner = null) : Exception($"{problem.Says}; {problem.Remedy}", inner)
{
    public SshProblem Problem { get; } = problem;
}

/// <summary>
/// One connection to a host, shared by all that is done there. Made when it is first needed, and made anew when it was lost; a sign-in that failed is not tried again, so that a host that is down costs its
/// time-out once.
/// </summary>
internal sealed class SshConnection(SshAddress address, SshOptions options, LocalHost local) : IAsyncDisposable
{
    // sshd allows 10 sessions over one connection (MaxSessions, sshd_config(5)).
    private const int MostSessions = 8;

    // One argument of a program is at most 128 KiB (execve(2)), and the whole line is one for the other side's shell.
    private const int LongestLine = 120_000;

    private static readonly string[] AsRoot = ["sudo", "-n", "--"];

    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim _gate = new(1);
    private readonly SemaphoreSlim _sessions = new(MostSessions);
    private readonly string _mark = "als-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));
    private ImmutableList<HeldProgram> _holds = [];
    private SshClient? _client;
    private RemoteShell? _shell;
    private SshLoginException? _failure;
    private int _logs;

    /// <summary>Counts how often it was made.</summary>
    public int Generation { get; private set; }

    /// <summary>Signs in, unless somebody is.</summary>
    public async ValueTask<RemoteShell> OpenAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            return _failure is not null ? throw _failure : _shell ??= await SignInAsync(cancellationToken);
        }
        catch (SshLoginException failure)
        {
            _failure = failure;
            throw;
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>Runs a script to its end.</summary>
    /// <param name="what">What it does, for messages.</param>
    /// <param name="script">The script.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="input">Its input.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="cancellationToken">Gives up waiting; the other side stops by itself after its time.</param>
    public async ValueTask<RemoteAnswer> RunAsync(string what, string script, ImmutableArray<string> arguments, ReadOnlyMemory<byte> input, TimeSpan limit, CancellationToken cancellationToken)
    {
        var line = Line(what, script, arguments);
        for (var isSecond = false; ; isSecond = true)
        {
            await EnterAsync(what, cancellationToken);
            var generation = Generation;
            await _sessions.WaitAsync(cancellationToken);
            try
            {
                var log = NextLog();
                var result = await StartAsync(what, _client!.Run(line, log) with { Input = input, Timeout = limit + Slack }, limit, cancellationToken);
                if (Answer(what, result, TakeLog(log), isSecond) is { } answer)
                {
                    return answer;
                }
            }
            finally
            {
                _sessions.Release();
            }

            await ForgetAsync(generation, cancellationToken);
        }
    }

    /// <summary>Starts a script that runs until it is let go; the caller reads what it says.</summary>
    public async ValueTask<HeldProgram> HoldAsync(string what, string script, ImmutableArray<string> arguments, CancellationToken cancellationToken)
    {
        await EnterAsync(what, cancellationToken);
        var held = local.Hold(_client!.Run(Line(what, script, arguments), NextLog()));
        ImmutableInterlocked.Update(ref _holds, holds => holds.Add(held));
        return held;
    }

    /// <summary>Lets a script go.</summary>
    public async ValueTask LetGoAsync(HeldProgram held)
    {
        ImmutableInterlocked.Update(ref _holds, holds => holds.Remove(held));
        await held.DisposeAsync();
    }

    /// <summary>The mark in front of what our scripts say.</summary>
    public string Mark => _mark;

    /// <summary>Makes a socket here that leads to one of the host.</summary>
    public async ValueTask<string> ForwardAsync(string socket, CancellationToken cancellationToken)
    {
        await OpenAsync(cancellationToken);
        var here = $"{_client!.Directory}/s{Interlocked.Increment(ref _logs)}";
        var result = await local.RunAsync(_client.Forward(here, socket), cancellationToken);
        return result.ExitCode == 0 ? here : throw new HostException(HostFailure.NotFound, $"ssh could not make a way to {socket} of {address}: {SshErrors.Shorten(result.Error, "it said nothing")}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var held in _holds)
        {
            await held.DisposeAsync();
        }

        if (_client is { } client)
        {
            _client = null;
            await EndAsync(client);
        }

        _gate.Dispose();
        _sessions.Dispose();
    }

    // A lock ends with its connection: what was to be done under it must not be done without it.
    private async ValueTask EnterAsync(string what, CancellationToken cancellationToken)
    {
        if (_holds.Any(held => held.HasEnded))
        {
            throw new HostException(HostFailure.CannotStart, $"`{what}` was not started: the connection to {address} was lost, and with it a lock that was held there; run again");
        }

        try
        {
            await OpenAsync(cancellationToken);
        }
        catch (SshLoginException failure)
        {
            throw new HostException(HostFailure.CannotStart, $"`{what}` was not started on {address}: {failure.Message}", failure);
        }
    }

    private async ValueTask<RemoteShell> SignInAsync(CancellationToken cancellationToken)
    {
        var client = _client ??= new SshClient(address, options, MakeDirectory());
        var log = NextLog();
        CommandResult result;
        try
        {
            // ssh's own time-out covers the way to the host; this one covers a host that lets us in and says nothing.
            result = await local.RunAsync(client.Open(Line("sign in", RemoteScripts.Probe, []), log) with { Timeout = options.ConnectTimeout + TimeSpan.FromSeconds(1) }, cancellationToken);
        }
        catch (HostException failed)
        {
            throw new SshLoginException(failed.Failure == HostFailure.NotFound ? SshErrors.NoClient : SshErrors.Hangs(options.ConnectTimeout), failed);
        }

        Generation++;
        var said = TakeLog(log);
        return Split(result) is { } answer
            ? Shell(answer)
            : throw new SshLoginException(result.ExitCode == 255 ? SshErrors.OfLogin(said + result.Error) : SshErrors.OfShell(said + result.Error, result.ExitCode));
    }

    private static RemoteShell Shell(RemoteAnswer answer)
    {
        var words = System.Text.Encoding.ASCII.GetString(answer.Output.Span).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        return words is [.., var user, var stop] && uint.TryParse(user, CultureInfo.InvariantCulture, out var number)
            ? new RemoteShell(number, stop == "timeout")
            : throw new SshLoginException(SshErrors.OfShell(string.Join(' ', words), 0));
    }

    private async ValueTask<CommandResult> StartAsync(string what, HostCommand command, TimeSpan limit, CancellationToken cancellationToken)
    {
        try
        {
            return await local.RunAsync(command, cancellationToken);
        }
        catch (HostException slow) when (slow.Failure == HostFailure.TimedOut)
        {
            throw new HostException(HostFailure.TimedOut, $"`{what}` did not answer within {limit.TotalSeconds:0} s on {address}; what it did there is not known", slow);
        }
        catch (HostException failed)
        {
            throw new HostException(HostFailure.CannotStart, $"`{what}` was not started on {address}: {failed.Message}", failed);
        }
    }

    // Null when there was no connection to share, so nothing was started.
    private RemoteAnswer? Answer(string what, CommandResult result, string said, bool isSecond)
    {
        if (Split(result) is { } answer)
        {
            return answer;
        }

        if (result.ExitCode == 255 && SshErrors.IsNotConnected(said + result.Error))
        {
            return isSecond ? throw new HostException(HostFailure.CannotStart, $"`{what}` was not started: the connection to {address} was lost twice") : null;
        }

        if (result.ExitCode != 255)
        {
            var problem = SshErrors.OfShell(said + result.Error, result.ExitCode);
            throw new HostException(HostFailure.CannotStart, $"`{what}` was not started on {address}: {problem.Says}; {problem.Remedy}");
        }

        throw new HostException(HostFailure.TimedOut, $"the connection to {address} was lost before `{what}` ended ({SshErrors.Shorten(said + result.Error, "ssh said nothing")}); it may have been done");
    }

    private RemoteAnswer? Split(CommandResult result)
    {
        var at = result.Error.LastIndexOf($"\n{_mark} ", StringComparison.Ordinal);
        return at < 0 ? null : new RemoteAnswer(result.Error[(at + _mark.Length + 2)..].TrimEnd('\n'), result.Output, result.Error[..at]);
    }

    private string Line(string what, string script, ImmutableArray<string> arguments)
    {
        var line = "exec " + PosixQuoting.Line([.. options.Sudo ? AsRoot : [], "sh", "-c", script, "sh", _mark, .. arguments]);
        return line.Length <= LongestLine
            ? line
            : throw new HostException(HostFailure.CannotStart, $"`{what}` was not started on {address}: its arguments are too long for a remote shell ({line.Length} characters)");
    }

    private async ValueTask ForgetAsync(int generation, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        _shell = Generation == generation ? null : _shell;
        _gate.Release();
    }

    private string NextLog() => $"{_client!.Directory}/l{Interlocked.Increment(ref _logs)}";

    private static string TakeLog(string log)
    {
        try
        {
            var said = File.ReadAllText(log);
            File.Delete(log);
            return said;
        }
        catch (IOException absent)
        {
            return absent is FileNotFoundException ? "" : $"{absent.Message}\n";
        }
    }

    // 0700: whoever can write to the socket of the connection is signed in.
    private static string MakeDirectory() => Directory.CreateTempSubdirectory("als-ssh-").FullName;

    // The run is over whatever becomes of the connection, which ends by itself after a minute.
    private async ValueTask EndAsync(SshClient client)
    {
        try
        {
            await local.RunAsync(client.Close(), CancellationToken.None);
        }
        catch (HostException stays)
        {
            _ = stays;
        }

        try
        {
            Directory.Delete(client.Directory, recursive: true);
        }
        catch (IOException stays)
        {
            _ = stays;
        }
    }
}
