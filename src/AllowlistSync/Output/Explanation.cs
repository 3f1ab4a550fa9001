using System.Collections.Immutable;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.Verifying;
using AllowlistSync.Reachability.Proving;

namespace AllowlistSync.Output;

/// <summary>The way of one packet, rule by rule, and where it ends.</summary>
/// <param name="Subject">The packet, such as <c>104.16.0.1 to port 443</c>.</param>
/// <param name="Steps">The rules that it meets.</param>
/// <param name="Verdict">Where it ends.</param>
internal sealed record Explanation(string Subject, ImmutableArray<ExplainStep> Steps, ProofPiece Verdict);

/// <summary>Writes the way of a packet. Pure.</summary>
internal static class ExplanationReport
{
    // Of a long row of rules that do not match, the first ones show what kind they are.
    private const int MostMisses = 12;

    /// <summary>Writes it; what the packet meets stands in the order of its way.</summary>
    public static void Write(Explanation explanation, Commands.OutputFormat format, TextWriter output, Style style)
    {
        switch (format)
        {
            case Commands.OutputFormat.Json:
                WriteJson(explanation, output);
                break;
            case Commands.OutputFormat.Markdown:
                WriteMarkdown(explanation, output);
                break;
            default:
                WriteText(explanation, output, style);
                break;
        }
    }

    private static void WriteText(Explanation explanation, TextWriter output, Style style)
    {
        var text = new ShellText(output, style);
        text.Line(0, explanation.Subject, "", Tone.Strong);
        ExplainStep? last = null;
        foreach (var step in Shortened(Distinct(explanation.Steps)))
        {
            if (last is null || last.Packet != step.Packet)
            {
                text.Blank();
                text.Line(0, step.Packet, "", Tone.Strong);
            }

            if (last is null || (last.Packet, last.Hook, last.Chain) != (step.Packet, step.Hook, step.Chain))
            {
                text.Line(2 + (step.Depth * 2), $"{step.Hook}:", step.Chain);
            }

            WriteStep(text, step);
            last = step;
        }

        text.Blank();
        WriteVerdict(text, explanation.Verdict);
    }

    private static void WriteStep(ShellText text, ExplainStep step)
    {
        var indent = 4 + (step.Depth * 2);
        var number = step.Number is { } place ? $"{place}. " : "";
        switch (step.Outcome)
        {
            case ExplainOutcome.Matched:
                text.Line(indent, "=>", $"{number}{step.RuleText}{Arrow(step)}", Tone.Good);
                break;
            case ExplainOutcome.Unknown:
                text.Line(indent, "??", $"{number}{step.RuleText}{Arrow(step)}", Tone.Warning);
                text.Line(indent + 6, "not known:", step.Why, Tone.Warning);
                break;
            default:
                text.Line(indent, "  ", step.Why.Length == 0 ? $"{number}{step.RuleText}" : $"{number}{step.RuleText}  # no: {step.Why}", Tone.Faint);
                break;
        }
    }

    // A policy says what it does in its text.
    private static string Arrow(ExplainStep step) => step.Verdict.Length == 0 || step.Number is null ? "" : $"  => {step.Verdict}";

    private static void WriteVerdict(ShellText text, ProofPiece verdict)
    {
        var tone = verdict.Verdict switch { ReachabilityVerdict.Accepted => Tone.Good, ReachabilityVerdict.Blocked => Tone.Bad, _ => Tone.Warning };
        text.Line(0, $"verdict: {Words(verdict)}", "", tone);
        if (verdict.Rule is { } rule)
        {
            text.Paragraph(2, "by", $"{rule.Text} ({rule.Where})");
        }

        foreach (var doubt in verdict.Doubts)
        {
            text.Paragraph(2, "because of", $"{doubt.Rule.Text} ({doubt.Rule.Where}): {doubt.Reason}");
        }
    }

    private static string Words(ProofPiece verdict)
    {
        var reaches = verdict.Reaches is { } behind ? $", reaches {behind}" : "";
        return verdict.Verdict switch
        {
            ReachabilityVerdict.Accepted => $"accepted{reaches}",
            ReachabilityVerdict.Blocked => $"BLOCKED, visitors see {verdict.VisitorSees} ({JsonReport.Name(verdict.How ?? BlockKind.Drop)}){reaches}",
            _ => $"UNKNOWN{reaches}",
        };
    }

