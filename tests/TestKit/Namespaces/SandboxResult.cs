namespace AllowlistSync.TestKit;

/// <summary>How a program in a sandbox ended.</summary>
/// <param name="ExitCode">0 is success; 128 + n when signal n ended it.</param>
/// <param name="StdOut">What it printed.</param>
/// <param name="StdErr">What it printed to standard error.</param>
public sealed record SandboxResult(int ExitCode, string StdOut, string StdErr)
{
    /// <summary>This result when the exit code is 0.</summary>
    /// <exception cref="InvalidOperationException">It is not; the message holds the code and what was printed.</exception>
    public SandboxResult EnsureSuccess()
    {
        return ExitCode == 0
            ? this
            : throw new InvalidOperationException($"The program ended with {ExitCode}.\nstderr: {StdErr}\nstdout: {StdOut}");
    }
}
