using System.Collections.Immutable;
using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Iptables;

/// <summary>The matches and the target of one rule of iptables-nft-save, each with its name in the kernel: what nft names without its content.</summary>
/// <param name="Matches">The matches in their order.</param>
/// <param name="Target">The target; null when the rule has none.</param>
internal sealed record RuleParts(ImmutableArray<RulePart> Matches, RulePart? Target)
{
    /// <summary>Takes a rule apart.</summary>
    internal static RuleParts Of(SaveLine line, RuleReader reader)
    {
        var matches = ImmutableArray.CreateBuilder<RulePart>();
        RulePart? target = null;
        for (var groups = new GroupScanner(line.Rule); groups.Next();)
        {
            if (groups.Kind == GroupKind.Match)
            {
                matches.Add(new(MatchModules.KernelName(NameOf(groups.Group)), reader.ReadGroup(groups.Kind, groups.Group)));
            }
            else if (groups.Kind == GroupKind.Jump)
            {
                target = new(Targets.KernelName(NameOf(groups.Group)), reader.ReadGroup(groups.Kind, groups.Group));
            }
        }

        return new(matches.DrainToImmutable(), target);
    }

    /// <summary>The steps of each match of that name, in their order.</summary>
    internal IReadOnlyList<ImmutableArray<Step>> MatchesOf(string kernelName) => [.. Matches.Where(part => part.KernelName == kernelName).Select(part => part.Steps)];

    private static string NameOf(ReadOnlySpan<byte> group)
    {
        var words = new WordScanner(group);
        return words.Next() && words.Next() ? words.Text() : "";
    }
}

/// <summary>One match or target of a rule.</summary>
/// <param name="KernelName">Its name in the kernel.</param>
/// <param name="Steps">What it asks or does.</param>
internal sealed record RulePart(string KernelName, ImmutableArray<Step> Steps);