    // Chains of one priority are walked in every order that is possible; a chain that says the same again says nothing new.
    private static ImmutableArray<ExplainStep> Distinct(ImmutableArray<ExplainStep> steps)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var kept = ImmutableArray.CreateBuilder<ExplainStep>(steps.Length);
        for (var start = 0; start < steps.Length;)
        {
            var end = start + 1;
            while (end < steps.Length && !BeginsVisit(steps[end - 1], steps[end]))
            {
                end++;
            }

            if (seen.Add(string.Join('\n', steps[start..end].Select(step => step.ToString()))))
            {
                kept.AddRange(steps[start..end]);
            }

            start = end;
        }

        return kept.ToImmutable();
    }

    // A policy ends a visit of a base chain; without one, the next rule there has no higher number or stands in another chain.
    private static bool BeginsVisit(ExplainStep last, ExplainStep next) =>
        next.Depth == 0 && ((last.Packet, last.Hook) != (next.Packet, next.Hook) || last.Number is null
            || (last.Depth == 0 && (last.Chain != next.Chain || next.Number <= last.Number)));

    private static IEnumerable<ExplainStep> Shortened(ImmutableArray<ExplainStep> steps)
    {
        for (var i = 0; i < steps.Length;)
        {
            var end = i;
            while (end < steps.Length && steps[end].Outcome == ExplainOutcome.NotMatched && (steps[end].Packet, steps[end].Chain) == (steps[i].Packet, steps[i].Chain))
            {
                end++;
            }

            if (end - i <= MostMisses)
            {
                end = Math.Max(end, i + 1);
                for (; i < end; i++)
                {
                    yield return steps[i];
                }

                continue;
            }

            for (var shown = i; shown < i + MostMisses - 2; shown++)
            {
                yield return steps[shown];
            }

            yield return steps[i] with { Number = null, Why = "", RuleText = $"... {end - i - MostMisses + 2} more rules that do not match (--output json lists all)" };
            i = end;
        }
    }

    private static void WriteMarkdown(Explanation explanation, TextWriter output)
    {
        output.Write($"### allowlist-sync verify: {MarkdownText.Escape(explanation.Subject)}: {Words(explanation.Verdict)}\n\n| packet | hook | chain | rule | |\n| --- | --- | --- | --- | --- |\n");
        foreach (var step in Shortened(Distinct(explanation.Steps)))
        {
            var outcome = step.Outcome switch { ExplainOutcome.Matched => $"**{MarkdownText.Escape(step.Verdict.Length == 0 ? "matches" : step.Verdict)}**", ExplainOutcome.Unknown => $"**unknown**: {MarkdownText.Escape(step.Why)}", _ => $"not: {MarkdownText.Escape(step.Why)}" };
            output.Write($"| {step.Packet} | {step.Hook} | {MarkdownText.Escape(step.Chain)} | {MarkdownText.Escape(step.RuleText)} | {outcome} |\n");
        }
    }

    private static void WriteJson(Explanation explanation, TextWriter output) =>
        output.WriteLine(JsonDocuments.Object(json =>
        {
            json.WriteString("schema", "allowlist-sync/verify/v1");
            json.WriteString("subject", explanation.Subject);
            json.WriteString("verdict", JsonReport.Name(explanation.Verdict.Verdict));
            json.WriteStartArray("steps");
            foreach (var step in explanation.Steps)
            {
                json.WriteStartObject();
                json.WriteString("packet", step.Packet);
                json.WriteString("hook", step.Hook);
                json.WriteString("chain", step.Chain);
                json.WriteNumber("depth", step.Depth);
                if (step.Number is { } number)
                {
                    json.WriteNumber("number", number);
                }
                else
                {
                    json.WriteNull("number");
                }

                json.WriteString("rule", step.RuleText);
                json.WriteString("outcome", JsonReport.Name(step.Outcome));
                json.WriteString("why", step.Why);
                json.WriteString("does", step.Verdict);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }));
}
