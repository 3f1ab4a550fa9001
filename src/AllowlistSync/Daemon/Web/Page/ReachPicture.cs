using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using AllowlistSync.Core.State;

namespace AllowlistSync.Daemon.Web.Page;

/// <summary>Draws what gets in: a row for each range, a column for each port, in blocks that stand beside each other where there is room. Pure.</summary>
internal static class ReachPicture
{
    private const int CellWidth = 40;
    private const int CellHeight = 19;
    private const int Top = 18;
    private const int LongestLabel = 26;
    private const double LetterWidth = 6.95;

    /// <summary>The picture with its key; what does not get in stands in a table below it.</summary>
    public static void Write(HtmlWriter html, RunRecord run)
    {
        var rows = Rows(run.Reach);
        ImmutableArray<string> ports = [.. run.Reach.Select(cell => cell.Port).Distinct().OrderBy(FirstNumber).ThenBy(port => port, StringComparer.Ordinal)];
        html.Add($"<figure><div class=\"blocks\">\n");
        foreach (var block in Blocks(rows))
        {
            Draw(html, block, ports);
        }

        html.Add($"</div><figcaption>{Key(run)}</figcaption></figure>\n");
    }

    // Families apart; blocks of about the same height, higher ones for more ranges.
    private static IEnumerable<ImmutableArray<Row>> Blocks(ImmutableArray<Row> rows)
    {
        var most = rows.Length switch { <= 24 => 8, <= 60 => 15, _ => 25 };
        foreach (var family in rows.GroupBy(row => row.IsIPv6))
        {
            var all = family.ToArray();
            var blocks = (all.Length + most - 1) / most;
            foreach (var block in all.Chunk((all.Length + blocks - 1) / blocks))
            {
                yield return [.. block];
            }
        }
    }

    private static void Draw(HtmlWriter html, ImmutableArray<Row> rows, ImmutableArray<string> ports)
    {
        var left = (int)Math.Ceiling(rows.Max(row => row.Label.Length) * LetterWidth) + 10;
        var (width, height) = (left + (ports.Length * CellWidth), Top + (rows.Length * CellHeight));
        html.Add($"<svg role=\"img\" aria-label=\"{Summary(rows)}\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\">");
        foreach (var (i, port) in ports.Index())
        {
            html.Add($"<text class=\"port\" x=\"{left + (i * CellWidth) + 17}\" y=\"11\">{port}</text>");
        }

        foreach (var (i, row) in rows.Index())
        {
            html.Add($"<text x=\"0\" y=\"{Top + (i * CellHeight) + 11}\">{row.Label}</text>");
            foreach (var (j, port) in ports.Index())
            {
                var cell = row.Cells.GetValueOrDefault(port);
                html.Add($"<g><title>{Title(row, port, cell)}</title><use href=\"#{ShapeOf(cell)}\" x=\"{left + (j * CellWidth)}\" y=\"{Top + (i * CellHeight)}\"/></g>");
            }
        }

        html.Add($"</svg>\n");
    }

    private static string Summary(ImmutableArray<Row> rows)
    {
        var cells = rows.SelectMany(row => row.Cells.Values).ToList();
        int Of(string verdict) => cells.Count(cell => cell.Verdict == verdict);
        return $"{(rows[0].IsIPv6 ? "IPv6" : "IPv4")} ranges {rows[0].Range} to {rows[^1].Range}: {Of("accepted")} accepted, {Of("blocked")} blocked, {Of("unknown")} unknown";
    }

    private static string Title(Row row, string port, ReachCell? cell)
    {
        if (cell is null)
        {
            return $"{row.Range} on {port}: not kept";
        }

        var seen = cell.VisitorSees is { } code ? $", the visitor sees {code}" : "";
        var rule = cell.Verdict != "accepted" && cell.Rule is not null ? $", because of {cell.Rule} ({cell.Where})" : "";
        return $"{row.Range} on {port}: {cell.Verdict}{seen}{rule}";
    }

    private static string ShapeOf(ReachCell? cell) => cell?.Verdict switch
    {
        null => "na",
        "accepted" => "ok",
        "blocked" => "no",
        _ => "un",
    };

    private static Markup Key(RunRecord run)
    {
        var counts = run.ReachCounts ?? new(Of(run, "accepted"), Of(run, "blocked"), Of(run, "unknown"));
        var all = counts.Accepted + counts.Blocked + counts.Unknown;
        return HtmlWriter.Of(html =>
        {
            html.Add($"<div class=\"key\"><span>{Sample("ok")}{Words.Number(counts.Accepted)} accepted</span><span>{Sample("no")}{Words.Number(counts.Blocked)} blocked</span><span>{Sample("un")}{Words.Number(counts.Unknown)} unknown</span>");
            if (all > run.Reach.Length && run.Reach.Length == RunRecord.Kept)
            {
                html.Add($"<span>the picture shows {Words.Number(run.Reach.Length)}, those that do not get in first</span>");
            }

            html.Add($"</div>");
        });
    }

    private static int Of(RunRecord run, string verdict) => run.Reach.Count(cell => cell.Verdict == verdict);

    private static Markup Sample(string shape) => new($"<svg aria-hidden=\"true\" width=\"34\" height=\"14\" viewBox=\"0 0 34 14\"><use href=\"#{shape}\"/></svg>");

    private static ImmutableArray<Row> Rows(ImmutableArray<ReachCell> cells) =>
        [.. cells.GroupBy(cell => cell.From, StringComparer.Ordinal).Select(group => Row.Of(group.Key, group)).OrderBy(row => row.IsIPv6).ThenBy(row => row.First, StringComparer.Ordinal)];

    private static int FirstNumber(string port) =>
        int.TryParse(port.AsSpan(0, port.TakeWhile(char.IsAsciiDigit).Count()), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : int.MaxValue;

    /// <summary>One range.</summary>
    private sealed record Row(string Range, string Label, bool IsIPv6, string First, ImmutableDictionary<string, ReachCell> Cells)
    {
        public static Row Of(string range, IEnumerable<ReachCell> cells)
        {
            var first = IPAddress.TryParse(range.Split('/', '-')[0], out var address) ? Convert.ToHexString(address.GetAddressBytes()) : range;
            var label = range.Length > LongestLabel ? range[..(LongestLabel - 1)] + "…" : range;
            return new(range, label, range.Contains(':', StringComparison.Ordinal), first, cells.DistinctBy(cell => cell.Port).ToImmutableDictionary(cell => cell.Port, StringComparer.Ordinal));
        }
    }
}
