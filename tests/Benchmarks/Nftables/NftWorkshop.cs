using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Benchmarks.Nftables;

/// <summary>The files of a run: lists, configurations, and the scripts that bring the bare tool to the same end.</summary>
/// <param name="Program">The published program.</param>
/// <param name="Folder">A folder on disk.</param>
internal sealed record NftWorkshop(string Program, string Folder)
{
    private const string Base = """
        flush ruleset
        table inet filter {
          chain input {
            type filter hook input priority filter; policy drop;
            ct state established,related accept
            iifname "lo" accept
            tcp dport 22 accept
          }
        }

        """;

    /// <summary>A file of this run.</summary>
    internal string File(string name) => Path.Combine(Folder, name);

    /// <summary>Writes the operator's rule set, without anything of ours.</summary>
    internal string WriteBase()
    {
        System.IO.File.WriteAllText(File("base.nft"), Base);
        return File("base.nft");
    }

    /// <summary>Writes a list, one prefix a line.</summary>
    internal void WriteList(string name, IEnumerable<IpPrefix> prefixes) =>
        System.IO.File.WriteAllLines(File(name + ".txt"), prefixes.Select(prefix => prefix.ToString()));

    /// <summary>Writes a configuration whose only source is the list of that name, or other lines in its place.</summary>
    internal string WriteConfig(string name, string? source = null, string settings = "table: inet filter, chain: input", string mode = "apply")
    {
        System.IO.File.WriteAllText(File(name + ".yaml"), $$"""
            version: 1
            sources:
              - {{source ?? $"{{ name: list, type: file, path: {File(name + ".txt")} }}"}}
            guard: { maxRemovedPercent: 100, maxAddedPercent: 1000, removalGrace: 0s }
            state: {{File(name + ".state")}}
            targets:
              - name: web
                provider: nftables
                allow: [list]
                ports: [80, 443]
                mode: {{mode}}
                settings: { {{settings}} }

            """);
        return File(name + ".yaml");
    }

    /// <summary>Forgets what the program knows of a list's target.</summary>
    internal void ForgetState(string name)
    {
        if (Directory.Exists(File(name + ".state")))
        {
            Directory.Delete(File(name + ".state"), recursive: true);
        }
    }

    /// <summary>Writes what a person would load by hand: two sets, a chain, two rules and the jump, with the elements in the given order.</summary>
    internal string WriteBare(string name, IReadOnlyCollection<IpPrefix> prefixes)
    {
        using var script = new StreamWriter(File(name + ".nft"));
        foreach (var (family, set, type) in new[] { (IpFamily.IPv4, "v4", "ipv4_addr"), (IpFamily.IPv6, "v6", "ipv6_addr") })
        {
            script.Write($"add set inet filter {set} {{ type {type}; flags interval; }}\n");
            script.Write($"add element inet filter {set} {{ {string.Join(", ", prefixes.Where(prefix => prefix.Family == family))} }}\n");
        }

        script.Write("""
            add chain inet filter web
            add rule inet filter web ip saddr @v4 tcp dport { 80, 443 } accept
            add rule inet filter web ip6 saddr @v6 tcp dport { 80, 443 } accept
            add rule inet filter input jump web

            """);
        return File(name + ".nft");
    }
}
