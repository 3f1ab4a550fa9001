using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;

namespace AllowlistSync.Providers.Host.Fail2Ban;

/// <summary>A list of a target for a fail2ban that reads lists by itself: <c>#</c> and <c>;</c> begin comments (jail.conf(5) of 1.1.1). It reads a list again within a second after it changed.</summary>
internal static class RangeList
{
    /// <summary>The first line.</summary>
    public static string Mark(Target target) => $"# allowlist-sync: {DropInPart.MarkOf(target)}";

    /// <summary>The list.</summary>
    public static string Write(Target target, IEnumerable<IpPrefix> entries) => $"{Mark(target)}\n{string.Concat(entries.Select(entry => $"{entry}\n"))}";

    /// <summary>The prefixes, whatever else somebody wrote into it.</summary>
    public static ImmutableArray<IpPrefix> Read(string text) => [.. text.Split('\n').SelectMany(line => Prefixes(line.Split('#', ';')[0]))];

    /// <summary>True for a list that carries the mark of a target.</summary>
    public static bool IsMarked(string text, Target target) => text == Mark(target) || text.StartsWith(Mark(target) + "\n", StringComparison.Ordinal);

    /// <summary>The prefixes among the words of a line.</summary>
    public static IEnumerable<IpPrefix> Prefixes(string line)
    {
        foreach (var word in line.Split([' ', '\t', '\r', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            if (IpPrefix.TryParse(word, out var prefix))
            {
                yield return prefix;
            }
        }
    }
}
