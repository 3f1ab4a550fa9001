using AllowlistSync.Reachability.Model;

namespace AllowlistSync.Reachability.Reading.Nft;

/// <summary>The tables of nf_tables while a script is carried out. What was there before stays as it is until the script touches it.</summary>
internal sealed class NftScriptState
{
    private readonly List<Gap> gaps = [];
    private readonly List<NftScriptTable> tables;

    /// <param name="before">The tables to start from.</param>
    public NftScriptState(IEnumerable<Table> before) => tables = [.. before.Select(table => new NftScriptTable(table.Family, table.Name, table))];

    /// <summary>The tables in their order.</summary>
    public IReadOnlyList<NftScriptTable> Tables => tables;

    /// <summary>What was not understood, or is not what the kernel would take.</summary>
    public IReadOnlyList<Gap> Gaps => gaps;

    /// <summary>A table; null when it is not there.</summary>
    public NftScriptTable? Find(string family, string name) => tables.Find(table => table.Family == family && table.Name == name);

    /// <summary>A table, made when it is not there.</summary>
    public NftScriptTable Make(string family, string name)
    {
        if (Find(family, name) is not { } table)
        {
            tables.Add(table = new(family, name, before: null));
        }

        table.IsTouched = true;
        return table;
    }

    /// <summary>Takes a table out.</summary>
    public void Remove(NftScriptTable table) => tables.Remove(table);

    /// <summary>Takes out all tables, or those of one family.</summary>
    public void Clear(string? family) => tables.RemoveAll(table => family is null || table.Family == family);

    /// <summary>Remembers that something is missing.</summary>
    public void Miss(string? family, string message) =>
        gaps.Add(new(family switch { "ip" => Families.IPv4, "ip6" => Families.IPv6, "arp" or "bridge" => Families.None, _ => Families.Both }, message));
}

/// <summary>A table.</summary>
internal sealed class NftScriptTable(string family, string name, Table? before)
{
    private List<NftScriptChain>? chains;
    private Dictionary<string, NftScriptChain>? byName;
    private Dictionary<string, NftScriptSet>? sets;

    public string Family => family;

    public string Name => name;

    /// <summary>What it was before; null when the script made it.</summary>
    public Table? Before => before;

    /// <summary>Set when the script does anything to it.</summary>
    public bool IsTouched { get; set; }

    public bool IsDormant { get; set; } = before?.IsDormant ?? false;

    /// <summary>Its chains, in the order in which they were made.</summary>
    public List<NftScriptChain> Chains => chains ??= [.. (before?.Chains.Values ?? []).Where(chain => !NftScriptRules.IsAnonymous(chain.Name)).Select(chain => new NftScriptChain(chain.Name, chain))];

    /// <summary>Its sets and maps.</summary>
    public Dictionary<string, NftScriptSet> Sets => sets ??= (before?.Sets ?? []).ToDictionary(set => set.Key, set => NftScriptSet.Of(set.Value), StringComparer.Ordinal);

    public NftScriptChain? Find(string chain) => (byName ??= Chains.ToDictionary(item => item.Name, StringComparer.Ordinal)).GetValueOrDefault(chain);

    public NftScriptChain Make(string chain)
    {
        if (Find(chain) is not { } found)
        {
            Chains.Add(found = new(chain, before: null));
            byName![chain] = found;
        }

        return found;
    }

    public void Remove(NftScriptChain chain)
    {
        Chains.Remove(chain);
        byName = null;
    }
}

/// <summary>A chain.</summary>
internal sealed class NftScriptChain(string name, Chain? before)
{
    public string Name { get; set; } = name;

    /// <summary>What it was before; null when the script made it.</summary>
    public Chain? Before => before;

    /// <summary>How the script attaches it; null when it does not.</summary>
    public NftTextChainHead? Head { get; set; }

    /// <summary>A policy that the script gives to a chain that was attached before.</summary>
    public string? Policy { get; set; }

    public List<NftScriptRule> Rules { get; } = [.. (before?.Rules ?? []).Select(rule => new NftScriptRule(rule, [], "", rule.Handle))];
}

/// <summary>A rule.</summary>
/// <param name="Before">What it was before; null when the script wrote it.</param>
/// <param name="Parts">Its conditions and statements, when the script wrote it.</param>
/// <param name="Text">Its text, when the script wrote it.</param>
/// <param name="Handle">Its handle; null when it has none yet.</param>
internal sealed record NftScriptRule(Rule? Before, IReadOnlyList<NftTextTree> Parts, string Text, long? Handle);
