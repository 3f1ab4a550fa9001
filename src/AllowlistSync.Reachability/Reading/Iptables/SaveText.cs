namespace AllowlistSync.Reachability.Reading.Iptables;

/// <summary>What iptables-save printed, split into tables, chains and lines; the rules are not read yet.</summary>
/// <param name="Tables">The tables in the order of the text.</param>
/// <param name="SaysIncompatible">iptables-nft-save says that some chains of a table are not in it.</param>
internal sealed record SaveText(IReadOnlyList<SaveTable> Tables, bool SaysIncompatible);

/// <summary>One table of the text.</summary>
internal sealed class SaveTable(string name)
{
    internal string Name { get; } = name;

    internal List<SaveChain> Chains { get; } = [];
}

/// <summary>One chain of the text.</summary>
internal sealed class SaveChain(string name)
{
    internal string Name { get; } = name;

    /// <summary>The policy; null or <c>-</c> for a chain that is only jumped to.</summary>
    internal string? Policy { get; set; }

    internal List<SaveLine> Lines { get; } = [];
}

/// <summary>One rule of the text.</summary>
/// <param name="Text">The line without counters, from <c>-A</c>.</param>
/// <param name="RuleStart">Where the rule starts in it, behind the chain's name; 0 for a line that is no rule.</param>
internal readonly record struct SaveLine(ReadOnlyMemory<byte> Text, int RuleStart)
{
    internal ReadOnlySpan<byte> Rule => Text.Span[RuleStart..];
}
