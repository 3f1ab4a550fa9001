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
    private ImmutableList<HeldProgram> _locks = [];

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

    /// <summary>Runs a script to its end.</summary>
    /// <param name="what">What it does, for messages.</param>
    /// <param name="script">The script.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="input">Its input.</param>
    /// <param name="limit">How long it may take.</param>
    /// <param name="cancellationToken">Gives up waiting; the other side stops by itself after its time.</param>
    public async ValueTask<RemoteAnswer> RunAsync(string what, string script, ImmutableArray<string> arguments, ReadOnlyMemory<byte> input, TimeSpan limit, CancellationToken cancellationToken)
    {
        var line = _entry.Line(what, script, arguments);
        for (var isSecond = false; ; isSecond = true)
        {
            await EnterAsync(what, cancellationToken);
            var generation = Generation;
            if (await RunOnceAsync(what, line, input, limit, cancellationToken) is { } answer)
            {
                return answer;
            }

            if (isSecond)
            {
                throw new HostException(HostFailure.CannotStart, $"`{what}` was not started: the connection to {address} was lost twice");
            }

            await _entry.ForgetAsync(generation, cancellationToken);
        }
    }

    /// <summary>Starts a script that runs until it is let go; the caller reads what it says.</summary>
    public async ValueTask<HeldProgram> HoldAsync(string what, string script, ImmutableArray<string> arguments, CancellationToken cancellationToken)
    {
        await EnterAsync(what, cancellationToken);
        return local.Hold(_entry.Client.Run(_entry.Line(what, script, arguments), _entry.Room.Next("l")));
    }

    /// <summary>Nothing more is done here once this program has ended: it holds a lock on the other side.</summary>
    public void DependOn(HeldProgram held) => ImmutableInterlocked.Update(ref _locks, locks => locks.Add(held));

    /// <summary>Lets a script go.</summary>
    public async ValueTask LetGoAsync(HeldProgram held)
    {
        ImmutableInterlocked.Update(ref _locks, locks => locks.Remove(held));
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
        foreach (var held in _locks)
        {
            await held.DisposeAsync();
        }

        await _entry.DisposeAsync();
    }

    // A lock ends with its connection: what was to be done under it must not be done without it.
    private async ValueTask EnterAsync(string what, CancellationToken cancellationToken)
    {
        if (_locks.Any(held => held.HasEnded))
        {
            throw new HostException(HostFailure.CannotStart, $"`{what}` was not started: the connection to {address} was lost, and with it a lock that was held there; run again");
        }

        try
        {
            await _entry.OpenAsync(cancellationToken);
        }
        catch (SshLoginException failure)
        {
            throw new HostException(HostFailure.CannotStart, $"`{what}` was not started on {address}: {failure.Message}", failure);
        }
    }

    private async ValueTask<RemoteAnswer?> RunOnceAsync(string what, string line, ReadOnlyMemory<byte> input, TimeSpan limit, CancellationToken cancellationToken)
    {
        await _sessions.WaitAsync(cancellationToken);
        try
        {
            var log = _entry.Room.Next("l");
            var result = await local.RunAsync(_entry.Client.Run(line, log) with { Input = input, Timeout = limit + Slack }, cancellationToken);
            return RemoteAnswer.Of(what, address, Mark, result, SshRoom.Take(log));
        }
        catch (HostException slow) when (slow.Failure == HostFailure.TimedOut && slow.InnerException is OperationCanceledException)
        {
            throw new HostException(HostFailure.TimedOut, $"`{what}` did not answer within {limit.TotalSeconds:0} s on {address}; what it did there is not known", slow);
        }
        finally
        {
            _sessions.Release();
        }
    }
}
