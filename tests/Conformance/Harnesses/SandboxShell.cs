using AllowlistSync.TestKit;

namespace AllowlistSync.Conformance.Harnesses;

/// <summary>What somebody else does on a host, by hand.</summary>
internal static class SandboxShell
{
    /// <summary>Runs a shell script as root inside, which must go well; what it printed.</summary>
    public static async Task<string> ShellAsync(this Sandbox sandbox, string script, CancellationToken cancellationToken) =>
        (await sandbox.RunAsync(["sh", "-ec", script], timeout: TimeSpan.FromSeconds(60), ct: cancellationToken)).EnsureSuccess().StdOut;
}
