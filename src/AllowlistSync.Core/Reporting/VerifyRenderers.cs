using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AllowlistSync.Core.Reporting;

/// <summary>The report of <c>verify</c> in its three forms. Pure.</summary>
public static class VerifyRenderers
{
    private const string Schema = "allowlist-sync/verify/v1";

    /// <summary>For a shell.</summary>
    public static void WriteText(VerifyReport report, TextWriter output, Style style)
    {
        var text = new ShellText(output, style);
        foreach (var proof in report.Proofs)
        {
            text.Line(0, $"Reachability of {proof.Target}", $"({Ranges(proof)}, {ProofWords.Of(proof.Ports)}, {report.Subject})", Tone.Strong);
            text.Blank();
            ProofText.Write(text, proof);
            text.Blank();
        }

        foreach (var line in report.Bans.SelectMany(target => target.Lines))
        {
            text.Paragraph(0, "problem:", line, Tone.Bad);
        }

        foreach (var note in report.Notes)
        {
            text.Paragraph(0, "note:", note, Tone.Warning);
        }

        text.Line(0, Summary(report), "", ToneOf(report));
        if (report is { ExitCode: ExitCodes.Ok, IsStrict: false } && report.Count().Unknown > 0)
        {
            text.Line(0, "unknown is not proved; with --strict it counts as blocked", "", Tone.Warning);
        }
    }

    /// <summary>For a pull request or a chat, under the limit of one comment.</summary>
    public static void WriteMarkdown(VerifyReport report, TextWriter output) => output.Write(MarkdownReport.Fitted(limit => Markdown(report, limit)));

    /// <summary>For programs: schema <c>allowlist-sync/verify/v1</c>.</summary>
    public static void WriteJson(VerifyReport report, TextWriter output) => WriteDocument(output, json => WriteJson(json, report));

    /// <summary>For programs: the verdicts alone, of cells in their order, with the same schema.</summary>
    public static void WriteJsonOf(string target, IEnumerable<ProofCell> cells, TextWriter output) => WriteDocument(output, json =>
    {
        json.WriteString("schema", Schema);
        WriteArray(json, "verdicts", cells, (writer, cell) => ProofJson.WriteVerdicts(writer, target, cell));
    });

    private static void WriteDocument(TextWriter output, Action<Utf8JsonWriter> members)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, JsonReport.Options))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }

        output.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
        output.Write('\n');
    }

    /// <summary>One line: how much is accepted, blocked, unknown, and how many bans are in the way.</summary>
    private static string Summary(VerifyReport report)
    {
        var (accepted, blocked, unknown) = report.Count();
        var all = accepted + blocked + unknown;
        var bans = report.Bans.Sum(target => target.Bans.Length);
        return (all == accepted
            ? string.Create(CultureInfo.InvariantCulture, $"all {all} accepted (range x port)")
            : string.Create(CultureInfo.InvariantCulture, $"{accepted} of {all} accepted, {blocked} BLOCKED, {unknown} UNKNOWN (range x port)"))
            + (bans == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"; bans of wanted sources: {bans}"));
    }

    private static string Ranges(ProofReport proof) => proof.Asked.Length == 1 ? "1 range" : string.Create(CultureInfo.InvariantCulture, $"{proof.Asked.Length} ranges");

    private static Tone ToneOf(VerifyReport report) => report.Count() switch
    {
        _ when report.Bans.Any(target => !target.Bans.IsEmpty) => Tone.Bad,
        { Blocked: > 0 } => Tone.Bad,
        { Unknown: > 0 } => Tone.Warning,
        _ => Tone.Good,
    };

    private static string Markdown(VerifyReport report, int limit)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"### allowlist-sync verify: {Summary(report)}\n");
        foreach (var proof in report.Proofs)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n#### {MarkdownText.Escape(proof.Target)}\n\n{Ranges(proof)}, {ProofWords.Of(proof.Ports)}, {MarkdownText.Escape(report.Subject)}\n");
            ProofMarkdown.Write(text, proof, limit);
        }

        string[] lines = [.. report.Bans.SelectMany(target => target.Lines).Select(line => $"problem: {line}"), .. report.Notes.Select(note => $"note: {note}")];
        text.Append(lines.Length == 0 ? "" : "\n");
        foreach (var line in lines.Take(limit + 1))
        {
            text.Append(CultureInfo.InvariantCulture, $"- {MarkdownText.Escape(line)}\n");
        }

        text.Append(CultureInfo.InvariantCulture, $"\n<sub>run {MarkdownText.Escape(report.RunId)}, {ReportWords.Of(report.At)}, exit code {report.ExitCode}</sub>\n");
        return text.ToString();
    }

    private static void WriteJson(Utf8JsonWriter json, VerifyReport report)
    {
        var (accepted, blocked, unknown) = report.Count();
        json.WriteString("schema", Schema);
        json.WriteString("run", report.RunId);
        JsonReport.WriteTime(json, "at", report.At);
        json.WriteNumber("exitCode", report.ExitCode);
        json.WriteString("subject", report.Subject);
        json.WriteStartObject("cells");
        json.WriteNumber("accepted", accepted);
        json.WriteNumber("blocked", blocked);
        json.WriteNumber("unknown", unknown);
        json.WriteEndObject();
        WriteArray(json, "verdicts", report.Proofs, ProofJson.WriteVerdicts);
        WriteArray(json, "assumptions", report.Proofs, ProofJson.WriteAssumptions);
        WriteArray(json, "bans", report.Bans.SelectMany(target => target.Bans.Select(ban => (target.Target, Ban: ban))), WriteBan);
        WriteArray(json, "gaps", report.Gaps, (writer, gap) => writer.WriteStringValue(gap));
        WriteArray(json, "notes", [.. report.Bans.Where(target => target.Problem is not null).SelectMany(target => target.Lines), .. report.Notes], (writer, note) => writer.WriteStringValue(note));
        WriteArray(json, "collection", report.Collection, WriteTime);
    }

    private static void WriteBan(Utf8JsonWriter json, (string Target, Providers.Ban Ban) banned)
    {
        json.WriteStartObject();
        json.WriteString("target", banned.Target);
        JsonParts.WriteBan(json, banned.Ban);
        json.WriteEndObject();
    }

    private static void WriteTime(Utf8JsonWriter json, CollectionTime time)
    {
        json.WriteStartObject();
        json.WriteString("command", time.Command);
        json.WriteNumber("milliseconds", Math.Round(time.Elapsed.TotalMilliseconds, 1));
        json.WriteNumber("bytes", time.Bytes);
        json.WriteEndObject();
    }

    private static void WriteArray<T>(Utf8JsonWriter json, string name, IEnumerable<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (var item in items)
        {
            write(json, item);
        }

        json.WriteEndArray();
    }
}
