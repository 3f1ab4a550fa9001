using AllowlistSync.Core.Verifying;

namespace AllowlistSync.ProofScore.Scoring;

/// <summary>Prints what went wrong, up to a number of each kind; of one case everything.</summary>
internal sealed class Shown(ScoreOptions options)
{
    private readonly Dictionary<string, int> _counts = [];

    internal void Crash(string name, Exception failure)
    {
        if (Next("crashed"))
        {
            Console.WriteLine($"  CRASHED {name}: {(options.Case is null ? $"{failure.GetType().Name}: {failure.Message}{At(failure)}" : failure)}");
        }
    }

    internal void Case(CaseScore score)
    {
        foreach (var gap in score.Gaps)
        {
            Print("gap", $"{score.Name}: {gap}");
        }

        foreach (var marked in score.Connections)
        {
            var kind = marked.Mark != Mark.Agree ? marked.Mark.ToString() : marked.HowAgrees == false ? "how" : marked.RuleAgrees == false ? "rule" : "";
            if (options.Case is not null)
            {
                Console.WriteLine($"  {(kind.Length == 0 ? "agree" : kind.ToUpperInvariant())} {Line(score, marked)}");
                Trace(marked.Piece);
            }
            else if (kind.Length > 0)
            {
                Print(kind, Line(score, marked));
            }
        }
    }

    private void Print(string kind, string text)
    {
        if (Next(kind))
        {
            Console.WriteLine($"  {kind.ToUpperInvariant()} {text}");
        }
    }

    private bool Next(string kind) => options.Case is not null || (_counts[kind] = _counts.GetValueOrDefault(kind) + 1) <= options.Show;

    private static string At(Exception failure) => failure.StackTrace?.Split('\n')[0].Trim() is { } line ? $" ({line})" : "";

    private static string Line(CaseScore score, Marked marked)
    {
        var (probe, piece) = (marked.Probe, marked.Piece);
        var kernel = probe.Path.IsEmpty ? "" : $" by {probe.Path[^1]}";
        var ours = piece is null ? "nothing" : $"{piece.Verdict} {piece.How} by \"{piece.Rule?.Text}\" in {piece.Rule?.Where}{Doubts(piece)}";
        return $"{score.Name} {probe.Source} port {probe.Port}: kernel {probe.Answer}{kernel}, proof {ours}";
    }

    private static string Doubts(ProofPiece piece) => piece.Doubts.IsEmpty ? "" : " because of " + string.Join("; ", piece.Doubts.Select(doubt => $"{doubt.Reason} ({doubt.Rule.Where})"));

    private static void Trace(ProofPiece? piece)
    {
        foreach (var step in piece?.Trace ?? [])
        {
            Console.WriteLine($"      {step.Packet}, {step.Hook}: {step.Verdict} by \"{step.Rule.Text}\" in {step.Rule.Where}");
        }
    }
}
