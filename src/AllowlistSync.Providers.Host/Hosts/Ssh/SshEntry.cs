using System.Collections.Immutable;
using System.Security.Cryptography;
using AllowlistSync.Core.Hosts;

namespace AllowlistSync.Providers.Host.Hosts.Ssh;

/// <summary>
/// Who is signed in to a host. Signs in when that is first needed, and anew when the connection was lost; a sign-in that failed is not tried again unless somebody wants that, so that a host that is down costs its
/// time-out once.
/// </summary>
internal sealed class SshEntry(SshAddress address, SshOptions options, LocalHost local) : IAsyncDisposable
{
    // One argument of a program is at most 128 KiB (execve(2)), and the whole line is one for the other side's shell.
    private const int LongestLine = 120_000;

    private static readonly string[] AsRoot = ["sudo", "-n", "--"];

    private readonly SemaphoreSlim _gate = new(1);
    private readonly Lazy<SshRoom> _room = new();
    private SshMaster? _master;
    private SshLoginException? _failure;
    private int _failures;

    /// <summary>Counts how often somebody signed in.</summary>
    public int Generation { get; private set; }

    /// <summary>True while somebody is signed in.</summary>
    public bool IsOpen => _master is { HasEnded: false };

    /// <summary>The mark in front of what our scripts say.</summary>
    public string Mark { get; } = "als-" + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8));

    /// <summary>Where the socket of the connection is.</summary>
    public SshRoom Room => _room.Value;

    /// <summary>How ssh is started.</summary>
    public SshClient Client => new(address, options, Room.Directory);

    /// <summary>Signs in, unless somebody is or could not be.</summary>
    public ValueTask<RemoteShell> OpenAsync(CancellationToken cancellationToken) => OpenAsync(0, cancellationToken);

    /// <summary>Signs in, unless somebody is. Whoever waits for an attempt takes its failure for an answer.</summary>
    public ValueTask<RemoteShell> OpenAnewAsync(CancellationToken cancellationToken) => OpenAsync(Volatile.Read(ref _failures) + 1, cancellationToken);

    /// <summary>Gives up a connection that carries nothing any more, unless another was made since.</summary>
    public async ValueTask ForgetAsync(int generation, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (Generation == generation)
            {
                await EndAsync();
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    /// <summary>The line for the other side's shell that runs a script.</summary>
    public string Line(string what, string script, ImmutableArray<string> arguments)
    {
        var line = "exec " + PosixQuoting.Line([.. options.Sudo ? AsRoot : [], "sh", "-c", script, "sh", Mark, .. arguments]);
        return line.Length <= LongestLine
            ? line
            : throw new HostException(HostFailure.CannotStart, $"`{what}` was not started on {address}: its arguments are too long for a remote shell ({line.Length} characters)");
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await EndAsync();
        if (_room.IsValueCreated)
        {
            Room.Dispose();
        }
    }

    // Failures that are older than the wanted attempt do not count.
    private async ValueTask<RemoteShell> OpenAsync(int attempt, CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_master is { HasEnded: false } master)
            {
                return master.Shell;
            }

            if (_failure is not null && _failures >= attempt)
            {
                throw _failure;
            }

            await EndAsync();
            return (_master = await SignInAsync(cancellationToken)).Shell;
        }
        finally
        {
            _gate.Release();
        }
    }

    private async ValueTask<SshMaster> SignInAsync(CancellationToken cancellationToken)
    {
        var log = Room.Next("l");
        try
        {
            var master = await SshMaster.SignInAsync(local, Client.Open(Line("sign in", RemoteScripts.Stay, []), log), Mark, log, cancellationToken);
            _failure = null;
            Generation++;
            return master;
        }
        catch (SshLoginException failure)
        {
            _failure = failure;
            _failures++;
            throw;
        }
    }

    private async ValueTask EndAsync()
    {
        if (_master is { } master)
        {
            _master = null;
            await master.DisposeAsync();
        }
    }
}
