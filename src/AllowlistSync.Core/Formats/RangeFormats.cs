using System.Collections.Immutable;

namespace AllowlistSync.Core.Formats;

/// <summary>All formats. The names and what is written are a public contract.</summary>
public static class RangeFormats
{
    /// <summary>The table, in the order of documentation.</summary>
    public static ImmutableArray<RangeFormat> All { get; } =
    [
        LineFormats.Plain,
        LineFormats.NginxRealIp,
        LineFormats.NginxAllow,
        LineFormats.NginxGeo,
        LineFormats.ApacheRemoteIp,
        LineFormats.ApacheRequire,
        LineFormats.HaproxyAcl,
        BlockFormats.CaddyTrustedProxies,
        LineFormats.ModSecurity,
        BlockFormats.VarnishAcl,
        DataFormats.Json,
        BlockFormats.Yaml,
        DataFormats.Csv,
        BlockFormats.NftDefine,
        BlockFormats.IpsetRestore,
        DataFormats.TerraformVariables,
    ];

    /// <summary>The format of a name; null when there is none.</summary>
    public static RangeFormat? Find(string name) => All.FirstOrDefault(format => format.Name == name);
}
