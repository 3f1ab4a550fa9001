using System.Globalization;
using AllowlistSync.Core.Hosts;

namespace AllowlistSync.Providers.Host.Hosts.Ssh;

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
/// The ssh that signed in and carries all others: a child of ours, which ends when its input does, so also when this program is killed, and whose end shows at once that the connection is lost. A master that ssh sends
/// into the background (ControlPersist) would stay signed in after us.
/// </summary>
internal sealed class SshMaster : IAsyncDisposable
{
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(1);

    private readonly HeldProgram _program;

    private SshMaster(HeldProgram program, RemoteShell shell) => (_program, Shell) = (program, shell);

    /// <summary>Who we are there.</summary>
    public RemoteShell Shell { get; }

    /// <summary>True when the connection is gone.</summary>
    public bool HasEnded => _program.HasEnded;

    /// <summary>Signs in.</summary>
    /// <param name="local">Where ssh runs.</param>
    /// <param name="command">Signs in and runs <see cref="RemoteScripts.Stay"/>.</param>
    /// <param name="mark">What its answer begins with.</param>
    /// <param name="log">Where ssh writes what it says.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async ValueTask<SshMaster> SignInAsync(LocalHost local, HostCommand command, string mark, string log, CancellationToken cancellationToken)
    {
        var program = Start(local, command);
        SshMaster? master = null;
        try
        {
            return master = new SshMaster(program, await GreetAsync(program, command.Timeout, mark, log, cancellationToken));
        }
        finally
        {
            if (master is null)
            {
                program.Kill();
                await program.DisposeAsync();
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _program.DisposeAsync();

    private static HeldProgram Start(LocalHost local, HostCommand command)
    {
        try
        {
            return local.Hold(command);
        }
        catch (HostException failed)
        {
            throw new SshLoginException(failed.Failure == HostFailure.NotFound ? SshErrors.NoClient : SshErrors.NotStarted(failed.Message), failed);
        }
    }

    // ssh's own time-out covers the way to the host; this one covers a host that lets us in and says nothing. Log-in scripts may say something before our line.
    private static async ValueTask<RemoteShell> GreetAsync(HeldProgram program, TimeSpan limit, string mark, string log, CancellationToken cancellationToken)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        stop.CancelAfter(limit + Grace);
        try
        {
            while (await program.ReadLineAsync(Timeout.InfiniteTimeSpan, stop.Token) is { } line)
            {
                if (line.Split(' ') is [var first, var user, var can] && first == mark && uint.TryParse(user, CultureInfo.InvariantCulture, out var number))
                {
                    return new RemoteShell(number, can == "timeout");
                }
            }
        }
        catch (OperationCanceledException slow) when (!cancellationToken.IsCancellationRequested)
        {
            throw new SshLoginException(SshErrors.Hangs(limit), slow);
        }

        throw new SshLoginException(await program.EndAsync(Grace, cancellationToken) is var (exitCode, error)
            ? exitCode == 255 ? SshErrors.OfLogin(SshRoom.Take(log) + error) : SshErrors.OfShell(SshRoom.Take(log) + error, exitCode)
            : SshErrors.Hangs(limit));
    }
}
