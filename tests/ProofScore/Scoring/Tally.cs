using System.Globalization;

namespace AllowlistSync.ProofScore.Scoring;

/// <summary>Counts of some cases.</summary>
internal sealed class Tally
{
    private readonly int[] _marks = new int[Enum.GetValues<Mark>().Length];
    private int _cases;
    private int _crashed;
    private int _withGaps;
    private int _howSame;
    private int _howOther;
    private int _ruleSame;
    private int _ruleOther;
    private TimeSpan _reading;
    private TimeSpan _proving;

    internal bool HasContradictions => _marks[(int)Mark.Wrong] > 0;

    internal void AddCrash() => (_cases, _crashed) = (_cases + 1, _crashed + 1);

    internal void Add(CaseScore score)
    {
        _cases++;
        _withGaps += score.Gaps.IsEmpty ? 0 : 1;
        _reading += score.Reading;
        _proving += score.Proving;
        foreach (var marked in score.Connections)
        {
            _marks[(int)marked.Mark]++;
            Count(marked.HowAgrees, ref _howSame, ref _howOther);
            Count(marked.RuleAgrees, ref _ruleSame, ref _ruleOther);
        }
    }

    /// <summary>One line.</summary>
    public override string ToString()
    {
        var (agree, wrong, undecided, missing, beyond) = (_marks[(int)Mark.Agree], _marks[(int)Mark.Wrong], _marks[(int)Mark.Undecided], _marks[(int)Mark.Missing], _marks[(int)Mark.Beyond]);
        var probes = agree + wrong + undecided + missing + beyond;
        return string.Create(CultureInfo.InvariantCulture, $"{_cases} cases, {probes} connections: agree {agree}, wrong {wrong}, undecided {undecided}, missing {missing}, led to where nobody listened {beyond}; decided {100.0 * (agree + wrong + beyond) / Math.Max(1, probes):F2} %; crashed {_crashed}, with gaps {_withGaps}; how blocked: same {_howSame}, other {_howOther}; rule named: comparable {_ruleSame + _ruleOther}, equal {_ruleSame}, different {_ruleOther}; reading {_reading.TotalMilliseconds:F0} ms, proving {_proving.TotalMilliseconds:F0} ms");
    }

    private static void Count(bool? same, ref int yes, ref int no)
    {
        yes += same == true ? 1 : 0;
        no += same == false ? 1 : 0;
    }
}
