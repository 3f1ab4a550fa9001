using System.Collections.Immutable;
using System.Text;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Formats;

namespace AllowlistSync.Proposals.Rewriting;

/// <summary>How the lines of a block are written and read: one prefix a line, nothing around them.</summary>
public sealed class BlockLines
{
    /// <summary>Elements of a set of nft: one prefix a line, a comma behind each; nft takes one behind the last too.</summary>
    public const string NftElements = "nft-elements";

    private static readonly ImmutableArray<string> s_lineFormats = ["plain", "nginx-realip", "nginx-allow", "nginx-geo", "apache-remoteip", "apache-require", "haproxy-acl", "modsecurity"];

    private readonly RangeFormat? _format;

    private BlockLines(RangeFormat? format) => _format = format;

    /// <summary>The names of all of them.</summary>
    public static ImmutableArray<string> Names { get; } = [NftElements, .. s_lineFormats];

    /// <summary>The one of a name; null when there is none.</summary>
    public static BlockLines? Find(string name) =>
        name == NftElements ? new BlockLines(null) : s_lineFormats.Contains(name, StringComparer.Ordinal) ? new BlockLines(RangeFormats.Find(name)) : null;

    /// <summary>Those of some ranges that the program which reads the file takes (<see cref="RangeFormat.Refused"/>).</summary>
    public PrefixSet Taken(PrefixSet ranges)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        return _format?.Taken(ranges) ?? ranges;
    }

    /// <summary>The lines, without line ends.</summary>
    public IReadOnlyList<string> Write(PrefixSet ranges)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        return _format is null
            ? [.. ranges.Prefixes().Select(prefix => $"{prefix},")]
            : _format.WriteText([.. ranges.Prefixes()], new RangeFileLabel()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The ranges of a line; null when it holds anything besides, which a rewrite would lose: a comment, or what this program does not know. An empty line holds none.</summary>
    public PrefixSet? Read(string line)
    {
        ArgumentNullException.ThrowIfNull(line);
        var text = line.Trim();
        if (text.Length == 0)
        {
            return PrefixSet.Empty;
        }

        var ranges = _format is null ? Elements(text) : text.Contains('#', StringComparison.Ordinal) ? PrefixSet.Empty : _format.Read(Encoding.UTF8.GetBytes(text + "\n")).Ranges;
        return ranges.IsEmpty ? null : ranges;
    }

    private static PrefixSet Elements(string text)
    {
        var prefixes = text.TrimEnd(',').Split(',', StringSplitOptions.TrimEntries).Select(element => IpPrefix.TryParse(element, out var prefix) ? prefix : (IpPrefix?)null).ToList();
        return prefixes.Contains(null) ? PrefixSet.Empty : PrefixSet.Of(prefixes.OfType<IpPrefix>());
    }
}
