using System.Collections.Immutable;

namespace AllowlistSync.Conformance.Stories;

/// <summary>A program of Debian that reads files of a format, as its own check reads them.</summary>
/// <param name="Format">The format.</param>
/// <param name="Program">The program.</param>
/// <param name="Configuration">A configuration that has the file included; it is at <c>/etc/reader.conf</c>, the file at <c>/etc/reader.list</c>.</param>
/// <param name="Command">Reads it, and says whether it is good.</param>
/// <param name="Broken">A line that no list may have.</param>
/// <param name="Says">What the program says to that line (captured on Debian 12).</param>
public sealed record FormatReader(string Format, string Program, string Configuration, ImmutableArray<string> Command, string Broken, string Says)
{
    /// <summary>The file.</summary>
    public const string List = "/etc/reader.list";

    private const string NginxStart = "error_log stderr; pid /run/reader.pid; events { } http { access_log off; ";

    private const string ApacheStart = """
        ServerName reader.example
        ErrorLog /run/reader.log
        LoadModule mpm_event_module /usr/lib/apache2/modules/mod_mpm_event.so
        LoadModule authz_core_module /usr/lib/apache2/modules/mod_authz_core.so
        LoadModule authz_host_module /usr/lib/apache2/modules/mod_authz_host.so
        LoadModule remoteip_module /usr/lib/apache2/modules/mod_remoteip.so
        Listen 8080

        """;

    private const string NftTable = """
        include "/etc/reader.list"
        table inet reader {
          set edge4 { type ipv4_addr; flags interval; elements = $cloudflare4; }
          set edge6 { type ipv6_addr; flags interval; elements = $cloudflare6; }
          chain c {
            ip saddr $cloudflare4 accept
            ip6 saddr $cloudflare6 accept
          }
        }

        """;

    /// <summary>All that Debian has; Caddy, ModSecurity and Terraform were tried by hand (see the README of the provider).</summary>
    public static ImmutableArray<FormatReader> All { get; } =
    [
        Nginx("nginx-realip", $"include {List}; real_ip_header CF-Connecting-IP;", "set_real_ip_from 104.16.0.0/99;", "host not found in set_real_ip_from \"104.16.0.0/99\""),
        Nginx("nginx-allow", $"server {{ listen 8080; location / {{ include {List}; deny all; }} }}", "allow 104.16.0.0/99;", "invalid parameter \"104.16.0.0/99\" in"),
        Nginx("nginx-geo", $"geo $edge {{ default 0; include {List}; }}", "104.16.0.0/99 1;", "invalid network \"104.16.0.0/99\" in"),
        Apache("apache-remoteip", $"RemoteIPHeader CF-Connecting-IP\nInclude {List}\n", "RemoteIPTrustedProxy 104.16.0.0/99", "Error parsing IP 104.16.0.0/99"),
        Apache("apache-require", $"<Location />\n<RequireAny>\nInclude {List}\n</RequireAny>\n</Location>\n", "Require ip 104.16.0.0/99", "'104.16.0.0/99' appears to be invalid"),
        new("haproxy-acl", "haproxy", $"defaults\n  mode http\n  timeout client 5s\n  timeout server 5s\n  timeout connect 5s\nfrontend f\n  bind :8080\n  acl edge src -f {List}\n  http-request deny unless edge\n", ["haproxy", "-c", "-f", "/etc/reader.conf"], "104.16.0.0/99", "'104.16.0.0/99' is not a valid IPv4 or IPv6 address"),
        new("varnish-acl", "varnishd", $"vcl 4.1;\nbackend d none;\ninclude \"{List}\";\nsub vcl_recv {{ if (client.ip ~ cloudflare) {{ return (pass); }} }}\n", ["varnishd", "-C", "-f", "/etc/reader.conf"], "acl bad { \"104.16.0.1\"/13; }", "Non-zero bits in masked part"),
        new("nft-define", "nft", NftTable, ["nft", "-c", "-f", "/etc/reader.conf"], "define bad = { 104.16.0.0/99 ", "Error: "),
        new("ipset-restore", "ipset", "", ["ipset", "restore", "-file", List], "add cloudflare4 104.16.0.0/99", "is out of range 0-32"),
    ];

    /// <inheritdoc/>
    public override string ToString() => Format;

    private static FormatReader Nginx(string format, string http, string broken, string says) =>
        new(format, "nginx", $"{NginxStart}{http} }}\n", ["nginx", "-t", "-c", "/etc/reader.conf"], broken, says);

    private static FormatReader Apache(string format, string lines, string broken, string says) =>
        new(format, "apache2", ApacheStart + lines, ["apache2", "-t", "-f", "/etc/reader.conf"], broken, says);
}
