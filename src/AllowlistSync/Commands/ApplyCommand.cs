using System.Collections.Immutable;
using System.CommandLine;
using AllowlistSync.Configuration;
using AllowlistSync.Core;
using AllowlistSync.Core.Planning;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Notifying;
using AllowlistSync.Output;
using AllowlistSync.Proposals.Proposing;

namespace AllowlistSync.Commands;

/// <summary><c>apply</c>: the same as diff, then makes the changes and verifies them.</summary>
internal static class ApplyCommand
{
    private static readonly Option<string?> PlanOption = new("--plan")
    {
        Description = "Change a target only by the plan in this file (from `diff --out`)",
        HelpName = "FILE",
    };

    private static readonly Option<string[]> Accept = new("--accept")
    {
        Description = $"Carry out exactly the plan with this fingerprint (at least {PlanFingerprint.ShortLength} characters), also when a rule refused it; - reads a plan file of `propose` or messages of commits from standard input, and works on the targets that they name",
        HelpName = "FINGERPRINT",
        DefaultValueFactory = _ => [],
    };

    private static readonly Option<string?> ConfirmWithin = new("--confirm-within")
    {
        Description = "Undo the change by itself unless `confirm` is run within this time, for example 60s",
        HelpName = "TIME",
    };

    private const string FromInput = "-";

    // Nothing else may be applied while a confirmation is awaited.
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    public static Option<bool> Yes { get; } = new("--yes", "-y") { Description = "Do not ask before a change" };

    public static Command Create(Shell shell)
    {
        var command = new ExampleCommand(
            "apply",
            "Makes the changes that diff shows, and verifies them",
            "allowlist-sync apply --confirm-within 60s",
            "allowlist-sync apply --plan plan.json",
            "allowlist-sync apply --accept 7f3a0c51d2e4 --yes",
            "git log --format=%B v1..v2 | allowlist-sync apply --accept - --yes")
        {
            PlanOption, Accept, ConfirmWithin, Yes,
        };
        command.Validators.Add(result =>
        {
            if (result.Given(ConfirmWithin) is { } text && !(DurationText.TryParse(text, out var time) && time > TimeSpan.Zero && time <= LongestWait))
            {
                result.AddError($"--confirm-within: `{text}` is not a time up to 1d; write for example 60s or 5m");
            }

            foreach (var fingerprint in (result.Given(Accept) ?? []).Where(given => given != FromInput && (given.Length < PlanFingerprint.ShortLength || !given.All(char.IsAsciiHexDigit))))
            {
                result.AddError($"--accept: `{fingerprint}` is not a fingerprint; give at least the first {PlanFingerprint.ShortLength} characters that `diff` shows");
            }
        });
        command.SetAction((parsed, cancellationToken) => RunAsync(shell, GlobalOptions.Read(parsed), Read(parsed), cancellationToken));
        return command;
    }

    private static Task<int> RunAsync(Shell shell, GlobalArguments arguments, Arguments given, CancellationToken cancellationToken) =>
        Session.UseAsync(shell, arguments, ConfigNeed.Required, async all =>
        {
            if (await ApprovedAsync(all, given, cancellationToken) is not var (session, accepted))
            {
                return ExitCodes.Ok;
            }

            var (expected, refusal) = given.PlanPath is { } path ? await PlanFile.ReadAsync(path, cancellationToken) : default;
            if (refusal is not null)
            {
                await session.ComplainAsync(refusal);
                return refusal.RuleId == PlanFile.Unreadable ? ExitCodes.Usage : ExitCodes.Refused;
            }

            var options = new RunOptions
            {
                RunId = session.RunId,
                Purpose = RunPurpose.Apply,
                Accepted = accepted,
                Expected = expected,
                ConfirmWithin = given.ConfirmWithin,
                Ask = Question.Before(session, given.Yes),
            };

            // Whoever is to confirm within a time watches it, and must not wait for receivers meanwhile.
            var notices = given.ConfirmWithin is null ? await ApplyNotices.BeginAsync(session, cancellationToken) : null;
            var report = await new Runner(session).RunAsync("apply", options, cancellationToken);
            await session.WriteAsync(report);
            await (notices?.TellAsync(report, cancellationToken) ?? default);
            return report.ExitCode;
        }, cancellationToken);

    // What was merged may name targets of other machines too.
    private static async Task<(Session Session, ImmutableArray<string> Accepted)?> ApprovedAsync(Session session, Arguments given, CancellationToken cancellationToken)
    {
        if (!given.Accepted.Contains(FromInput))
        {
            return (session, given.Accepted);
        }

        var plans = ApprovedPlans.In(await session.Shell.In.ReadToEndAsync(cancellationToken));
        var targets = session.Targets.Where(target => plans.Any(plan => plan.Target == target.Target.Name)).ToImmutableArray();
        if (targets.IsEmpty)
        {
            await session.Shell.Error.WriteLineAsync($"standard input approves no plan of a target here (a line `{ApprovedPlans.Trailer}: TARGET FINGERPRINT` with all 64 digits of the fingerprint); nothing was done");
            return null;
        }

        return (session.For(targets), [.. given.Accepted.Where(fingerprint => fingerprint != FromInput), .. plans.Select(plan => plan.Fingerprint)]);
    }

    private static Arguments Read(ParseResult parsed) => new(
        parsed.GetValue(PlanOption),
        [.. parsed.GetValue(Accept) ?? []],
        parsed.GetValue(ConfirmWithin) is { } text && DurationText.TryParse(text, out var time) ? time : null,
        parsed.GetValue(Yes));

    private sealed record Arguments(string? PlanPath, ImmutableArray<string> Accepted, TimeSpan? ConfirmWithin, bool Yes);
}
