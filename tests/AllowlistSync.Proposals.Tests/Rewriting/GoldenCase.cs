using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Formats;
using AllowlistSync.Proposals.Rewriting;

namespace AllowlistSync.Proposals.Tests.Rewriting;

/// <summary>A directory of <c>golden</c> with a file before and after.</summary>
/// <param name="Name">The directory.</param>
/// <param name="Ending">How the names of the files end.</param>
/// <param name="Place">The place.</param>
/// <param name="Wanted">The ranges, with blanks between.</param>
public sealed record GoldenCase(string Name, string Ending, FilePlace Place, string Wanted)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<GoldenCase> All { get; } =
    [
        new("block-nginx", "conf", new BlockPlace("cf", "nginx-allow"), "104.16.0.0/13 173.245.48.0/20"),
        new("block-crlf", "conf", new BlockPlace("cf", "nginx-realip"), "104.16.0.0/13"),
        new("block-slashes", "txt", new BlockPlace("cf", "plain"), "104.16.0.0/13"),
        new("block-html", "html", new BlockPlace("cf", "plain"), "104.16.0.0/13"),
        new("block-c", "vcl", new BlockPlace("cf", "haproxy-acl"), "104.16.0.0/13"),
        new("block-semicolon", "ini", new BlockPlace("cf", "plain"), "104.16.0.0/13"),
        new("block-dashes", "sql", new BlockPlace("cf", "plain"), "104.16.0.0/13"),
        new("block-nft", "nft", new BlockPlace("cf", "nft-elements", IpFamily.IPv4), "104.16.0.0/13 173.245.48.0/20 2400:cb00::/32"),
        new("block-same", "conf", new BlockPlace("cf", "plain"), "104.16.0.0/13"),
        new("block-two", "conf", new BlockPlace("b", "plain"), "104.16.0.0/13"),
        new("yaml-block", "yml", new KeyPlace("firewall.allow"), "104.16.0.0/13 173.245.48.0/20"),
        new("yaml-indentless", "yaml", new KeyPlace("allow"), "104.16.0.0/13 173.245.48.0/20"),
        new("yaml-no-last-newline", "yml", new KeyPlace("allow"), "104.16.0.0/13 173.245.48.0/20"),
        new("yaml-no-last-newline-removed", "yml", new KeyPlace("allow"), "104.16.0.0/13"),
        new("yaml-crlf-bom", "yml", new KeyPlace("allow"), "104.16.0.0/13"),
        new("yaml-flow", "yml", new KeyPlace("allow"), "104.16.0.0/13 2400:cb00::/32"),
        new("yaml-flow-lines", "yml", new KeyPlace("allow"), "104.16.0.0/13 173.245.48.0/20"),
        new("yaml-flow-empty", "yml", new KeyPlace("allow"), "104.16.0.0/13 2400:cb00::/32"),
        new("yaml-nothing", "yml", new KeyPlace("f.allow"), "104.16.0.0/13"),
        new("yaml-nothing-indentless", "yml", new KeyPlace("allow"), "104.16.0.0/13"),
        new("yaml-to-empty", "yml", new KeyPlace("allow"), ""),
        new("yaml-in-flow", "yml", new KeyPlace("a.b"), "104.16.0.0/13 173.245.48.0/20"),
        new("yaml-index", "yml", new KeyPlace("rules[1].cidrs"), "104.16.0.0/13"),
        new("yaml-spelling", "yml", new KeyPlace("allow"), "1.1.1.1/32 2001:db8::/32 104.16.0.0/13"),
        new("yaml-same", "yml", new KeyPlace("allow"), "104.16.0.0/13"),
        new("yaml-family", "yml", new KeyPlace("allow", Family: IpFamily.IPv4), "104.16.0.0/13 2400:cb00::/32"),
        new("yaml-commas", "yaml", new KeyPlace("metadata.annotations[\"nginx.ingress.kubernetes.io/whitelist-source-range\"]"), "104.16.0.0/13 173.245.48.0/20"),
        new("yaml-commas-plain", "yml", new KeyPlace("range"), "104.16.0.0/13 173.245.48.0/20"),
        new("yaml-policy", "yml", new KeyPlace("spec.ingress[0].from"), "104.16.0.0/13 173.245.48.0/20"),
        new("yaml-policy-flow", "yml", new KeyPlace("from"), "104.16.0.0/13 173.245.48.0/20"),
        new("yaml-policy-empty", "yml", new KeyPlace("from", Shape: ValueShape.IpBlocks), "104.16.0.0/13"),
        new("yaml-service", "yml", new KeyPlace("spec.loadBalancerSourceRanges", Document: "Service/web"), "104.16.0.0/13"),
        new("yaml-anchor-elsewhere", "yml", new KeyPlace("allow"), "104.16.0.0/13"),
        new("json-lines", "json", new KeyPlace("firewall.allow"), "104.16.0.0/13 173.245.48.0/20"),
        new("json-one-line", "json", new KeyPlace("a"), "104.16.0.0/13 173.245.48.0/20"),
        new("json-one-entry", "json", new KeyPlace("a"), "104.16.0.0/13 173.245.48.0/20"),
        new("json-tfvars", "tfvars.json", new KeyPlace("allow"), "104.16.0.0/13 2400:cb00::/32"),
        new("json-commas", "json", new KeyPlace("range"), "104.16.0.0/13"),
        new("hcl-lines", "tf", new KeyPlace("resource.aws_security_group_rule.web.cidr_blocks"), "104.16.0.0/13 173.245.48.0/20"),
        new("hcl-one-line", "tfvars", new KeyPlace("allow"), "104.16.0.0/13 173.245.48.0/20"),
        new("hcl-no-last-comma", "hcl", new KeyPlace("allow"), "104.16.0.0/13 173.245.48.0/20"),
        new("hcl-last-goes", "hcl", new KeyPlace("allow"), "104.16.0.0/13"),
        new("hcl-empty", "pkrvars.hcl", new KeyPlace("allow"), "104.16.0.0/13 173.245.48.0/20 2400:cb00::/32 1.1.1.0/24"),
        new("hcl-locals", "tf", new KeyPlace("locals.edge.v4"), "104.16.0.0/13"),
        new("hcl-variable", "tf", new KeyPlace("variable.allow.default"), ""),
        new("hcl-block-index", "tf", new KeyPlace("resource.sg.web.ingress[1].cidr_blocks"), "104.16.0.0/13"),
        new("hcl-crlf", "tf", new KeyPlace("locals.a"), "104.16.0.0/13 173.245.48.0/20"),
        new("hcl-commas", "tfvars", new KeyPlace("range"), "104.16.0.0/13"),
        new("whole", "conf", new WholeFilePlace(RangeFormats.Find("nginx-realip")!, new RangeFileLabel("web-1/infra")), "104.16.0.0/13"),
    ];

    /// <summary>The file before.</summary>
    public byte[] Original => File.ReadAllBytes(At("original"));

    /// <summary>The file after.</summary>
    public byte[] Expected => File.ReadAllBytes(At("expected"));

    /// <summary>A name of the file, which tells its language.</summary>
    public string Path => $"a/file.{Ending}";

    /// <summary>The ranges of the place's family.</summary>
    public PrefixSet Ranges => Of(Wanted) is var all && Place.Family is { } family ? all.Only(family) : Of(Wanted);

    /// <summary>Ranges of a text with blanks between.</summary>
    public static PrefixSet Of(string text) => PrefixSet.Of(text.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(IpPrefix.Parse));

    /// <inheritdoc/>
    public override string ToString() => Name;

    private string At(string file) => System.IO.Path.Combine(AppContext.BaseDirectory, "Rewriting", "golden", Name, $"{file}.{Ending}");
}
