using System.Globalization;
using System.Text;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Planning;

namespace AllowlistSync.Core.Reporting;

/// <summary>One target of a report, as Markdown.</summary>
internal static class MarkdownTarget
{
    private const string Header = "| change | prefix | ports |\n| :---: | --- | --- |";

    public static void Write(StringBuilder text, TargetReport target, int limit)
    {
        var what = target.Target;
        text.Append(CultureInfo.InvariantCulture, $"\n#### {MarkdownText.Escape(what.Name)}: {ReportWords.Of(target.Status)}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{MarkdownText.Escape(what.Provider)} on {MarkdownText.Escape(what.Host)}, ports {what.Ports}\n");
        if (target.Plan is { } plan)
        {
            WritePlan(text, plan, limit);
        }
        else if (target.Wanted is { IsEmpty: false } wanted)
        {
            text.Append("\nwanted (not compared):\n");
            MarkdownParts.Table(text, Header, [.. Rows("", wanted)], limit);
        }

        WriteNotes(text, target);
        WriteApproval(text, target, limit);
        WriteDone(text, target);
    }

    private static void WritePlan(StringBuilder text, Plan plan, int limit)
    {
        MarkdownParts.Table(text, Header, [.. Rows("+", plan.Changes.Add), .. Rows("-", plan.Changes.Remove), .. plan.Pending.Select(removal => $"| ~ | `{removal.Prefix}` | leaves {ReportWords.Of(removal.Until)} |")], limit);
        text.Append('\n');
        foreach (var defect in plan.Changes.Repairs)
        {
            text.Append(CultureInfo.InvariantCulture, $"- repair: **{MarkdownText.Escape(defect.Id)}**: {MarkdownText.Escape(defect.Message)}\n");
        }

        foreach (var ban in plan.Changes.Lift.Take(TextPlan.Shown))
        {
            text.Append(CultureInfo.InvariantCulture, $"- lift ban: {MarkdownText.Escape(ban.ToString())}\n");
        }

        if (plan.Changes.Lift.Length > TextPlan.Shown)
        {
            text.Append(CultureInfo.InvariantCulture, $"- and {plan.Changes.Lift.Length - TextPlan.Shown} more bans\n");
        }

        MarkdownParts.Findings(text, plan.Findings, "- ");
        if (!plan.IsEmpty)
        {
            text.Append(CultureInfo.InvariantCulture, $"- plan `{Approval.Handle(plan)}`\n");
        }
    }

    private static IEnumerable<string> Rows(string mark, TrafficSet traffic) =>
        traffic.Entries().Select(entry => $"| {(mark == "-" ? "\\-" : mark)} | `{entry.Prefix}` | {entry.Ports} |");

    private static void WriteNotes(StringBuilder text, TargetReport target)
    {
        foreach (var line in new[] { ReachWords.Effect(target.Rehearsal) is { } effect ? $"effect: {effect}" : null, ReachWords.Proof(target) is { } proof ? $"proof: {proof}" : null }.OfType<string>())
        {
            text.Append(CultureInfo.InvariantCulture, $"- {line}\n");
        }

        MarkdownParts.Findings(text, [.. target.Findings, .. target.Rehearsal.Findings], "- ");
        foreach (var refusal in target.Refusals)
        {
            text.Append(CultureInfo.InvariantCulture, $"- refused: **{refusal.RuleId}**: {MarkdownText.Escape(refusal.Message)} (way out: {MarkdownText.Escape(refusal.WayOut)})\n");
        }

        if (target.Error is { } error)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n**error:** {MarkdownText.Escape(error.Message)}; {ReportWords.Of(error.Aftermath)}. What to do: {MarkdownText.Escape(error.Remedy)}\n");
        }
    }

    private static void WriteApproval(StringBuilder text, TargetReport target, int limit)
    {
        if (Approval.Offered(target) is not { } plan)
        {
            return;
        }

        if (plan == target.IfAccepted)
        {
            text.Append("\nWith the refused list this plan would be carried out:\n");
            WritePlan(text, plan, limit);
        }

        text.Append(CultureInfo.InvariantCulture, $"\nTo approve it:\n\n```\n{Approval.Command(plan)}\n```\n");
    }

    private static void WriteDone(StringBuilder text, TargetReport target)
    {
        foreach (var action in target.Actions)
        {
            text.Append(CultureInfo.InvariantCulture, $"- done: {MarkdownText.Escape(action)}\n");
        }

        if (target.ConfirmBy is { } deadline)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n**Run `allowlist-sync confirm` before {ReportWords.ToTheSecond(deadline)}, or this change is undone.**\n");
        }
    }
}
