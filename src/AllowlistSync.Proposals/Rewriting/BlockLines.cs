namespace AllowlistSync.Proposals.Rewriting;

/// <summary>Formats of lines that only make sense inside of something else.</summary>
public static class BlockLines
{
    /// <summary>Elements of a set of nft: one prefix a line, a comma behind each.</summary>
    public const string NftElements = "nft-elements";
}
