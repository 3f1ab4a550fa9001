using System.Text.Json;
using AllowlistSync.Commands;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Planning;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Proposals.Proposing;
using AllowlistSync.Propose;

namespace AllowlistSync.Output;

/// <summary>What <c>propose</c> prints.</summary>
internal static class ProposeOutput
{
    public static void Write(ProposeReport report, OutputFormat format, Shell shell)
    {
        switch (format)
        {
            case OutputFormat.Json:
                shell.Out.WriteLine(JsonDocuments.Object(json => WriteJson(json, report)));
                break;
            case OutputFormat.Markdown:
                WriteMarkdown(report, shell.Out);
                break;
            default:
                WriteText(report, shell);
                break;
        }
    }

    private static void WriteText(ProposeReport report, Shell shell)
    {
        var text = new ShellText(shell.Out, shell.Color ? Style.Ansi : Style.Plain);
        TextReport.WriteParts(report.Looked, text);
        foreach (var proposal in report.Proposals)
        {
            text.Line(0, $"Proposal {proposal.Name}: {Words(proposal.Status)}", "", ToneOf(proposal.Status));
            text.Line(2, "repository:", $"{proposal.Repository}, {proposal.Branch} onto {proposal.Base}");
            if (proposal.Url is { } url)
            {
                text.Line(2, "pull request:", url);
            }

            foreach (var place in proposal.Changes.Places.Where(place => !place.Before.Equals(place.After)))
            {
                text.Line(2, $"{place.Path} ({place.Place}):", $"{place.Added.Prefixes().Count()} new, {place.Removed.Prefixes().Count()} gone");
            }

            foreach (var plan in proposal.Changes.Plans)
            {
                text.Line(2, "plan to approve:", $"{plan.Target} {plan.Fingerprint[..PlanFingerprint.ShortLength]}");
            }

            TextFindings.Write(text, proposal.Findings);
            if (proposal.Error is { } error)
            {
                text.Paragraph(2, $"{error.Id}:", error.Message, Tone.Bad);
                text.Paragraph(4, "remedy:", error.Remedy);
            }

            text.Blank();
            WriteDiff(text, proposal.Diff);
        }
    }

    // Lines of a repository are a stranger's text: each is cleaned, and none is broken.
    private static void WriteDiff(ShellText text, string diff)
    {
        foreach (var line in diff.Split('\n').SkipLast(1))
        {
            text.Verbatim(2, line);
        }

        if (diff.Length > 0)
        {
            text.Blank();
        }
    }

    private static void WriteMarkdown(ProposeReport report, TextWriter output)
    {
        foreach (var proposal in report.Proposals)
        {
            output.Write($"### Proposal {MarkdownText.Escape(proposal.Name)}: {Words(proposal.Status)}\n\n");
            output.Write(proposal.Text.Length > 0 ? proposal.Text + "\n" : "");
            foreach (var finding in proposal.Error is { } error ? proposal.Findings.Add(error) : proposal.Findings)
            {
                output.Write($"- **{MarkdownText.Escape(finding.Id)}**: {MarkdownText.Escape(finding.Message)}{(finding.Remedy.Length > 0 ? $" (remedy: {MarkdownText.Escape(finding.Remedy)})" : "")}\n");
            }

            output.Write('\n');
        }
    }

    private static void WriteJson(Utf8JsonWriter json, ProposeReport report)
    {
        json.WriteString("schema", "allowlist-sync/propose/v1");
        json.WriteString("run", report.Looked.RunId);
        json.WriteBoolean("dryRun", report.IsLook);
        json.WriteNumber("exitCode", report.ExitCode);
        JsonParts.WriteSources(json, report.Looked.Sources);
        JsonParts.WriteTargets(json, report.Looked.Targets);
        json.WriteStartArray("proposals");
        foreach (var proposal in report.Proposals)
        {
            json.WriteStartObject();
            WriteProposal(json, proposal);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteProposal(Utf8JsonWriter json, ProposalReport proposal)
    {
        json.WriteString("name", proposal.Name);
        json.WriteString("repository", proposal.Repository);
        json.WriteString("base", proposal.Base);
        json.WriteString("branch", proposal.Branch);
        json.WriteString("status", JsonReport.Name(proposal.Status));
        json.WriteString("fingerprint", proposal.Fingerprint);
        json.WriteString("pullRequest", proposal.Url);
        json.WriteString("commit", proposal.Commit);
        json.WriteStartArray("files");
        foreach (var place in proposal.Changes.Places)
        {
            json.WriteStartObject();
            json.WriteString("path", place.Path);
            json.WriteString("place", place.Place);
            WritePrefixes(json, "add", place.Added);
            WritePrefixes(json, "remove", place.Removed);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("plans");
        foreach (var plan in proposal.Changes.Plans)
        {
            json.WriteStartObject();
            json.WriteString("target", plan.Target);
            json.WriteString("fingerprint", plan.Fingerprint);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteString("diff", proposal.Diff);
        json.WriteString("text", proposal.Text);
        JsonParts.WriteFindings(json, proposal.Findings);
        WriteError(json, proposal);
    }

    private static void WriteError(Utf8JsonWriter json, ProposalReport proposal)
    {
        if (proposal.Error is not { } error)
        {
            json.WriteNull("error");
            return;
        }

        json.WriteStartObject("error");
        json.WriteString("id", error.Id);
        json.WriteString("message", error.Message);
        json.WriteString("remedy", error.Remedy);
        json.WriteEndObject();
    }

    private static void WritePrefixes(Utf8JsonWriter json, string name, PrefixSet prefixes)
    {
        json.WriteStartArray(name);
        foreach (var prefix in prefixes.Prefixes())
        {
            json.WriteStringValue(prefix.ToString());
        }

        json.WriteEndArray();
    }

    private static string Words(ProposalStatus status) => status switch
    {
        ProposalStatus.InSync => "nothing to propose",
        ProposalStatus.Unchanged => "proposed already",
        ProposalStatus.LeftAlone => "left to people",
        ProposalStatus.WouldOpen => "would be opened",
        ProposalStatus.WouldUpdate => "would be brought up to date",
        ProposalStatus.WouldClose => "would be closed",
        _ => JsonReport.Name(status),
    };

    private static Tone ToneOf(ProposalStatus status) => status switch
    {
        ProposalStatus.Failed or ProposalStatus.Refused => Tone.Bad,
        ProposalStatus.WouldOpen or ProposalStatus.WouldUpdate or ProposalStatus.WouldClose => Tone.Warning,
        _ => Tone.Good,
    };
}
