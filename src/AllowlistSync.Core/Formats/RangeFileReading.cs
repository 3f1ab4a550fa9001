using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Core.Formats;

/// <summary>A line of a file that the writer would not have written; also the line that stands where one of the writer's is missing.</summary>
/// <param name="Number">The line, from 1.</param>
/// <param name="Text">The line, cut to 60 characters, with control characters replaced; empty at the end of the file.</param>
public readonly record struct OddLine(int Number, string Text)
{
    /// <summary>Both: <c>line 3: "deny all;"</c>.</summary>
    public override string ToString() => $"line {Number}: \"{Text}\"";
}

/// <summary>What a file of a list holds. Without odd lines it is byte for byte what the writer makes of this mark and these ranges.</summary>
/// <param name="Mark">Whose it is, <c>OWNER/TARGET</c>; null when it says nothing.</param>
/// <param name="Ranges">All prefixes that stand where the writer puts prefixes.</param>
/// <param name="OddLines">The first 100 lines that the writer would not have written.</param>
public sealed record RangeFileReading(string? Mark, PrefixSet Ranges, ImmutableArray<OddLine> OddLines)
{
    /// <summary>How many odd lines are told apart; further ones are only counted.</summary>
    public const int MaxOddLines = 100;

    /// <summary>How many lines are odd, also beyond the first 100.</summary>
    public int TotalOddLines { get; init; } = OddLines.Length;
}
