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

    /// <summary>The lines, without line ends.</summary>
    public IReadOnlyList<string> Write(PrefixSet ranges)
    {
        ArgumentNullException.ThrowIfNull(ranges);
        return _format is null
            ? [.. ranges.Prefixes().Select(prefix => $"{prefix},")]
            : _format.WriteText([.. ranges.Prefixes()], new RangeFileLabel()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }

    /// <summary>The ranges in some lines; what is no range is not looked at.</summary>
    public PrefixSet Read(IEnumerable<string> lines)
    {
        ArgumentNullException.ThrowIfNull(lines);
        return _format is null
            ? PrefixSet.Of(lines.SelectMany(line => line.Split(',', StringSplitOptions.TrimEntries)).Select(text => IpPrefix.TryParse(text, out var prefix) ? prefix : (IpPrefix?)null).OfType<IpPrefix>())
            : _format.Read(Encoding.UTF8.GetBytes(string.Concat(lines.Select(line => line.Trim() + "\n")))).Ranges;
    }
}
