using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Formats;
using Table = AllowlistSync.Core.Formats.RangeFormats;

namespace AllowlistSync.Output;

/// <summary>
/// The formats of <c>ranges</c>: its own for people and scripts, which print the prefixes as they are listed, and those of files that other programs read, which always
/// hold the fewest.
/// </summary>
internal static class RangeFormats
{
    private static readonly string[] Own = ["text", "json", "csv", "nft"];

    /// <summary>Their names.</summary>
    public static string[] Names => [.. Own.Union(Table.All.Select(format => format.Name))];

    /// <summary>Writes the fewest prefixes of a set; text, the common case of a long list, goes to the stream without a string per prefix.</summary>
    public static void Write(PrefixSet set, string format, TextWriter output)
    {
        if (format == "text" && output is StreamWriter { BaseStream: var stream })
        {
            output.Flush();
            PrefixListWriter.Write(set, stream);
            stream.Flush();
            return;
        }

        Write(set.Prefixes(), format, output);
    }

    /// <summary>Writes prefixes as they are given, sorted, or the fewest where the format wants that.</summary>
    public static void Write(IEnumerable<IpPrefix> prefixes, string format, TextWriter output)
    {
        switch (format)
        {
            case "text":
                WriteLines(prefixes, output);
                break;
            case "nft":
                WriteNft([.. prefixes], output);
                break;
            case "json" or "csv":
                output.Write(Table.Find(format)!.WriteText([.. prefixes], new RangeFileLabel()));
                break;
            default:
                output.Write(Table.Find(format)!.WriteText([.. PrefixSet.Of(prefixes).Prefixes()], new RangeFileLabel()));
                break;
        }
    }

    // A set of nftables holds one family, so each has a variable of its own, for `include`.
    private static void WriteNft(List<IpPrefix> prefixes, TextWriter output)
    {
        foreach (var family in prefixes.GroupBy(prefix => prefix.Family))
        {
            output.Write($"define ranges_{family.Key.ToString().ToLowerInvariant()} = {{ {string.Join(", ", family)} }}\n");
        }
    }

    private static void WriteLines(IEnumerable<IpPrefix> prefixes, TextWriter output)
    {
        foreach (var prefix in prefixes)
        {
            output.Write(prefix.ToString());
            output.Write('\n');
        }
    }
}
