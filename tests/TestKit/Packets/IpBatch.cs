using System.Diagnostics;

namespace AllowlistSync.TestKit;

/// <summary>Runs <c>ip -batch -</c> in the network namespace of the calling thread.</summary>
internal static class IpBatch
{
    /// <exception cref="InvalidOperationException">A line failed; the message names it.</exception>
    internal static void Run(string lines)
    {
        NamespaceGuard.DemandForeign("thread-self", "net");
        var start = new ProcessStartInfo(SandboxSupport.PathOf("ip"), ["-batch", "-"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardError = true };
        using var ip = Process.Start(start)!;
        ip.StandardInput.Write(lines);
        ip.StandardInput.Close();
        string said = ip.StandardError.ReadToEnd();
        ip.WaitForExit();
        if (ip.ExitCode != 0)
        {
            throw new InvalidOperationException($"ip -batch failed: {said.Trim()}");
        }
    }
}
