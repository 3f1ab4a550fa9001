using AllowlistSync.Core.Hosts;

namespace AllowlistSync.Providers.Host.Hosts.Ssh;

/// <summary>How a script on the other side ended, as far as is known here.</summary>
internal abstract record RemoteEnding
{
    /// <summary>The ending in what ssh brought back. When the host did not run the script at all, that is a failure.</summary>
    /// <param name="what">What was done, for messages.</param>
    /// <param name="host">The host, for messages.</param>
    /// <param name="mark">What the last line begins with.</param>
    /// <param name="result">How ssh ended.</param>
    /// <param name="said">What ssh itself said.</param>
    public static RemoteEnding Of(string what, SshAddress host, string mark, CommandResult result, string said)
    {
        if (Answer(mark, result) is { } answer)
        {
            return answer;
        }

        var all = said + result.Error;
        if (result.ExitCode == 255)
        {
            return new RemoteLoss(!SshErrors.IsNotConnected(all), SshErrors.Shorten(all, "ssh said nothing"));
        }

        var problem = SshErrors.OfShell(all, result.ExitCode);
        throw new HostException(HostFailure.CannotStart, $"`{what}` was not started on {host}: {problem.Says}; {problem.Remedy}");
    }

    private static RemoteAnswer? Answer(string mark, CommandResult result)
    {
        var at = result.Error.LastIndexOf($"\n{mark} ", StringComparison.Ordinal);
        return at < 0 ? null : new RemoteAnswer(result.Error[(at + mark.Length + 2)..].TrimEnd('\n'), result.Output, result.Error[..at]);
    }
}

/// <summary>What the script said in the end.</summary>
/// <param name="Word">Its last word, such as <c>exit 0</c>.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error without that word.</param>
internal sealed record RemoteAnswer(string Word, ReadOnlyMemory<byte> Output, string Error) : RemoteEnding;

/// <summary>The connection was gone before the script said how it ended.</summary>
/// <param name="MayHaveRun">False when there was no connection to begin with, so that nothing was started.</param>
/// <param name="Said">What ssh said of it.</param>
internal sealed record RemoteLoss(bool MayHaveRun, string Said) : RemoteEnding;
