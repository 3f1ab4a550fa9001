using System.Collections.Immutable;
using System.Text;

namespace AllowlistSync.Reachability.Reading.Iptables;

/// <summary>A match of a rule with its options, and the module that knows them.</summary>
internal sealed record SpelledMatch(MatchModule Module, List<MatchOption> Options);

/// <summary>A rule in the one spelling that iptables-save has for it, as far as it is known: rules of one meaning and one spelling are the same for <c>-D</c>.</summary>
internal sealed record SpelledRule
{
    /// <summary>The sources, each with a <c>!</c> or without; several stand for as many rules (iptables(8), "-s"). Empty for any.</summary>
    internal ImmutableArray<string> Sources { get; init; } = [];

    /// <summary>The destinations.</summary>
    internal ImmutableArray<string> Destinations { get; init; } = [];

    /// <summary>The interface of <c>-i</c>, perhaps with <c>!</c>; null for any.</summary>
    internal string? Input { get; init; }

    /// <summary>The interface of <c>-o</c>.</summary>
    internal string? Output { get; init; }

    /// <summary>The protocol by the name that iptables-save has, or its number, perhaps with <c>!</c>; null for any.</summary>
    internal string? Protocol { get; init; }

    /// <summary><c>-f</c> or <c>! -f</c>; empty for any.</summary>
    internal string Fragment { get; init; } = "";

    /// <summary>The matches in their order.</summary>
    internal ImmutableArray<SpelledMatch> Matches { get; init; } = [];

    /// <summary>The name of the target or chain; null without one.</summary>
    internal string? Target { get; init; }

    /// <summary>Whether the rule goes to the chain for good.</summary>
    internal bool IsGoto { get; init; }

    /// <summary>The options of the target.</summary>
    internal ImmutableArray<MatchOption> TargetOptions { get; init; } = [];

    /// <summary>The text of each rule that this stands for, without <c>-A CHAIN</c>.</summary>
    /// <param name="isNft">Whether iptables-nft holds it, which forgets a match on a protocol that asks nothing more.</param>
    internal IEnumerable<string> Texts(bool isNft)
    {
        var tail = Tail(isNft);
        foreach (var source in Sources.IsEmpty ? [""] : Sources)
        {
            foreach (var destination in Destinations.IsEmpty ? [""] : Destinations)
            {
                yield return string.Join(' ', new[] { Option(source, "-s"), Option(destination, "-d"), tail }.Where(part => part.Length > 0));
            }
        }
    }

    private static string Option(string? value, string option) =>
        string.IsNullOrEmpty(value) ? "" : value.StartsWith("! ", StringComparison.Ordinal) ? $"! {option} {value[2..]}" : $"{option} {value}";

    private string Tail(bool isNft)
    {
        var parts = new List<string> { Option(Input, "-i"), Option(Output, "-o"), Option(Protocol, "-p"), Fragment };
        parts.AddRange(Matches.Where(match => !isNft || match.Options.Count > 0 || match.Module.Name is not ("tcp" or "udp"))
            .Select(match => string.Concat(match.Options.Select(option => " " + OptionText.Of(option)).Prepend($"-m {match.Module.Name}"))));
        if (Target is not null)
        {
            parts.Add(string.Concat(TargetOptions.Select(option => " " + OptionText.Of(option)).Prepend($"{(IsGoto ? "-g" : "-j")} {Target}")));
        }

        return string.Join(' ', parts.Where(part => part.Length > 0));
    }
}

/// <summary>Writes an option so that it is read as it was.</summary>
internal static class OptionText
{
    private static readonly System.Buffers.SearchValues<char> Plain =
        System.Buffers.SearchValues.Create("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_-.,:/+*@=[]%#");

    /// <summary><c>[! ]--name VALUE...</c></summary>
    internal static string Of(MatchOption option) => $"{(option.IsNegated ? "! " : "")}--{option.Name}{string.Concat(option.Values.Select(value => " " + Quoted(value)))}";

    private static string Quoted(string value)
    {
        if (value.Length > 0 && value[0] is not ('-' or '#') && !value.AsSpan().ContainsAnyExcept(Plain))
        {
            return value;
        }

        var quoted = new StringBuilder("\"");
        foreach (var letter in value)
        {
            quoted.Append(letter is '"' or '\\' ? "\\" : "").Append(letter);
        }

        return quoted.Append('"').ToString();
    }
}
