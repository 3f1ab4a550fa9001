using System.Collections.Immutable;
using AllowlistSync.Conformance.Harnesses;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Conformance.Stories;

/// <summary>A web server of Debian as an operator sets it up with a list of ours; its answer is the visitor's address.</summary>
/// <param name="Name">For the names of tests.</param>
/// <param name="Format">The format of the list.</param>
/// <param name="Configuration">Its whole configuration, at <c>/etc/edge.conf</c>; the list is <c>/etc/edge.list</c>.</param>
/// <param name="Check">The check that the README names.</param>
/// <param name="Start">Starts it.</param>
/// <param name="Reload">The reload.</param>
public sealed record WebServer(string Name, string Format, string Configuration, ImmutableArray<string> Check, string Start, ImmutableArray<string> Reload)
{
    /// <summary>The list.</summary>
    public const string List = "/etc/edge.list";

    // A second signal during a reload of haproxy can be lost: a reload has ended when the master has a newer worker.
    private const string HaproxyReload = """
        master=$(cat /run/edge-haproxy.pid)
        old=$(pgrep -n -P "$master")
        kill -USR2 "$master"
        for i in $(seq 100); do
            [ "$(pgrep -n -P "$master")" = "$old" ] || exit 0
            sleep 0.05
        done
        echo "haproxy has no new worker" >&2
        exit 1
        """;

    private const string Modules = "/usr/lib/apache2/modules";

    private const string ApacheBase = $$"""
        ServerRoot /etc/apache2
        ServerName origin.example
        PidFile /run/edge-apache.pid
        ErrorLog /var/log/edge-apache.log
        LoadModule mpm_event_module {{Modules}}/mod_mpm_event.so
        LoadModule authz_core_module {{Modules}}/mod_authz_core.so
        LoadModule authz_host_module {{Modules}}/mod_authz_host.so
        LoadModule remoteip_module {{Modules}}/mod_remoteip.so
        LoadModule rewrite_module {{Modules}}/mod_rewrite.so
        LoadModule headers_module {{Modules}}/mod_headers.so
        Listen 80
        Header always set X-Visitor "expr=%{REMOTE_ADDR}"
        ErrorDocument 404 "%{REMOTE_ADDR}"

        """;

    /// <summary>Those that restore the visitor's address by the list.</summary>
    public static ImmutableArray<WebServer> Restoring { get; } =
    [
        Nginx("nginx-realip", $"real_ip_header CF-Connecting-IP; include {List}; server {{ listen 80; listen [::]:80; return 200 \"$remote_addr\\n\"; }}"),
        Apache("apache-remoteip", $"RemoteIPHeader CF-Connecting-IP\nInclude {List}\n"),
        Haproxy($"  acl from_edge src -f {List}\n  http-request set-src req.hdr(CF-Connecting-IP) if from_edge\n"),
    ];

    /// <summary>Those that let in nobody but the list.</summary>
    public static ImmutableArray<WebServer> Closing { get; } =
    [
        Nginx("nginx-allow", $"server {{ listen 80; listen [::]:80; root /run; location / {{ include {List}; deny all; try_files /none =404; }} }}"),
        Nginx("nginx-geo", $"geo $realip_remote_addr $from_edge {{ default 0; include {List}; }} server {{ listen 80; listen [::]:80; if ($from_edge = 0) {{ return 403; }} return 404; }}"),
        Apache("apache-require", $"<Location />\n<RequireAny>\nInclude {List}\n</RequireAny>\n</Location>\n"),
        Haproxy($"  acl from_edge src -f {List}\n  http-request deny unless from_edge\n  http-request return status 404\n"),
    ];

    /// <summary>A shell line that waits until it has started.</summary>
    public string HasStarted => RangeFileTarget.HasStarted($"/run/edge-{(Name == "apache2" ? "apache" : Name)}.pid");

    /// <summary>The settings of a target that keeps its list.</summary>
    public ProviderSettings Settings => RangeFileTarget.Of(Format, [.. Check], [.. Reload], List);

    /// <inheritdoc/>
    public override string ToString() => $"{Name} {Format}";

    private static WebServer Nginx(string format, string http) => new(
        "nginx",
        format,
        $"pid /run/edge-nginx.pid; error_log /var/log/edge-nginx.log; events {{ }} http {{ access_log off; {http} }}\n",
        ["nginx", "-t", "-c", "/etc/edge.conf"],
        "nginx -c /etc/edge.conf",
        ["nginx", "-c", "/etc/edge.conf", "-s", "reload"]);

    private static WebServer Apache(string format, string lines) => new(
        "apache2",
        format,
        ApacheBase + lines,
        ["apache2", "-t", "-f", "/etc/edge.conf"],
        "apache2 -f /etc/edge.conf -k start",
        ["apache2", "-f", "/etc/edge.conf", "-k", "graceful"]);

    private static WebServer Haproxy(string lines) => new(
        "haproxy",
        "haproxy-acl",
        $"global\n  pidfile /run/edge-haproxy.pid\ndefaults\n  mode http\n  timeout client 5s\n  timeout server 5s\n  timeout connect 5s\nfrontend web\n  bind :80\n  bind :::80 v6only\n{lines}  http-request return status 200 content-type text/plain lf-string \"%[src]\\n\"\n",
        ["haproxy", "-c", "-f", "/etc/edge.conf"],
        "haproxy -W -D -p /run/edge-haproxy.pid -f /etc/edge.conf",
        ["sh", "-ec", HaproxyReload]);
}
