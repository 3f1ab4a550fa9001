using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Verifying;

namespace AllowlistSync.Core.Reporting;

/// <summary>The verdicts of a proof, arranged by the asked ranges and ports. Pure.</summary>
public sealed class ProofMatrix
{
    private static readonly ProofPiece NotAnswered = new(default, default, ReachabilityVerdict.Unknown)
    {
        Doubts = [new Doubt(new RuleReference("(no rule)", "the proof itself"), "this part of the question was not answered; please report it")],
    };

    private ProofMatrix(ImmutableArray<PortRange> ports, ImmutableArray<ProofRow> rows) => (Ports, Rows) = (ports, rows);

    /// <summary>The columns: ports that no rule tells apart stand together.</summary>
    public ImmutableArray<PortRange> Ports { get; }

    /// <summary>A row for each asked range.</summary>
    public ImmutableArray<ProofRow> Rows { get; }

    /// <summary>All cells, row by row.</summary>
    public IEnumerable<ProofCell> Cells => Rows.SelectMany(row => row.Cells);

    /// <summary>Arranges a proof.</summary>
    public static ProofMatrix Of(ProofReport report) => Of(report, report.Asked);

    /// <summary>Arranges a proof by some of its ranges.</summary>
    public static ProofMatrix Of(ProofReport report, IEnumerable<IpPrefix> ranges)
    {
        var columns = ColumnsOf(report).Select(ports => new Column(ports, report.Proof)).ToList();
        var rows = ranges.Select(range => new ProofRow(range, [.. columns.Select(column => column.CellOf(range))]));
        return new ProofMatrix([.. columns.Select(column => column.Ports)], [.. rows]);
    }

    // The asked ports, cut wherever a piece begins or ends.
    private static IEnumerable<PortRange> ColumnsOf(ProofReport report)
    {
        foreach (var asked in report.Ports.Ranges)
        {
            var cuts = report.Proof.Pieces.Select(piece => piece.Port)
                .Where(port => port.Protocol == asked.Protocol && port.First <= asked.Last && port.Last >= asked.First)
                .Distinct()
                .SelectMany(port => new[] { (int)port.First, port.Last + 1 })
                .Where(cut => cut > asked.First && cut <= asked.Last)
                .Append(asked.First).Append(asked.Last + 1)
                .Distinct().Order().ToArray();
            for (var i = 0; i + 1 < cuts.Length; i++)
            {
                yield return new PortRange(asked.Protocol, (ushort)cuts[i], (ushort)(cuts[i + 1] - 1));
            }
        }
    }

    /// <summary>The pieces of one column, in order, so that each row finds its own by a binary search.</summary>
    private sealed class Column
    {
        private readonly ProofPiece[] _pieces;

        public Column(PortRange ports, Proof proof)
        {
            Ports = ports;
            _pieces = [.. proof.Pieces
                .Where(piece => piece.Port.Protocol == ports.Protocol && piece.Port.First <= ports.First && piece.Port.Last >= ports.Last)
                .OrderBy(piece => piece.From.Family).ThenBy(piece => piece.From.First)];
        }

        public PortRange Ports { get; }

        public ProofCell CellOf(IpPrefix range)
        {
            var parts = ImmutableArray.CreateBuilder<ProofPiece>();
            var (next, isDone) = (range.First, false);
            for (var i = FirstFor(range); i < _pieces.Length && !isDone && _pieces[i].From.Family == range.Family && _pieces[i].From.First <= range.Last; i++)
            {
                var first = UInt128.Max(_pieces[i].From.First, next);
                var last = UInt128.Min(_pieces[i].From.Last, range.Last);
                AddGap(parts, range.Family, next, first);
                parts.Add(_pieces[i] with { From = new IpRange(range.Family, first, last), Port = Ports });
                isDone = last == range.Last;
                next = isDone ? next : last + 1;
            }

            if (!isDone)
            {
                parts.Add(NotAnswered with { From = new IpRange(range.Family, next, range.Last), Port = Ports });
            }

            return new ProofCell(range, Ports, parts.ToImmutable());
        }

        // What nobody answered is unknown, never accepted.
        private void AddGap(ImmutableArray<ProofPiece>.Builder parts, IpFamily family, UInt128 next, UInt128 first)
        {
            if (first > next)
            {
                parts.Add(NotAnswered with { From = new IpRange(family, next, first - 1), Port = Ports });
            }
        }

        // The first piece that ends at or after the range's beginning.
        private int FirstFor(IpPrefix range)
        {
            var (low, high) = (0, _pieces.Length);
            while (low < high)
            {
                var middle = (low + high) >>> 1;
                var from = _pieces[middle].From;
                if (from.Family < range.Family || (from.Family == range.Family && from.Last < range.First))
                {
                    low = middle + 1;
                }
                else
                {
                    high = middle;
                }
            }

            return low;
        }
    }
}

/// <summary>One asked range.</summary>
/// <param name="Range">The range.</param>
/// <param name="Cells">A cell for each column.</param>
public sealed record ProofRow(IpPrefix Range, ImmutableArray<ProofCell> Cells);

/// <summary>One range on one port.</summary>
/// <param name="Range">The range.</param>
/// <param name="Port">The port, or ports that no rule tells apart.</param>
/// <param name="Pieces">The verdicts, which divide the range without overlap.</param>
public sealed record ProofCell(IpPrefix Range, PortRange Port, ImmutableArray<ProofPiece> Pieces)
{
    /// <summary>Whether all of the range has this verdict.</summary>
    public bool Is(ReachabilityVerdict verdict) => Pieces.All(piece => piece.Verdict == verdict);

    /// <summary>Whether some of the range has this verdict.</summary>
    public bool Has(ReachabilityVerdict verdict) => Pieces.Any(piece => piece.Verdict == verdict);
}
