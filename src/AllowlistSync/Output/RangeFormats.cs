using System.Text.Json;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Output;

/// <summary>The formats of <c>ranges</c>.</summary>
internal static class RangeFormats
{
    /// <summary>Their names.</summary>
    public static string[] Names => ["text", "json", "csv", "nft"];

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

    /// <summary>Writes prefixes as they are given.</summary>
    public static void Write(IEnumerable<IpPrefix> prefixes, string format, TextWriter output)
    {
        switch (format)
        {
            case "json":
                output.WriteLine(JsonDocuments.Object(json => WriteJson(json, [.. prefixes])));
                break;
            case "csv":
                output.Write("prefix,family\n");
                WriteLines(prefixes, prefix => $"{prefix},{prefix.Family}", output);
                break;
            case "nft":
                WriteNft([.. prefixes], output);
                break;
            default:
                WriteLines(prefixes, prefix => prefix.ToString(), output);
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

    private static void WriteLines(IEnumerable<IpPrefix> prefixes, Func<IpPrefix, string> line, TextWriter output)
    {
        foreach (var prefix in prefixes)
        {
            output.Write(line(prefix));
            output.Write('\n');
        }
    }

    private static void WriteJson(Utf8JsonWriter json, List<IpPrefix> prefixes)
    {
        json.WriteString("schema", "allowlist-sync/ranges/v1");
        foreach (var (family, name) in new[] { (IpFamily.IPv4, "ipv4"), (IpFamily.IPv6, "ipv6") })
        {
            json.WriteStartArray(name);
            foreach (var prefix in prefixes.Where(prefix => prefix.Family == family))
            {
                json.WriteStringValue(prefix.ToString());
            }

            json.WriteEndArray();
        }
    }
}
