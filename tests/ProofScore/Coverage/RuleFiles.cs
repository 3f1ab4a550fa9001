using AllowlistSync.Reachability.Reading;

namespace AllowlistSync.ProofScore.Coverage;

/// <summary>Finds the files that are rule sets, and tells their kind from name and content.</summary>
internal static class RuleFiles
{
    internal static IEnumerable<(string Path, DumpKind Kind)> In(string folder) =>
        from path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        let kind = KindOf(path)
        where kind is not null
        select (path, kind.Value);

    private static DumpKind? KindOf(string path)
    {
        var name = Path.GetFileName(path);
        if (name.EndsWith(".json", StringComparison.Ordinal))
        {
            return File.ReadAllText(path).Contains("\"nftables\"", StringComparison.Ordinal) ? DumpKind.NftJson : null;
        }

        var lines = File.ReadLines(path).Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#').ToList();
        if (lines.Contains("COMMIT"))
        {
            var isSix = name.StartsWith("ip6", StringComparison.Ordinal) || name.Contains(".ip6", StringComparison.Ordinal) || name.Contains("v6", StringComparison.Ordinal)
                || path.Contains("/ip6tables/", StringComparison.Ordinal) || name.Contains("aud6", StringComparison.Ordinal) || name.Contains("__ip6tables", StringComparison.Ordinal);
            var isNft = name.EndsWith("-nft.save", StringComparison.Ordinal);
            return (isSix, isNft) switch
            {
                (false, false) => DumpKind.IptablesLegacy,
                (false, true) => DumpKind.IptablesNft,
                (true, false) => DumpKind.Ip6tablesLegacy,
                (true, true) => DumpKind.Ip6tablesNft,
            };
        }

        return lines.Exists(line => line.StartsWith("table ", StringComparison.Ordinal) && line.Contains('{', StringComparison.Ordinal)) ? DumpKind.NftText : null;
    }
}
