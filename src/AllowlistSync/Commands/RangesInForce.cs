using AllowlistSync.Core;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Output;

namespace AllowlistSync.Commands;

/// <summary>The lists that are in force, by the same way of fetching and judging as <c>diff</c>.</summary>
internal static class RangesInForce
{
    public static Task<int> PrintAsync(Shell shell, GlobalArguments arguments, bool aggregate, string format, CancellationToken cancellationToken) =>
        Session.UseAsync(shell, arguments, ConfigNeed.MayBeImplied, async session =>
        {
            var outcomes = await session.Sources.LookAsync(session.Config.Sources, cancellationToken);
            foreach (var outcome in outcomes)
            {
                await TellAsync(shell, outcome);
            }

            var known = outcomes.Where(outcome => outcome.InForce is not null).Select(outcome => outcome.InForce!).ToList();
            if (aggregate)
            {
                RangeFormats.Write(known.Aggregate(PrefixSet.Empty, (all, ranges) => all.Union(ranges.Ranges)), format, shell.Out);
            }
            else
            {
                var listed = known.SelectMany(ranges => ranges.Basis.Published.Concat(ranges.Pending.Select(removal => removal.Prefix)));
                RangeFormats.Write(listed.Distinct().Order(), format, shell.Out);
            }

            return new RunReport("ranges", session.RunId, session.Time.GetUtcNow(), outcomes, []).ExitCode;
        }, cancellationToken);

    private static async Task TellAsync(Shell shell, SourceOutcome outcome)
    {
        foreach (var refusal in outcome.Refusals)
        {
            await shell.Error.WriteLineAsync($"{outcome.Name}: {refusal.RuleId}: {refusal.Message}; {refusal.WayOut}");
        }

        foreach (var finding in outcome.Findings)
        {
            await shell.Error.WriteLineAsync($"{finding.Message}; {finding.Remedy}");
        }
    }
}
