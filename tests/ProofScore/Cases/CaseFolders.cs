using System.Collections.Immutable;
using AllowlistSync.Reachability.Reading;

namespace AllowlistSync.ProofScore.Cases;

/// <summary>Finds the cases of a folder.</summary>
internal static class CaseFolders
{
    private static readonly ImmutableArray<(string File, DumpKind Kind)> Dumps =
    [
        ("nft.json", DumpKind.NftJson),
        ("nft.txt", DumpKind.NftText),
        ("iptables-legacy.save", DumpKind.IptablesLegacy),
        ("ip6tables-legacy.save", DumpKind.Ip6tablesLegacy),
        ("iptables-nft.save", DumpKind.IptablesNft),
        ("ip6tables-nft.save", DumpKind.Ip6tablesNft),
        ("ipset.save", DumpKind.Ipset),
    ];

    /// <summary>The folder itself when it is a case, else its subfolders that are.</summary>
    internal static IEnumerable<(string Name, Func<ProbeCase> Read)> Live(string folder)
    {
        var folders = DocumentOf(folder) is null ? Directory.EnumerateDirectories(folder).Order(StringComparer.Ordinal) : Enumerable.Repeat(folder, 1);
        return from one in folders
               let document = DocumentOf(one)
               where document is not null
               let name = Path.GetFileName(one)
               select (name, (Func<ProbeCase>)(() => CaseDocument.Read(document).ToCase(name, DumpsIn(one))));
    }

    /// <summary>The files of <c>answers/</c>: each names its input file and the backend that it was loaded with.</summary>
    internal static IEnumerable<(string Name, Func<ProbeCase> Read)> Answers(string folder) =>
        from path in Directory.EnumerateFiles(Path.Combine(folder, "answers"), "*.json").Order(StringComparer.Ordinal)
        let name = Path.GetFileNameWithoutExtension(path)
        select (name, (Func<ProbeCase>)(() => ReadAnswer(folder, path, name)));

    private static ProbeCase ReadAnswer(string folder, string path, string name)
    {
        var document = CaseDocument.Read(path);
        var file = Path.Combine(folder, document.Text("file") ?? throw new FormatException($"{name}: no \"file\"."));
        var kind = (document.Text("kind"), document.Text("backend")) switch
        {
            ("ipt-", "legacy") => DumpKind.IptablesLegacy,
            ("ipt-", "nft") => DumpKind.IptablesNft,
            ("ip6t-", "legacy") => DumpKind.Ip6tablesLegacy,
            ("ip6t-", "nft") => DumpKind.Ip6tablesNft,
            ("nft", _) => DumpKind.NftText,
            var other => throw new FormatException($"{name}: {other} is no kind and backend."),
        };
        var probeCase = document.ToCase(name, [.. DumpOf(file, kind), .. DumpOf(IpsetFiles.Beside(file), DumpKind.Ipset), .. DumpOf(file + ".live.json", DumpKind.NftJson)]);
        return probeCase with { Group = $"{probeCase.Group}/{document.Text("backend")}" };
    }

    private static string? DocumentOf(string folder) =>
        new[] { "oracle.json", "case.json" }.Select(name => Path.Combine(folder, name)).FirstOrDefault(File.Exists);

    private static ImmutableArray<Dump> DumpsIn(string folder) => [.. Dumps.SelectMany(dump => DumpOf(Path.Combine(folder, dump.File), dump.Kind))];

    private static IEnumerable<Dump> DumpOf(string path, DumpKind kind) =>
        File.Exists(path) ? [new Dump(Path.GetFileName(path), File.ReadAllBytes(path)) { Kind = kind }] : [];
}
