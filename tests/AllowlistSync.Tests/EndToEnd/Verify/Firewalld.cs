namespace AllowlistSync.Tests.EndToEnd.Verify;

/// <summary>firewalld with its own message bus in a scene: no systemd is needed.</summary>
internal static class Firewalld
{
    // 104.16.0.0/16 is dropped by a rich rule, which firewalld puts before those that accept.
    private const string Zone = """
        <?xml version="1.0" encoding="utf-8"?>
        <zone>
          <short>Public</short>
          <service name="ssh"/>
          <rule family="ipv4">
            <source address="104.16.0.0/16"/>
            <drop/>
          </rule>
          <rule family="ipv4">
            <source ipset="cf4"/>
            <port port="443" protocol="tcp"/>
            <accept/>
          </rule>
          <rule family="ipv6">
            <source ipset="cf6"/>
            <port port="443" protocol="tcp"/>
            <accept/>
          </rule>
        </zone>

        """;

    public static async Task StartAsync(Scene scene, string backend)
    {
        await scene.WriteAsync("/etc/firewalld/zones/public.xml", Zone);
        await scene.WriteAsync("/etc/firewalld/ipsets/cf4.xml", Set("inet", "104.16.0.0/13", "104.24.0.0/14"));
        await scene.WriteAsync("/etc/firewalld/ipsets/cf6.xml", Set("inet6", "2400:cb00::/32"));
        var config = await scene.ReadAsync("/etc/firewalld/firewalld.conf");
        await scene.WriteAsync("/etc/firewalld/firewalld.conf", config.Replace("FirewallBackend=nftables", $"FirewallBackend={backend}", StringComparison.Ordinal));
        await scene.ShellAsync("mkdir", "-p", "/run/dbus");
        await scene.ShellAsync("dbus-daemon", "--system", "--fork", "--nopidfile");
        await scene.ShellAsync("firewalld", "--nopid");
        await Scene.UntilAsync(async () => (await scene.TryAsync("firewall-cmd", "--state")).StdOut.Trim() == "running", "firewalld runs");
    }

    private static string Set(string family, params string[] entries) =>
        $"<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<ipset type=\"hash:net\"><option name=\"family\" value=\"{family}\"/>{string.Concat(entries.Select(entry => $"<entry>{entry}</entry>"))}</ipset>\n";
}
