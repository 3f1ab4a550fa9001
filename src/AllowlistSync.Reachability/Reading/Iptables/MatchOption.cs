using System.Collections.Immutable;

namespace AllowlistSync.Reachability.Reading.Iptables;

/// <summary>One long option of a rule.</summary>
/// <param name="Name">Without its dashes.</param>
/// <param name="Values">The words after it, without quotes.</param>
/// <param name="IsNegated">A <c>!</c> stands before it, or (old form) before its value.</param>
internal sealed record MatchOption(string Name, ImmutableArray<string> Values, bool IsNegated)
{
    /// <summary>Its only value; null when it has none or several.</summary>
    internal string? Value => Values.Length == 1 ? Values[0] : null;

    /// <summary>As iptables prints it.</summary>
    public override string ToString() => $"{(IsNegated ? "! " : "")}--{Name}{string.Concat(Values.Select(value => " " + value))}";
}

/// <summary>The words of one group: its own argument, and the long options that follow.</summary>
/// <param name="Argument">What follows the short option, such as a module's name; empty without one.</param>
/// <param name="IsNegated">A <c>!</c> stands before the short option or before its argument.</param>
/// <param name="Options">The long options.</param>
/// <param name="Text">The group as it stands in the rule.</param>
internal sealed record RuleGroup(string Argument, bool IsNegated, ImmutableArray<MatchOption> Options, string Text)
{
    /// <summary>Words that belong to nothing: the group is not understood.</summary>
    internal bool HasStrayWords { get; private init; }

    /// <summary>Reads a group.</summary>
    /// <param name="text">Its bytes.</param>
    /// <param name="hasArgument">Whether the short option has an argument: all but <c>-f</c>.</param>
    internal static RuleGroup Read(ReadOnlySpan<byte> text, bool hasArgument)
    {
        var words = new List<(string Text, bool IsQuoted)>();
        for (var scanner = new WordScanner(text); scanner.Next();)
        {
            words.Add((scanner.Text(), scanner.IsQuoted));
        }

        var (at, isNegated) = (0, false);
        bool Skip() => at < words.Count && words[at] is ("!", false) && ++at > 0;
        isNegated = Skip();
        at++;
        var argument = "";
        if (hasArgument)
        {
            isNegated ^= Skip();
            argument = at < words.Count ? words[at].Text : "";
            at++;
        }

        var options = ReadOptions(words, at, out var hasStrayWords);
        return new(argument, isNegated, options, System.Text.Encoding.UTF8.GetString(text)) { HasStrayWords = hasStrayWords || (hasArgument && argument.Length == 0) };
    }

    private static ImmutableArray<MatchOption> ReadOptions(List<(string Text, bool IsQuoted)> words, int at, out bool hasStrayWords)
    {
        var options = ImmutableArray.CreateBuilder<MatchOption>();
        hasStrayWords = false;
        while (at < words.Count)
        {
            var isNegated = IsExclamation(words, at);
            at += isNegated ? 1 : 0;
            if (!IsOption(words, at))
            {
                hasStrayWords = true;
                at++;
                continue;
            }

            var name = words[at++].Text[2..];
            var values = ImmutableArray.CreateBuilder<string>();
            while (at < words.Count && !IsOption(words, at) && !(IsExclamation(words, at) && IsOption(words, at + 1)))
            {
                values.Add(words[at++].Text);
            }

            var oldForm = values.Count > 1 && values[0] == "!";
            options.Add(new(name, [.. values.Skip(oldForm ? 1 : 0)], isNegated ^ oldForm));
        }

        return options.DrainToImmutable();
    }

    private static bool IsExclamation(List<(string Text, bool IsQuoted)> words, int at) => at < words.Count && words[at] is ("!", false);

    private static bool IsOption(List<(string Text, bool IsQuoted)> words, int at) =>
        at < words.Count && !words[at].IsQuoted && words[at].Text.Length > 2 && words[at].Text.StartsWith("--", StringComparison.Ordinal);
}
