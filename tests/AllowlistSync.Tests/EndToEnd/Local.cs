using System.Diagnostics;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd;

/// <summary>Runs the program on this machine, for what touches neither network nor firewall.</summary>
internal static class Local
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public static Task<Outcome> RunAsync(params string[] arguments) => StartAsync(Origin.Program, arguments, stdin: "");

    public static Task<Outcome> RunWithInputAsync(string stdin, params string[] arguments) => StartAsync(Origin.Program, arguments, stdin);

    public static Task<Outcome> ShellAsync(string program, string argument, string? second, string stdin) =>
        StartAsync(program, second is null ? [argument] : [argument, second], stdin);

    private static async Task<Outcome> StartAsync(string program, IEnumerable<string> arguments, string stdin)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        start.Environment["DOTNET_ROOT"] = Origin.RuntimeRoot;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        stop.CancelAfter(Patience);
        using var process = Process.Start(start)!;
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(stop.Token);
            var error = process.StandardError.ReadToEndAsync(stop.Token);
            await process.StandardInput.WriteAsync(stdin.AsMemory(), stop.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(stop.Token);
            return new Outcome(process.ExitCode, await output, await error);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }
}
