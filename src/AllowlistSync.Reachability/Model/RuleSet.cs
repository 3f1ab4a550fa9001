using System.Collections.Immutable;

namespace AllowlistSync.Reachability.Model;

/// <summary>
/// All packet filter tables of one network namespace, of every backend, as they stood at one time. What could not be read or
/// understood is in it as unknown steps and as <see cref="Gaps"/>, never left out. Immutable.
/// </summary>
public sealed record RuleSet
{
    /// <summary>Nothing at all: a host without any rule.</summary>
    public static RuleSet Empty { get; } = new() { IpSets = ImmutableDictionary<string, IpSet>.Empty };

    /// <summary>The tables, of both backends.</summary>
    public ImmutableArray<Table> Tables { get; init; } = [];

    /// <summary>Parts of the host's rule set that are missing here: while there is one, no traffic that it could concern is proved.</summary>
    public ImmutableArray<Gap> Gaps { get; init; } = [];

    /// <summary>
    /// The sets of ipset by name, for those who change them; null when nobody listed them. The conditions of the rules hold the values
    /// themselves. A rule that asks a set names it in <see cref="Rule.Saved"/>.
    /// </summary>
    public ImmutableDictionary<string, IpSet>? IpSets { get; init; }

    /// <summary>Addresses, interfaces and routes of the host.</summary>
    public HostFacts Host { get; init; } = HostFacts.Unknown;
}

/// <summary>A part of the rule set that was not read: a tool that failed, a dump that was cut off, a table whose two dumps do not meet.</summary>
/// <param name="Families">Whose packets it could concern.</param>
/// <param name="Message">What is missing and why.</param>
public sealed record Gap(Families Families, string Message);

/// <summary>Which kernel engine holds a table.</summary>
public enum Backend
{
    /// <summary>x_tables: what <c>iptables-legacy</c> writes.</summary>
    Legacy,

    /// <summary>nf_tables: what <c>nft</c> and <c>iptables-nft</c> write.</summary>
    NfTables,
}

/// <summary>The address families that something is about.</summary>
[Flags]
public enum Families
{
    /// <summary>None: bridge and ARP tables.</summary>
    None = 0,

    /// <summary>IPv4 packets.</summary>
    IPv4 = 1,

    /// <summary>IPv6 packets.</summary>
    IPv6 = 2,

    /// <summary>Both.</summary>
    Both = IPv4 | IPv6,
}

/// <summary>One table.</summary>
/// <param name="Backend">The engine.</param>
/// <param name="Family">As the tools write it: <c>ip</c>, <c>ip6</c>, <c>inet</c>, <c>netdev</c>, <c>arp</c>, <c>bridge</c>.</param>
/// <param name="Name">The name, such as <c>filter</c>.</param>
/// <param name="Chains">Its chains by name.</param>
public sealed record Table(Backend Backend, string Family, string Name, ImmutableDictionary<string, Chain> Chains)
{
    /// <summary>Set by <c>flags dormant</c>: its chains are not on any packet's path (nft(8), "Tables").</summary>
    public bool IsDormant { get; init; }

    /// <summary>
    /// Its named sets and maps, for those who change them. The conditions of the rules hold the values themselves. A rule that refers to
    /// one names it in <see cref="Rule.Text"/>. Empty for x_tables.
    /// </summary>
    public ImmutableDictionary<string, NamedSet> Sets { get; init; } = ImmutableDictionary<string, NamedSet>.Empty;

    /// <summary>Which packets its chains see.</summary>
    public Families Sees => Family switch { "ip" => Families.IPv4, "ip6" => Families.IPv6, "inet" or "netdev" => Families.Both, _ => Families.None };

    /// <summary>For people: <c>table inet filter</c>, <c>iptables-legacy filter</c>.</summary>
    public override string ToString() => Backend == Backend.NfTables
        ? $"table {Family} {Name}"
        : $"{(Family == "ip6" ? "ip6tables" : "iptables")}-legacy table {Name}";
}

/// <summary>A named set or map of nf_tables.</summary>
/// <param name="Name">The name.</param>
/// <param name="Definition">Its object in JSON, with type, flags and elements, as libnftables-json(5) has it.</param>
public sealed record NamedSet(string Name, ReadOnlyMemory<byte> Definition);

