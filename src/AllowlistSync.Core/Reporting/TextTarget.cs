using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Planning;

namespace AllowlistSync.Core.Reporting;

/// <summary>One target of a report, for a shell.</summary>
internal static class TextTarget
{
    public static void Write(ShellText text, TargetReport target)
    {
        var what = target.Target;
        text.Line(0, $"Target {what.Name}: {ReportWords.Of(target.Status)}", $"({what.Provider} on {what.Host}, ports {what.Ports})", ReportWords.ToneOf(target.Status));
        if (target.Status == TargetStatus.Differs && what.Mode != TargetMode.Apply)
        {
            text.Paragraph(2, "mode:", what.Mode == TargetMode.Report ? "report; `apply` leaves this target alone" : $"propose; `apply` changes this target only by `--accept{(target.Plan is { } plan ? $" {Approval.Handle(plan)}" : "")}`");
        }

        WriteError(text, target);
        WritePlan(text, target);
        WriteReach(text, target);
        TextFindings.Write(text, target.Findings);
        TextFindings.Write(text, target.Rehearsal.Findings);
        WriteRefusals(text, target);
        WriteApproval(text, target);
        WriteDone(text, target);
    }

    private static void WritePlan(ShellText text, TargetReport target)
    {
        if (target.Plan is { } plan)
        {
            TextPlan.Write(text, plan, 2);
            TextFindings.Write(text, plan.Findings);
            if (!plan.IsEmpty)
            {
                text.Line(2, "plan", Approval.Handle(plan), Tone.Faint);
            }
        }
        else if (target.Wanted is { IsEmpty: false } wanted && target.Status != TargetStatus.Locked)
        {
            var entries = wanted.Entries();
            text.Line(2, "wanted (not compared):", "", Tone.Warning);
            TextPlan.Entries(text, 4, "", entries, entries.Take(TextPlan.Shown).Max(entry => entry.Prefix.ToString().Length), Tone.Normal);
        }
    }

    private static void WriteReach(ShellText text, TargetReport target)
    {
        if (ReachWords.Effect(target.Rehearsal) is { } effect)
        {
            text.Paragraph(2, "effect:", effect);
        }

        if (ReachWords.Proof(target) is { } proof)
        {
            text.Paragraph(2, "proof:", proof, ReachWords.ToneOf(target.Rehearsal.Proof));
        }
    }

    private static void WriteRefusals(ShellText text, TargetReport target)
    {
        foreach (var refusal in target.Refusals)
        {
            text.Paragraph(2, $"refused: {refusal.RuleId}:", refusal.Message, Tone.Bad);
            text.Paragraph(4, "way out:", refusal.WayOut);
        }
    }

    private static void WriteError(ShellText text, TargetReport target)
    {
        if (target.Error is { } error)
        {
            text.Paragraph(2, "error:", error.Message, Tone.Bad);
            text.Paragraph(4, "left behind:", ReportWords.Of(error.Aftermath));
            text.Paragraph(4, "what to do:", error.Remedy);
        }
    }

    private static void WriteApproval(ShellText text, TargetReport target)
    {
        if (Approval.Offered(target) is not { } plan)
        {
            return;
        }

        if (plan == target.IfAccepted)
        {
            text.Line(2, "with the refused list this plan would be carried out:", "", Tone.Warning);
            TextPlan.Write(text, plan, 4);
            WriteNothing(text, plan);
        }

        text.Line(2, "to approve it:", Approval.Command(plan), Tone.Strong);
    }

    private static void WriteNothing(ShellText text, Plan plan)
    {
        if (plan.IsEmpty)
        {
            text.Line(4, plan.Pending.IsEmpty ? "nothing changes" : "nothing else changes now", "", Tone.Faint);
        }
    }

    private static void WriteDone(ShellText text, TargetReport target)
    {
        foreach (var action in target.Actions)
        {
            text.Paragraph(2, "done:", action, Tone.Good);
        }

        if (target.ConfirmBy is { } deadline)
        {
            text.Paragraph(2, "confirm:", $"run `allowlist-sync confirm` before {ReportWords.ToTheSecond(deadline)}, or this change is undone", Tone.Warning);
        }
    }
}
