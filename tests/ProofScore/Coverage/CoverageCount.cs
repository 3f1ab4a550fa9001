using System.Globalization;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.ProofScore.Coverage;

/// <summary>Counts of some rule sets.</summary>
internal sealed class CoverageCount
{
    private readonly Dictionary<string, int> _unknown = [];
    private readonly List<string> _examples = [];
    private int _files;
    private int _filesInFull;
    private int _rules;
    private int _rulesInFull;
    private int _rulesWithUnknownSyntax;
    private int _gaps;

    internal void Add(string name, RuleSet ruleSet)
    {
        var before = _rules - _rulesInFull;
        foreach (var rule in ruleSet.Tables.SelectMany(table => table.Chains.Values).SelectMany(chain => chain.Rules))
        {
            Add(name, rule);
        }

        _files++;
        _filesInFull += _rules - _rulesInFull == before && ruleSet.Gaps.IsEmpty ? 1 : 0;
        _gaps += ruleSet.Gaps.Length;
        _examples.AddRange(ruleSet.Gaps.Select(gap => $"gap in {name}: {gap.Message}"));
    }

    /// <summary>One line.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{_files} files, {_filesInFull} of them in full, {_gaps} gaps; {_rules} rules, {Share(_rulesInFull):F2} % without an unknown step, {Share(_rules - _rulesWithUnknownSyntax):F2} % without one that is not understood");

    internal void PrintUnknown(int show)
    {
        foreach (var example in _examples.Take(show))
        {
            Console.WriteLine($"  {example}");
        }

        foreach (var (text, count) in _unknown.OrderByDescending(pair => pair.Value).ThenBy(pair => pair.Key, StringComparer.Ordinal))
        {
            Console.WriteLine($"  {count,6}  {text}");
        }
    }

    private double Share(int part) => 100.0 * part / Math.Max(1, _rules);

    private void Add(string name, Rule rule)
    {
        var unknown = rule.Steps.SelectMany(Unknown).ToList();
        _rules++;
        _rulesInFull += unknown.Count == 0 ? 1 : 0;
        _rulesWithUnknownSyntax += unknown.Exists(one => one.Reason == UnknownReason.NotUnderstood) ? 1 : 0;
        foreach (var (kind, text, reason) in unknown)
        {
            var key = $"{reason}, {kind}: {Module(text)}";
            if (reason == UnknownReason.NotUnderstood)
            {
                _examples.Add($"not understood in {name}: {text} of {rule.Text}");
            }

            _unknown[key] = _unknown.GetValueOrDefault(key) + 1;
        }
    }

    private static IEnumerable<(string Kind, string Text, UnknownReason Reason)> Unknown(Step step) => step switch
    {
        UnknownCondition condition => [("condition", condition.Text, condition.Reason)],
        ListLookup lookup => [("condition", lookup.Text, UnknownReason.History)],
        UnknownStatement statement => [("statement", statement.Text, statement.Reason)],
        AnyOfCondition any => any.Conditions.SelectMany(Unknown),
        AllOfCondition all => all.Conditions.SelectMany(Unknown),
        SetMark { IsUnknown: true } => [("statement", "mark", UnknownReason.Packet)],
        DestinationNat nat when nat.Address is NatValue.Unknown || nat.Port is NatValue.Unknown => [("statement", "translation", UnknownReason.Host)],
        _ => [],
    };

    // "-m limit --limit 3/min" counts as "-m limit", "limit rate 2/minute" as "limit": the words before the first value or option.
    private static string Module(string text)
    {
        var words = text.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var isSaved = words is ["-m" or "-j" or "!", ..];
        return string.Join(' ', words.Take(isSaved ? (words[0] == "!" ? 3 : 2) : Math.Max(1, words.TakeWhile(word => word.All(char.IsAsciiLetterLower)).Take(2).Count())));
    }
}