/// <summary>A set of ipset, as text: it is read when somebody asks it.</summary>
/// <param name="Type">Such as <c>hash:net</c>.</param>
/// <param name="Options">The words behind the type: family, maxelem and the like (ipset(8), "create").</param>
/// <param name="Lines">The lines that add its elements, <c>add NAME ELEMENT [OPTIONS]</c>, in pieces of one or several. The name in them may be an older one.</param>
public sealed record IpSet(string Type, ImmutableArray<string> Options, ImmutableArray<ReadOnlyMemory<byte>> Lines)
{
    /// <summary>Set when it holds elements that are not known.</summary>
    public bool IsUnknown { get; init; }
}

/// <summary>One chain.</summary>
/// <param name="Name">The name.</param>
/// <param name="Rules">In the order in which a packet meets them.</param>
public sealed record Chain(string Name, ImmutableArray<Rule> Rules)
{
    /// <summary>Where it is attached to the packet path; null for a chain that is only jumped to.</summary>
    public BaseChain? Base { get; init; }
}

/// <summary>The hooks of the packet path (nft(8), "Address families").</summary>
public enum Hook
{
    /// <summary>As a packet comes from a device, before everything.</summary>
    Ingress,

    /// <summary>Before routing.</summary>
    Prerouting,

    /// <summary>To a local process.</summary>
    Input,

    /// <summary>To another host or container.</summary>
    Forward,

    /// <summary>From a local process.</summary>
    Output,

    /// <summary>After routing.</summary>
    Postrouting,

    /// <summary>As a packet goes to a device, after everything.</summary>
    Egress,
}

/// <summary>What a base chain is for.</summary>
public enum ChainType
{
    /// <summary>Filters; the mangle, raw and security tables of iptables are of this type too.</summary>
    Filter,

    /// <summary>Sees the first packet of each connection only, and always at priority -100 or 100.</summary>
    Nat,

    /// <summary>Reroutes after output; filters like the rest.</summary>
    Route,
}

/// <summary>How a chain is attached to the packet path.</summary>
/// <param name="Type">What it is for.</param>
/// <param name="Hook">Where.</param>
/// <param name="Priority">The lower runs first; <c>filter</c> is 0.</param>
/// <param name="DropsByDefault">The policy: what happens to a packet at the chain's end.</param>
public sealed record BaseChain(ChainType Type, Hook Hook, int Priority, bool DropsByDefault)
{
    /// <summary>The devices of an ingress or egress chain; empty elsewhere, default when it has some that are not known.</summary>
    public ImmutableArray<string> Devices { get; init; } = [];
}

/// <summary>One rule: conditions and statements in their order. A condition that does not hold ends it; what came before has acted (nft(8), "Statements").</summary>
/// <param name="Steps">The conditions and statements. Counters, logs and comments are left out: they change nothing.</param>
/// <param name="Text">The rule as its tool writes it.</param>
/// <param name="Number">Its place in the chain, from 1.</param>
public sealed record Rule(ImmutableArray<Step> Steps, RuleText Text, int Number)
{
    /// <summary>The handle that nft gives it; null for rules of x_tables.</summary>
    public long? Handle { get; init; }

    /// <summary>
    /// The rule as iptables-save prints it, without counters, from <c>-A</c>; empty when no such tool printed it. iptables-nft-save prints rules that
    /// nft wrote as well, and leaves out what it does not know of them.
    /// </summary>
    public ReadOnlyMemory<byte> Saved { get; init; }
}

/// <summary>The text of a rule, kept as the bytes of its dump and made readable only when somebody asks.</summary>
/// <param name="Source">The rule's bytes in the dump.</param>
/// <param name="Render">Makes a line of them.</param>
public readonly record struct RuleText(ReadOnlyMemory<byte> Source, Func<ReadOnlyMemory<byte>, string> Render)
{
    /// <summary>A text that is known.</summary>
    public static RuleText Of(string text) => new(System.Text.Encoding.UTF8.GetBytes(text), Utf8);

    /// <summary>Bytes that are the text already.</summary>
    public static RuleText OfUtf8(ReadOnlyMemory<byte> text) => new(text, Utf8);

    /// <inheritdoc/>
    public override string ToString() => Render is null ? "" : Render(Source);

    private static string Utf8(ReadOnlyMemory<byte> bytes) => System.Text.Encoding.UTF8.GetString(bytes.Span);
}
