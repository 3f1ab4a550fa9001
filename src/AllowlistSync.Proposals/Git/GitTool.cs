using System.Collections.Immutable;
using System.Text;
using AllowlistSync.Core.Hosts;

namespace AllowlistSync.Proposals.Git;

/// <summary>Runs the real git on one bare repository. There is never a working tree: nothing of a repository becomes a file, a link or a program on this machine.</summary>
internal sealed class GitTool(IHost host, string directory, string configuration, bool hasToken)
{
    private static readonly string[] s_handedOn = ["HOME", "SSH_AUTH_SOCK", "SSL_CERT_FILE", "GIT_SSL_CAINFO"];

    // A slow line and a large repository; whoever waits longer than this waits for nothing.
    private static readonly TimeSpan s_network = TimeSpan.FromMinutes(10);

    /// <summary>The repository.</summary>
    public string Directory => directory;

    /// <summary>Runs it; what it printed. Anything but an exit code of 0 is a <see cref="GitException"/>.</summary>
    /// <param name="doing">What is tried, for messages.</param>
    /// <param name="arguments">The arguments.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public async ValueTask<string> RunAsync(string doing, string[] arguments, CancellationToken cancellationToken) =>
        Encoding.UTF8.GetString((await RunAsync(doing, new GitCall(arguments), cancellationToken)).Span);

    /// <inheritdoc cref="RunAsync(string, string[], CancellationToken)"/>
    public async ValueTask<ReadOnlyMemory<byte>> RunAsync(string doing, GitCall call, CancellationToken cancellationToken)
    {
        try
        {
            var result = await host.RunAsync(Command(call), cancellationToken);
            return result.ExitCode == 0 ? result.Output : throw GitErrors.Of(doing, Encoding.UTF8.GetString(result.Output.Span) + "\n" + result.Error, hasToken);
        }
        catch (HostException missing) when (missing.Failure == HostFailure.NotFound)
        {
            throw new GitException(GitFailure.NotInstalled, "git is not installed", "install it (`apt install git`)");
        }
        catch (HostException slow) when (slow.Failure == HostFailure.TimedOut)
        {
            throw new GitException(GitFailure.TimedOut, $"{doing}: git did not end within {s_network.TotalMinutes:0} minutes and was stopped", "see whether the remote answers");
        }
        catch (HostException failure)
        {
            throw new GitException(GitFailure.Other, $"{doing}: {failure.Message}", "see that this machine has memory and disk to run git");
        }
    }

    private HostCommand Command(GitCall call)
    {
        var environment = ImmutableDictionary.CreateBuilder<string, string>();
        foreach (var name in s_handedOn)
        {
            if (Environment.GetEnvironmentVariable(name) is { Length: > 0 } value)
            {
                environment[name] = value;
            }
        }

        environment["GIT_CONFIG_NOSYSTEM"] = "1";
        environment["GIT_CONFIG_GLOBAL"] = configuration;
        environment["GIT_TERMINAL_PROMPT"] = "0";
        environment["GIT_OPTIONAL_LOCKS"] = "0";
        environment["GIT_DIR"] = directory;
        environment.AddRange(call.Variables);
        return new HostCommand("git", [.. call.Arguments]) { Input = call.Input, Environment = environment.ToImmutable(), Timeout = s_network };
    }
}

/// <summary>One call of git.</summary>
/// <param name="Arguments">Its arguments.</param>
internal sealed record GitCall(string[] Arguments)
{
    /// <summary>What it reads.</summary>
    public ReadOnlyMemory<byte> Input { get; init; }

    /// <summary>Variables besides those of every call.</summary>
    public ImmutableDictionary<string, string> Variables { get; init; } = ImmutableDictionary<string, string>.Empty;
}
