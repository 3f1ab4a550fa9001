using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Proposals.Rewriting;

/// <summary>Rewrites a value in files of one language.</summary>
internal interface IKeyRewriter
{
    /// <summary>Puts ranges into a value.</summary>
    RewrittenFile Rewrite(TextFile file, ReadOnlyMemory<byte> content, KeyPlace place, PrefixSet wanted);
}

/// <summary>Which language a file is in, told by the end of its name.</summary>
internal static class KeyRewriters
{
    private static readonly (string End, IKeyRewriter Rewriter)[] s_table =
    [
        (".json", new JsonRewriter()),
        (".yaml", new YamlRewriter()),
        (".yml", new YamlRewriter()),
        (".tf", new HclRewriter()),
        (".tfvars", new HclRewriter()),
        (".hcl", new HclRewriter()),
    ];

    /// <summary>The one for a path.</summary>
    /// <exception cref="RewriteException">The name ends in none that is known.</exception>
    public static IKeyRewriter For(string path) => s_table.FirstOrDefault(line => path.EndsWith(line.End, StringComparison.OrdinalIgnoreCase)).Rewriter
        ?? throw new RewriteException("unknown-language", $"{path}: a value is found in {string.Join(", ", s_table.Select(line => line.End))} only", "use a marked block (`block`) for this file");
}
