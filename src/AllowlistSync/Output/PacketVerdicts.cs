using System.Collections.Immutable;
using AllowlistSync.Commands;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.Verifying;
using AllowlistSync.Verification;

namespace AllowlistSync.Output;

/// <summary>One verdict a line, in the order of the question.</summary>
internal static class PacketVerdicts
{
    public static async Task WriteAsync(string target, ImmutableArray<(Packet Packet, ImmutableArray<ProofPiece> Pieces)> verdicts, OutputFormat format, TextWriter output)
    {
        if (format == OutputFormat.Json)
        {
            VerifyRenderers.WriteJsonOf(target, verdicts.Select(verdict => new ProofCell(verdict.Packet.Source, verdict.Packet.Port, verdict.Pieces)), output);
            return;
        }

        await output.WriteAsync(format == OutputFormat.Markdown ? "| source | port | verdict | rule |\n| --- | --- | --- | --- |\n" : "");
        foreach (var (packet, pieces) in verdicts)
        {
            foreach (var (source, piece) in pieces.SelectMany(piece => piece.From.ToPrefixes().Select(prefix => (prefix, piece))))
            {
                await output.WriteAsync((format == OutputFormat.Markdown ? Row(source, packet.Port, piece) : Line(source, packet.Port, piece)) + "\n");
            }
        }

        await output.FlushAsync();
    }

    private static string Line(IpPrefix source, PortRange port, ProofPiece piece) => $"{Packet.Address(source)} {port} {Words(piece)} {ShellText.Clean(Rule(piece))}".TrimEnd();

    private static string Row(IpPrefix source, PortRange port, ProofPiece piece) => $"| {Packet.Address(source)} | {port} | {Words(piece)} | {MarkdownText.Escape(Rule(piece))} |";

    private static string Words(ProofPiece piece) => piece.VisitorSees is { } seen ? $"{JsonReport.Name(piece.Verdict)} {seen}" : JsonReport.Name(piece.Verdict);

    private static string Rule(ProofPiece piece)
    {
        var rule = piece.Rule is { } blamed ? $"{blamed.Text} ({blamed.Where})" : "";
        return piece.Doubts.IsEmpty ? rule : $"{rule} because of {string.Join("; ", piece.Doubts.Select(doubt => $"{doubt.Rule.Text} ({doubt.Rule.Where}): {doubt.Reason}"))}".TrimStart();
    }
}
