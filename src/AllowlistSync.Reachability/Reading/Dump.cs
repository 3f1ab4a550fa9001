namespace AllowlistSync.Reachability.Reading;

/// <summary>What a tool printed about a host's rules.</summary>
/// <param name="Name">For messages: a file name, or the command that printed it.</param>
/// <param name="Content">The bytes as they came.</param>
public sealed record Dump(string Name, ReadOnlyMemory<byte> Content)
{
    /// <summary>The format; told from the content unless it is given.</summary>
    public DumpKind? Kind { get; init; }

    /// <summary>Set when named sets of nf_tables are listed without their elements (<c>nft -t</c>): what they hold is then not known.</summary>
    public bool LacksElements { get; init; }
}

/// <summary>The formats.</summary>
public enum DumpKind
{
    /// <summary><c>nft -j list ruleset</c>.</summary>
    NftJson,

    /// <summary><c>nft list ruleset</c>, with or without <c>-a</c>; also a file for <c>nft -f</c>.</summary>
    NftText,

    /// <summary><c>iptables-legacy-save</c>, and a file of unknown backend.</summary>
    IptablesLegacy,

    /// <summary><c>iptables-nft-save</c>.</summary>
    IptablesNft,

    /// <summary><c>ip6tables-legacy-save</c>, and a file of unknown backend.</summary>
    Ip6tablesLegacy,

    /// <summary><c>ip6tables-nft-save</c>.</summary>
    Ip6tablesNft,

    /// <summary><c>ipset save</c>.</summary>
    Ipset,

    /// <summary><c>ip -j address</c>.</summary>
    IpAddresses,

    /// <summary><c>ip -j route</c> and <c>ip -j -6 route</c>.</summary>
    IpRoutes,
}

/// <summary>A dump cannot be read at all, or its kind cannot be told.</summary>
public sealed class DumpException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">Which dump, where in it, and what is wrong.</param>
    /// <param name="remedy">What to do.</param>
    /// <param name="inner">The cause, if there is one.</param>
    public DumpException(string message, string remedy, Exception? inner = null)
        : base(message, inner) => Remedy = remedy;

    /// <summary>What to do.</summary>
    public string Remedy { get; }
}
