using System.Numerics;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Core.Formats;

/// <summary>Formats that put the prefixes into blocks or calls, one line each.</summary>
internal static class BlockFormats
{
    private const string Indent = "    ";

    // A line that ends in a backslash goes on (Caddyfile concepts); so one prefix a line, which reads well in a diff.
    internal static RangeFormat CaddyTrustedProxies { get; } = new(
        (prefixes, _) => Continued(["trusted_proxies static", .. prefixes.Select(prefix => $"\t{prefix}")]),
        (text, _, draft) => CommentedText.Find(text, draft, [""], "", "\\"))
    {
        Name = "caddy-trusted-proxies",
        Summary = "The option trusted_proxies of Caddy 2.6.3 and later, to be imported into `servers { }`.",
        Example = "{ servers { import PATH  client_ip_headers CF-Connecting-IP } }",
        HasComments = true,
        MarkForm = LineFormats.MarkComment,
    };

    internal static RangeFormat VarnishAcl { get; } = new(
        (prefixes, label) => [$"acl {label.Name} {{", .. prefixes.Select(prefix => $"{Indent}{Quoted(prefix)};"), "}"],
        (text, _, draft) => CommentedText.Find(text.Replace("\"", "", StringComparison.Ordinal), draft, [""], ";"))
    {
        Name = "varnish-acl",
        Summary = "An ACL of Varnish, called by the name.",
        Example = "include \"PATH\";  if (client.ip ~ cloudflare) { }",
        HasComments = true,
        UsesName = true,
        MarkForm = LineFormats.MarkComment,
    };

    internal static RangeFormat NftDefine { get; } = new(
        (prefixes, label) => NftDefinition(prefixes, IpFamily.IPv4, label.Name).Concat(NftDefinition(prefixes, IpFamily.IPv6, label.Name)),
        (text, _, draft) => CommentedText.Find(text, draft, [""], "", ","))
    {
        Name = "nft-define",
        Summary = "Variables of nft for sets of either family, called by the name and 4 or 6.",
        Example = "include \"PATH\"  ip saddr $cloudflare4 accept",
        HasComments = true,
        UsesName = true,
        MarkForm = LineFormats.MarkComment,
    };

    internal static RangeFormat Yaml { get; } = new(
        (prefixes, _) => YamlList(prefixes, IpFamily.IPv4, "ipv4").Concat(YamlList(prefixes, IpFamily.IPv6, "ipv6")),
        (text, _, draft) => CommentedText.Find(text, draft, ["- \""], "\""))
    {
        Name = "yaml",
        Summary = "A list for each family, under the keys ipv4 and ipv6.",
        Example = "ansible-playbook -e @PATH site.yml",
        HasComments = true,
        MarkForm = LineFormats.MarkComment,
    };

    internal static RangeFormat IpsetRestore { get; } = new(
        IpsetCalls,
        (text, name, draft) => CommentedText.Find(text, draft, [$"add {Draft(name, IpFamily.IPv4)} ", $"add {Draft(name, IpFamily.IPv6)} "], ""))
    {
        Name = "ipset-restore",
        Summary = "Sets of type hash:net for either family, called by the name and 4 or 6, that take the place of those that are there.",
        Example = "ipset restore -file PATH",
        HasComments = true,
        UsesName = true,
        HalvesWhole = true,
        MarkForm = LineFormats.MarkComment,
    };

    private static IEnumerable<string> Continued(string[] lines) => lines.Select((line, index) => index < lines.Length - 1 ? line + " \\" : line);

    private static string Quoted(IpPrefix prefix) => $"\"{prefix.ToString().Replace("/", "\"/", StringComparison.Ordinal)}";

    // nft 1.0.6 refuses a set without elements ("Set is empty"), and an undefined variable. These addresses are the source of no packet: the kernel drops
    // both on arrival (ip_route_input_slow, ip6_rcv_core). They have no length, so they are not mistaken for prefixes of the list.
    private static IEnumerable<string> NftDefinition(IReadOnlyList<IpPrefix> all, IpFamily family, string name)
    {
        var lines = all.Where(prefix => prefix.Family == family).Select(prefix => Indent + prefix).ToList();
        var variable = $"{name}{Digit(family)}";
        return lines.Count > 0
            ? [$"define {variable} = {{", .. lines.SkipLast(1).Select(line => line + ","), lines[^1], "}"]
            : [$"# No {family} prefix. nft takes no empty set, so this is an address that no packet comes from.", $"define {variable} = {{ {(family == IpFamily.IPv4 ? "255.255.255.255" : "ff00::")} }}"];
    }

    private static IEnumerable<string> YamlList(IReadOnlyList<IpPrefix> all, IpFamily family, string key)
    {
        var lines = all.Where(prefix => prefix.Family == family).Select(prefix => $"  - \"{prefix}\"").ToList();
        return lines.Count > 0 ? [$"{key}:", .. lines] : [$"{key}: []"];
    }

    // Everything that can fail comes before the first swap, and a draft that an earlier call left is emptied. A set that is there keeps its own
    // maxelem, and `create -exist` wants the same again (ip_set_create in the kernel): so it is the same for all lists but enormous ones.
    private static IEnumerable<string> IpsetCalls(IReadOnlyList<IpPrefix> all, RangeFileLabel label)
    {
        IpFamily[] families = [IpFamily.IPv4, IpFamily.IPv6];
        var maxElements = Math.Max(1u << 20, BitOperations.RoundUpToPowerOf2((uint)all.Count));
        return
        [
            .. families.SelectMany(family => new[] { $"{label.Name}{Digit(family)}", Draft(label.Name, family) }
                .Select(set => $"create {set} hash:net family {(family == IpFamily.IPv4 ? "inet" : "inet6")} maxelem {maxElements} -exist")),
            .. families.Select(family => $"flush {Draft(label.Name, family)}"),
            .. all.Select(prefix => $"add {Draft(label.Name, prefix.Family)} {prefix}"),
            .. families.Select(family => $"swap {Draft(label.Name, family)} {label.Name}{Digit(family)}"),
            .. families.Select(family => $"destroy {Draft(label.Name, family)}"),
        ];
    }

    private static string Draft(string name, IpFamily family) => $"{name}{Digit(family)}-new";

    private static char Digit(IpFamily family) => family == IpFamily.IPv4 ? '4' : '6';
}
