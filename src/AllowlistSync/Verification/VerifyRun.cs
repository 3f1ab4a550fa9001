using System.Collections.Immutable;
using System.Globalization;
using AllowlistSync.Commands;
using AllowlistSync.Core;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.Verifying;
using AllowlistSync.Output;

namespace AllowlistSync.Verification;

/// <summary>One run of <c>verify</c> for all wanted traffic.</summary>
internal static class VerifyRun
{
    /// <summary>Asks sources and rules side by side, proves, and writes the report.</summary>
    public static Task<int> RunAsync(Shell shell, GlobalArguments global, VerifyArguments arguments, CancellationToken cancellationToken) =>
        Session.UseAsync(shell, global, ConfigNeed.RangesMayBeImplied, async session =>
        {
            session.Progress.Show("reading the rules and the ranges");
            var host = new Providers.Host.Hosts.LocalHost();
            var reading = RuleSetInput.ReadAsync(arguments, host, shell.In, cancellationToken);
            var outcomes = await OutcomesAsync(session, arguments, cancellationToken);
            var input = await reading;
            session.Progress.Clear();
            if (await TellAsync(shell, session, outcomes))
            {
                return ExitCodes.Failed;
            }

            var verifier = new Verifier(arguments, input, host);
            var report = await ReportAsync(verifier, Wanted.Of(session, arguments, outcomes), session.Time, cancellationToken);
            return await WriteAsync(shell, session.Format, input.IsLive ? report with { Bans = await BansAsync(session, arguments, outcomes, cancellationToken) } : report);
        }, cancellationToken);

    /// <summary>Proves each wish, and puts the proofs together.</summary>
    public static async Task<VerifyReport> ReportAsync(Verifier verifier, IEnumerable<Wanted> wishes, TimeProvider time, CancellationToken cancellationToken)
    {
        var proofs = ImmutableArray.CreateBuilder<ProofReport>();
        foreach (var wanted in wishes)
        {
            proofs.Add(await verifier.ProveAsync(wanted, cancellationToken));
        }

        var hint = verifier.HintOf(proofs.SelectMany(proof => proof.Proof.Pieces));
        var (arguments, input) = (verifier.Arguments, verifier.Input);
        return new(string.Create(CultureInfo.InvariantCulture, $"{time.GetUtcNow():yyyyMMdd'T'HHmmss'Z'}-{Environment.ProcessId}"), time.GetUtcNow(), proofs.ToImmutable())
        {
            Subject = input.Name,
            IsStrict = arguments.IsStrict,
            Gaps = [.. input.RuleSet.Gaps.Select(gap => gap.Message)],
            Notes = hint is null ? input.Notes : [.. input.Notes, hint],
            Collection = input.Times,
        };
    }

    /// <summary>Writes a report to standard output, and gives the exit code.</summary>
    public static async Task<int> WriteAsync(Shell shell, OutputFormat format, VerifyReport report)
    {
        switch (format)
        {
            case OutputFormat.Json:
                VerifyRenderers.WriteJson(report, shell.Out);
                break;
            case OutputFormat.Markdown:
                VerifyRenderers.WriteMarkdown(report, shell.Out);
                break;
            default:
                VerifyRenderers.WriteText(report, shell.Out, shell.Color ? Style.Ansi : Style.Plain);
                break;
        }

        await shell.Out.FlushAsync();
        return report.ExitCode;
    }

    /// <summary>The exit code for some verdicts.</summary>
    public static int ExitCodeOf(IEnumerable<ProofPiece> pieces, bool isStrict) =>
        pieces.Any(piece => piece.Verdict == ReachabilityVerdict.Blocked || (isStrict && piece.Verdict == ReachabilityVerdict.Unknown)) ? ExitCodes.Differences : ExitCodes.Ok;

    private static Task<ImmutableArray<TargetBans>> BansAsync(Session session, VerifyArguments arguments, ImmutableArray<SourceOutcome> outcomes, CancellationToken cancellationToken) =>
        BanLook.ReadAsync(session, target => PrefixSet.Of(Wanted.RangesOf(arguments, target.Target, outcomes)), cancellationToken);

    private static async Task<ImmutableArray<SourceOutcome>> OutcomesAsync(Session session, VerifyArguments arguments, CancellationToken cancellationToken)
    {
        var wanted = Wanted.TargetsOf(session).SelectMany(target => target.Allow).ToHashSet(StringComparer.Ordinal);
        var sources = session.Config.Sources.Where(source => session.Targets.IsEmpty || wanted.Contains(source.Name));
        return arguments.From.IsEmpty ? await session.Sources.LookAsync(sources, cancellationToken) : [];
    }

    // A list that could not be fetched is told; the proof goes on with the one in force. Without any there is nothing to ask.
    private static async Task<bool> TellAsync(Shell shell, Session session, ImmutableArray<SourceOutcome> outcomes)
    {
        foreach (var outcome in outcomes)
        {
            foreach (var refusal in outcome.Refusals)
            {
                await shell.Error.WriteLineAsync($"source {outcome.Name}: {refusal.RuleId}: {refusal.Message}");
            }

            foreach (var finding in outcome.Findings)
            {
                await shell.Error.WriteLineAsync($"{finding.Message}; {finding.Remedy}");
            }
        }

        foreach (var target in session.Targets.Select(target => target.Target).Where(target => target.Host != "local"))
        {
            await shell.Error.WriteLineAsync($"target {target.Name} is on {target.Host}: this version verifies the local host only; run allowlist-sync verify there");
        }

        return outcomes.Any(outcome => outcome.InForce is null);
    }
}
