using AllowlistSync.Core.Hosts;

namespace AllowlistSync.Providers.Host.Hosts.Ssh;

/// <summary>What a script on the other side said in the end.</summary>
/// <param name="Word">Its last word, such as <c>exit 0</c>.</param>
/// <param name="Output">Its standard output.</param>
/// <param name="Error">Its standard error without that word.</param>
internal sealed record RemoteAnswer(string Word, ReadOnlyMemory<byte> Output, string Error)
{
    /// <summary>The answer in what ssh brought back; null when there was no connection to share, so that nothing was started. Anything else is a failure that says what is known.</summary>
    /// <param name="what">What was done, for messages.</param>
    /// <param name="host">The host, for messages.</param>
    /// <param name="mark">What the last line begins with.</param>
    /// <param name="result">How ssh ended.</param>
    /// <param name="said">What ssh itself said.</param>
    public static RemoteAnswer? Of(string what, SshAddress host, string mark, CommandResult result, string said)
    {
        if (Split(mark, result) is { } answer)
        {
            return answer;
        }

        var all = said + result.Error;
        if (result.ExitCode == 255)
        {
            return SshErrors.IsNotConnected(all)
                ? null
                : throw new HostException(HostFailure.TimedOut, $"the connection to {host} was lost before `{what}` ended ({SshErrors.Shorten(all, "ssh said nothing")}); it may have been done");
        }

        var problem = SshErrors.OfShell(all, result.ExitCode);
        throw new HostException(HostFailure.CannotStart, $"`{what}` was not started on {host}: {problem.Says}; {problem.Remedy}");
    }

    private static RemoteAnswer? Split(string mark, CommandResult result)
    {
        var at = result.Error.LastIndexOf($"\n{mark} ", StringComparison.Ordinal);
        return at < 0 ? null : new RemoteAnswer(result.Error[(at + mark.Length + 2)..].TrimEnd('\n'), result.Output, result.Error[..at]);
    }
}
