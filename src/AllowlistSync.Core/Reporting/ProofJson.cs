using System.Text.Json;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Planning;
using AllowlistSync.Core.Verifying;

namespace AllowlistSync.Core.Reporting;

/// <summary>A proof as elements of JSON arrays. Every field is always there. Pure.</summary>
public static class ProofJson
{
    /// <summary>Writes a verdict for each prefix; those of one asked range and port divide it without overlap.</summary>
    public static void WriteVerdicts(Utf8JsonWriter json, ProofReport report)
    {
        foreach (var cell in report.Matrix.Cells)
        {
            WriteVerdicts(json, report.Target, cell);
        }
    }

    /// <summary>Writes the verdicts of one asked range and port.</summary>
    public static void WriteVerdicts(Utf8JsonWriter json, string target, ProofCell cell)
    {
        foreach (var piece in cell.Pieces)
        {
            foreach (var prefix in piece.From.ToPrefixes())
            {
                WriteVerdict(json, target, cell.Range, prefix, piece);
            }
        }
    }

    /// <summary>Writes what a proof rests on.</summary>
    public static void WriteAssumptions(Utf8JsonWriter json, ProofReport report)
    {
        foreach (var assumption in report.Assumptions)
        {
            json.WriteStartObject();
            json.WriteString("target", report.Target);
            json.WriteString("certainty", JsonReport.Name(assumption.Certainty));
            json.WriteString("text", assumption.Text);
            json.WriteEndObject();
        }
    }

    private static void WriteVerdict(Utf8JsonWriter json, string target, IpPrefix asked, IpPrefix from, ProofPiece piece)
    {
        json.WriteStartObject();
        json.WriteString("target", target);
        json.WriteString("asked", asked.ToString());
        json.WriteString("from", from.ToString());
        json.WritePropertyName("port");
        PlanJson.WritePort(json, piece.Port);
        json.WriteString("verdict", JsonReport.Name(piece.Verdict));
        json.WriteString("how", piece.How is { } how ? JsonReport.Name(how) : null);
        if (piece.VisitorSees is { } seen)
        {
            json.WriteNumber("visitorSees", seen);
        }
        else
        {
            json.WriteNull("visitorSees");
        }

        WriteRule(json, piece.Rule);
        json.WriteString("reaches", piece.Reaches);
        WriteDoubts(json, piece);
        WriteTrace(json, piece);
        json.WriteEndObject();
    }

    private static void WriteDoubts(Utf8JsonWriter json, ProofPiece piece)
    {
        json.WriteStartArray("doubts");
        foreach (var doubt in piece.Doubts)
        {
            json.WriteStartObject();
            json.WriteString("reason", doubt.Reason);
            WriteRule(json, doubt.Rule);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteTrace(Utf8JsonWriter json, ProofPiece piece)
    {
        json.WriteStartArray("trace");
        foreach (var step in piece.Trace)
        {
            json.WriteStartObject();
            json.WriteString("packet", step.Packet);
            json.WriteString("hook", step.Hook);
            WriteRule(json, step.Rule);
            json.WriteString("verdict", step.Verdict);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteRule(Utf8JsonWriter json, RuleReference? rule)
    {
        json.WriteString("rule", rule?.Text);
        json.WriteString("where", rule?.Where);
        json.WriteString("calledBy", rule?.CalledBy);
    }
}
