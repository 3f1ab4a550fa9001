using System.CommandLine;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Output;
using AllowlistSync.Verification;

namespace AllowlistSync.Commands;

/// <summary><c>verify</c>: proves who gets in, by the live rule set or by a saved one; changes nothing and sends no packet.</summary>
internal static class VerifyCommand
{
    public static Command Create(Shell shell)
    {
        var command = new ExampleCommand(
            "verify",
            "Proves whether Cloudflare gets in: which range and port is accepted, blocked or unknown, and by which rule",
            "allowlist-sync verify",
            "allowlist-sync verify --explain 104.16.0.1:443",
            "allowlist-sync verify --port 443 --from 198.51.100.0/24 --strict",
            "nft -j list ruleset | allowlist-sync verify --ruleset - --interface eth0 --output markdown",
            "allowlist-sync verify --ruleset dumps/ --packets packets.txt");
        VerifyOptions.AddTo(command);
        command.SetAction((parsed, cancellationToken) => RunAsync(shell, GlobalOptions.Read(parsed), VerifyOptions.Read(parsed), cancellationToken));
        return command;
    }

    private static async Task<int> RunAsync(Shell shell, GlobalArguments global, VerifyArguments arguments, CancellationToken cancellationToken)
    {
        try
        {
            return arguments switch
            {
                { Explain: { } packet } => await ExplainAsync(shell, global, arguments, packet, cancellationToken),
                { Packets: { } path } => await PacketsAsync(shell, global, arguments, path, cancellationToken),

                // Ranges that were named need neither a configuration nor a source.
                { From.IsEmpty: false } when global.Targets.Count == 0 => await FromAsync(shell, global, arguments, cancellationToken),
                _ => await VerifyRun.RunAsync(shell, global, arguments, cancellationToken),
            };
        }
        catch (VerificationException failure)
        {
            new ProgressLine(shell).Clear();
            await shell.Error.WriteLineAsync($"{failure.Message}\nnothing was verified; {char.ToLowerInvariant(failure.Remedy[0])}{failure.Remedy[1..]}");
            return ExitCodes.Failed;
        }
    }

    private static async Task<int> FromAsync(Shell shell, GlobalArguments global, VerifyArguments arguments, CancellationToken cancellationToken)
    {
        var host = new Providers.Host.Hosts.LocalHost();
        var input = await ReadAsync(shell, arguments, host, cancellationToken);
        var ports = arguments.Ports.IsEmpty ? Configuration.TargetConfig.DefaultPorts : arguments.Ports;
        var report = await VerifyRun.ReportAsync(new Verifier(arguments, input, host), [new Wanted(arguments.Subject, arguments.From, ports)], TimeProvider.System, cancellationToken);
        return await VerifyRun.WriteAsync(shell, global.Format, report);
    }

    private static async Task<int> PacketsAsync(Shell shell, GlobalArguments global, VerifyArguments arguments, string path, CancellationToken cancellationToken)
    {
        var packets = await PacketList.ReadAsync(path, shell.In, cancellationToken);
        var host = new Providers.Host.Hosts.LocalHost();
        var input = await ReadAsync(shell, arguments, host, cancellationToken);
        var verifier = new Verifier(arguments, input, host);
        var verdicts = verifier.Prove(packets, cancellationToken);
        await PacketVerdicts.WriteAsync(arguments.Subject, verdicts, global.Format, shell.Out);
        await TellAsync(shell, input, verifier.HintOf(verdicts.SelectMany(verdict => verdict.Pieces)));
        return VerifyRun.ExitCodeOf(verdicts.SelectMany(verdict => verdict.Pieces), arguments.IsStrict);
    }

    private static async Task<int> ExplainAsync(Shell shell, GlobalArguments global, VerifyArguments arguments, Packet packet, CancellationToken cancellationToken)
    {
        var host = new Providers.Host.Hosts.LocalHost();
        var input = await ReadAsync(shell, arguments, host, cancellationToken);
        var verifier = new Verifier(arguments, input, host);
        var explanation = verifier.Explain(packet, cancellationToken);
        ExplanationReport.Write(explanation, global.Format, shell.Out, shell.Color ? Style.Ansi : Style.Plain);
        await TellAsync(shell, input, verifier.HintOf([explanation.Verdict]));
        return VerifyRun.ExitCodeOf([explanation.Verdict], arguments.IsStrict);
    }

    private static async Task<RuleSetInput> ReadAsync(Shell shell, VerifyArguments arguments, IHost host, CancellationToken cancellationToken)
    {
        var progress = new ProgressLine(shell);
        progress.Show("reading the rules");
        var input = await RuleSetInput.ReadAsync(arguments, host, shell.In, cancellationToken);
        progress.Clear();
        return input;
    }

    private static async Task TellAsync(Shell shell, RuleSetInput input, string? hint)
    {
        foreach (var gap in input.RuleSet.Gaps)
        {
            await shell.Error.WriteLineAsync($"not read: {ShellText.Clean(gap.Message)}");
        }

        foreach (var note in hint is null ? input.Notes : [.. input.Notes, hint])
        {
            await shell.Error.WriteLineAsync($"note: {ShellText.Clean(note)}");
        }
    }
}
