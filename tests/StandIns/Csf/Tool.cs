using System.Diagnostics;

namespace AllowlistSync.StandIns.Csf;

/// <summary>Runs the programs that CSF runs; both outputs come as one text, and nobody looks at the exit code, as with the real one.</summary>
internal static class Tool
{
    public static string Run(string program, IEnumerable<string> arguments, string input = "")
    {
        if (!File.Exists(program))
        {
            throw new ExitException(2, "", $"open3: exec of {program} failed: No such file or directory at /usr/sbin/csf line 1.\n");
        }

        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        try
        {
            process.StandardInput.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended before it had read everything: what it says tells why.
        }

        process.WaitForExit();
        return error.GetAwaiter().GetResult() + output.GetAwaiter().GetResult();
    }
}
