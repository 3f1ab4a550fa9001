using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Core.Formats;

/// <summary>Formats with one line for each prefix and nothing around them.</summary>
internal static class LineFormats
{
    internal const string MarkComment = "# allowlist-sync: {0}";

    // To inet_addr(3), and so to nginx (1.22.1, ngx_inet_addr), this address is the same as none. No packet comes from it.
    private static readonly IpPrefix Broadcast = IpPrefix.Create(IpFamily.IPv4, uint.MaxValue, 32);

    internal static RangeFormat Plain { get; } = Of("plain", "One prefix a line.", "grepcidr -f PATH access.log", "", "");

    internal static RangeFormat NginxRealIp { get; } = Of(
        "nginx-realip", "Directives of nginx that believe these proxies when they name the visitor.", "include PATH;  real_ip_header CF-Connecting-IP;", "set_real_ip_from ", ";") with
    { Refused = Broadcast };

    internal static RangeFormat NginxAllow { get; } = Of(
        "nginx-allow", "Directives of nginx that let these addresses in; `deny all;` is yours.", "location / { include PATH;  deny all; }", "allow ", ";") with
    { Refused = Broadcast };

    // 0.0.0.0/0 is what `default` means in geo (nginx warns of a duplicate network).
    internal static RangeFormat NginxGeo { get; } = Of(
        "nginx-geo", "Lines for a geo block of nginx that give these addresses the value 1.", "geo $realip_remote_addr $from_edge { default 0;  include PATH; }", "", " 1;") with
    { HalvesWhole = true, Refused = Broadcast };

    // A mask of no bits is "invalid" to apr_ipsubnet_create, which both directives of Apache use (2.4.71).
    internal static RangeFormat ApacheRemoteIp { get; } = Of(
        "apache-remoteip", "Directives of mod_remoteip that believe these proxies when they name the visitor.", "RemoteIPHeader CF-Connecting-IP  Include PATH", "RemoteIPTrustedProxy ", "") with
    { HalvesWhole = true };

    internal static RangeFormat ApacheRequire { get; } = Of(
        "apache-require", "Directives of Apache that let these addresses in.", "<RequireAny>  Include PATH  </RequireAny>", "Require ip ", "") with
    { HalvesWhole = true };

    internal static RangeFormat HaproxyAcl { get; } = Of(
        "haproxy-acl", "Patterns of an ACL of HAProxy.", "acl from_edge src -f PATH", "", "");

    // ModSecurity 2.9.7 refuses the lengths 0, and 32 of IPv4 and 128 of IPv6: a single address stands alone.
    internal static RangeFormat ModSecurity { get; } = Of(
        "modsecurity", "Addresses for the operator @ipMatchFromFile of ModSecurity.", "SecRule REMOTE_ADDR \"!@ipMatchFromFile PATH\" \"id:1000,phase:1,deny\"", "", "") with
    { HalvesWhole = true, Body = (prefixes, _) => prefixes.Select(Bare) };

    private static string Bare(IpPrefix prefix)
    {
        var text = prefix.ToString();
        return prefix.Length == prefix.Family.Bits() ? text[..text.IndexOf('/', StringComparison.Ordinal)] : text;
    }

    private static RangeFormat Of(string name, string summary, string example, string before, string after) => new(
        (prefixes, _) => prefixes.Select(prefix => $"{before}{prefix}{after}"),
        (text, _, draft) => CommentedText.Find(text, draft, [before], after))
    {
        Name = name,
        Summary = summary,
        Example = example,
        HasComments = true,
        MarkForm = MarkComment,
    };
}
