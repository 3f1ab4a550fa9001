using System.Collections.Immutable;
using AllowlistSync.Core.Hosts;

namespace AllowlistSync.Providers.Host.Hosts.Ssh;

/// <summary>
/// What is done over the one connection to a host: scripts to their end, scripts that are held, sockets that lead on.
/// </summary>
internal sealed class SshConnection(SshAddress address, SshOptions options, LocalHost local) : IAsyncDisposable
{
    // sshd allows 10 sessions over one connection (MaxSessions, sshd_config(5)): besides these there are the one that keeps it, locks, and a watch.
    private const int MostSessions = 6;

    private static readonly TimeSpan Slack = TimeSpan.FromSeconds(15);

    private readonly SemaphoreSlim _sessions = new(MostSessions);
    private readonly SshEntry _entry = new(address, options, local);
    private ImmutableList<(HeldProgram Held, int Generation)> _locks = [];

    /// <summary>Counts how often it was made.</summary>
    public int Generation => _entry.Generation;

    /// <summary>True while somebody is signed in.</summary>
    public bool IsOpen => _entry.IsOpen;

    /// <summary>The mark in front of what our scripts say.</summary>
    public string Mark => _entry.Mark;

    /// <summary>Signs in, unless somebody is or could not be.</summary>
    public ValueTask<RemoteShell> OpenAsync(CancellationToken cancellationToken) => _entry.OpenAsync(cancellationToken);

    /// <summary>Signs in, unless somebody is.</summary>
    public ValueTask<RemoteShell> OpenAnewAsync(CancellationToken cancellationToken) => _entry.OpenAnewAsync(cancellationToken);

    /// <summary>Runs a script to its end; once more over a new connection when the first was lost and nothing can have been changed over it.</summary>
    /// <param name="task">The script.</param>
    /// <param name="cancellationToken">Gives up waiting; the other side stops by itself after its time.</param>
    public async ValueTask<RemoteAnswer> RunAsync(RemoteTask task, CancellationToken cancellationToken)
    {
        var line = _entry.Line(task.What, task.Script, task.Arguments);
        for (var isSecond = false; ; isSecond = true)
        {
            await EnterAsync(task.What, cancellationToken);
            var generation = Generation;
            switch (await RunOnceAsync(task, line, cancellationToken))
            {
                case RemoteAnswer answer:
                    return answer;
                case RemoteLoss { MayHaveRun: true } loss when !task.OnlyLooks:
                    throw new HostException(HostFailure.TimedOut, $"the connection to {address} was lost before `{task.What}` ended ({loss.Said}); it may have been done");
                case RemoteLoss loss when isSecond:
                    throw new HostException(HostFailure.CannotStart, $"`{task.What}` has no answer: the connection to {address} was lost twice ({loss.Said}); nothing was changed by it");
                default:
                    await _entry.ForgetAsync(generation, cancellationToken);
                    break;
            }
        }
    }

    /// <summary>Starts a script that runs until it is let go; the caller reads what it says.</summary>
    public async ValueTask<HeldProgram> HoldAsync(string what, string script, ImmutableArray<string> arguments, CancellationToken cancellationToken)
    {
        await EnterAsync(what, cancellationToken);
        return local.Hold(_entry.Client.Run(_entry.Line(what, script, arguments), _entry.Room.Next("l")));
    }

    /// <summary>Nothing more is done here once this program has ended: it holds a lock on the other side.</summary>
    public void DependOn(HeldProgram held) => ImmutableInterlocked.Update(ref _locks, locks => locks.Add((held, Generation)));

    /// <summary>Lets a script go.</summary>
    public async ValueTask LetGoAsync(HeldProgram held)
    {
        ImmutableInterlocked.Update(ref _locks, locks => locks.RemoveAll(one => one.Held == held));
        await held.DisposeAsync();
    }

    /// <summary>Makes a socket here that leads to one of the host.</summary>
    public async ValueTask<string> ForwardAsync(string socket, CancellationToken cancellationToken)
    {
        await _entry.OpenAsync(cancellationToken);
        var here = _entry.Room.Next("s");
        var result = await local.RunAsync(_entry.Client.Forward(here, socket), cancellationToken);
        return result.ExitCode == 0 ? here : throw new HostException(HostFailure.NotFound, $"ssh could not make a way to {socket} of {address}: {SshErrors.Shorten(result.Error, "it said nothing")}");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var (held, _) in _locks)
        {
            await held.DisposeAsync();
        }

        await _entry.DisposeAsync();
    }

    private async ValueTask EnterAsync(string what, CancellationToken cancellationToken)
    {
        try
        {
            await _entry.OpenAsync(cancellationToken);
        }
        catch (SshLoginException failure)
        {
            throw new HostException(HostFailure.CannotStart, $"`{what}` was not started on {address}: {failure.Message}", failure);
        }

        // A lock ends with its connection: what was to be done under it must not be done without it. That its program ended may be seen later than the new connection.
        if (_locks.Any(one => one.Held.HasEnded || one.Generation != Generation))
        {
            throw new HostException(HostFailure.CannotStart, $"`{what}` was not started: the connection to {address} was lost, and with it a lock that was held there; run again");
        }
    }

    private async ValueTask<RemoteEnding> RunOnceAsync(RemoteTask task, string line, CancellationToken cancellationToken)
    {
        await _sessions.WaitAsync(cancellationToken);
        try
        {
            var log = _entry.Room.Next("l");
            var result = await local.RunAsync(_entry.Client.Run(line, log) with { Input = task.Input, Timeout = task.Limit + Slack }, cancellationToken);
            return RemoteEnding.Of(task.What, address, Mark, result, SshRoom.Take(log));
        }
        catch (HostException slow) when (slow.Failure == HostFailure.TimedOut && slow.InnerException is OperationCanceledException)
        {
            throw new HostException(HostFailure.TimedOut, $"`{task.What}` did not answer within {task.Limit.TotalSeconds:0} s on {address}; what it did there is not known", slow);
        }
        finally
        {
            _sessions.Release();
        }
    }
}
