using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Sources;

namespace AllowlistSync.Sources;

/// <summary>Reads a text list that must be right in every line. Pure.</summary>
internal static class TextList
{
    /// <exception cref="SourceException"><c>malformed-list</c>, with line, column and reason of the first bad line.</exception>
    internal static ImmutableArray<IpPrefix> Read(string source, string place, ReadOnlySpan<byte> utf8)
    {
        var parsed = PrefixParser.Parse(utf8);
        return parsed.TotalProblems == 0 ? parsed.Prefixes : throw ListRefusals.Malformed(source, place, parsed);
    }

    /// <summary>Also refuses an empty list, and a prefix of the other family.</summary>
    /// <exception cref="SourceException"><c>malformed-list</c>, <c>empty-list</c> or <c>wrong-family</c>.</exception>
    internal static ImmutableArray<IpPrefix> Read(string source, string place, ReadOnlySpan<byte> utf8, IpFamily family)
    {
        var prefixes = Read(source, place, utf8);
        if (prefixes.IsEmpty)
        {
            throw ListRefusals.Empty(source, place);
        }

        RequireFamily(source, place, prefixes, family);
        return prefixes;
    }

    /// <exception cref="SourceException"><c>wrong-family</c>.</exception>
    internal static void RequireFamily(string source, string place, ImmutableArray<IpPrefix> prefixes, IpFamily family)
    {
        foreach (var prefix in prefixes)
        {
            if (prefix.Family != family)
            {
                throw ListRefusals.WrongFamily(source, place, prefix, family);
            }
        }
    }
}
