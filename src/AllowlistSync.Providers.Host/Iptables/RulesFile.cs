using System.Collections.Immutable;
using System.Text;

namespace AllowlistSync.Providers.Host.Iptables;

/// <summary>A file for iptables-restore, line by line: what is ours is exchanged in its filter table, everything else stays byte for byte. Pure.</summary>
public sealed class RulesFile
{
    private readonly ImmutableArray<string> _lines;
    private readonly int _start;
    private readonly int _commit;

    private RulesFile(ImmutableArray<string> lines, int start, int commit) => (_lines, _start, _commit) = (lines, start, commit);

    /// <summary>Reads a file; what is wrong with it when it cannot be worked on.</summary>
    public static (RulesFile? File, string? Problem) Read(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var lines = Lines(text);
        var start = lines.FindIndex(line => Bare(line) == "*filter");
        var commit = start < 0 ? -1 : lines.FindIndex(start, line => Bare(line) == "COMMIT");
        return text.Contains('\r', StringComparison.Ordinal) ? (null, "has lines that end in CR LF, which iptables-restore refuses")
            : start < 0 ? (null, "has no filter table")
            : commit < 0 || lines.FindIndex(start + 1, line => line.StartsWith('*')) is > 0 and var next && next < commit ? (null, "has a filter table without COMMIT, which iptables-restore refuses")
            : text[^1] != '\n' ? (null, "ends in the middle of a line")
            : (new RulesFile([.. lines], start, commit), null);
    }

    /// <summary>The filter table as iptables-save would print it: without counters and comments.</summary>
    public string FilterTable => string.Concat(_lines[_start..(_commit + 1)].Select(WithoutCounters).Where(line => line.StartsWith('*') || line.StartsWith(':') || line.StartsWith('-') || Bare(line) == "COMMIT"));

    /// <summary>The file with other things of ours.</summary>
    /// <param name="chain">The operator's chain.</param>
    /// <param name="mark">Our names.</param>
    /// <param name="rules">The rules of our chain; null to take everything of ours out.</param>
    /// <param name="insertBefore">The rule of the operator's chain, counted without ours from 1, ahead of which the jump belongs; null for the end.</param>
    public string With(string chain, IptablesMark mark, IEnumerable<AcceptRule>? rules, int? insertBefore)
    {
        ArgumentNullException.ThrowIfNull(mark);
        var filter = _lines[_start.._commit].Where(line => !IsOurs(line, mark)).ToList();
        if (rules is not null)
        {
            var head = filter.FindLastIndex(line => line.StartsWith(':'));
            filter.Insert(head + 1, $":{mark.Chain} - [0:0]\n");
            filter.Insert(JumpAt(filter, chain, head + 2, insertBefore), $"-A {chain} {mark.Match} -j {mark.Chain}\n");
            filter.AddRange(rules.Select(rule => $"-A {mark.Chain} {rule.Text(mark)}\n"));
        }

        return new StringBuilder().AppendJoin("", _lines[.._start]).AppendJoin("", filter).AppendJoin("", _lines[_commit..]).ToString();
    }

    /// <summary>A file for <c>ipset restore</c> with other sets of ours, at its end: when one of ours could not be made, all others are.</summary>
    public static string WithSets(string text, IEnumerable<string> names, string sets)
    {
        var kept = string.Concat(Lines(text).Where(line => !names.Any(name => line.StartsWith($"create {name} ", StringComparison.Ordinal) || line.StartsWith($"add {name} ", StringComparison.Ordinal))));
        return kept + (kept.Length > 0 && kept[^1] != '\n' && sets.Length > 0 ? "\n" : "") + sets;
    }

    private static int JumpAt(List<string> filter, string chain, int head, int? insertBefore)
    {
        var places = filter.Index().Where(line => WithoutCounters(line.Item).StartsWith($"-A {chain} ", StringComparison.Ordinal)).Select(line => line.Index).ToList();
        return insertBefore is { } before && before <= places.Count ? places[before - 1] : places.Count > 0 ? places[^1] + 1 : head;
    }

    private static bool IsOurs(string line, IptablesMark mark) =>
        line.StartsWith($":{mark.Chain} ", StringComparison.Ordinal) || (line.Contains(mark.Match, StringComparison.Ordinal) && WithoutCounters(line).StartsWith("-A ", StringComparison.Ordinal));

    // "[12:640] -A INPUT ..." of iptables-save -c
    private static string WithoutCounters(string line) => line.StartsWith('[') && line.IndexOf("] ", StringComparison.Ordinal) is > 0 and var end ? line[(end + 2)..] : line;

    private static string Bare(string line) => line.TrimEnd('\n', '\r', ' ');

    private static List<string> Lines(string text)
    {
        var lines = new List<string>();
        for (var at = 0; at < text.Length;)
        {
            var end = text.IndexOf('\n', at);
            end = end < 0 ? text.Length : end + 1;
            lines.Add(text[at..end]);
            at = end;
        }

        return lines;
    }
}
