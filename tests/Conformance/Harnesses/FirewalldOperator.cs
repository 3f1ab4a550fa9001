namespace AllowlistSync.Conformance.Harnesses;

/// <summary>The configuration of an operator of firewalld: SSH for an office, a block list, a service, a policy, and zones for an interface and for addresses.</summary>
internal static class FirewalldOperator
{
    /// <summary>The zone of the interface.</summary>
    public const string Zone = "web";

    public static IReadOnlyDictionary<string, string> Files { get; } = new Dictionary<string, string>(StringComparer.Ordinal)
    {
        ["zones/web.xml"] = """
            <?xml version="1.0" encoding="utf-8"?>
            <zone>
              <short>Web</short>
              <description>The interface to the world</description>
              <interface name="v0"/>
              <port port="9999" protocol="udp"/>
              <rule family="ipv4"><source ipset="bans"/><drop/></rule>
              <rule family="ipv4"><source address="198.51.100.0/24"/><service name="ssh"/><accept/></rule>
              <rule family="ipv6"><source address="2001:db8:1::/48"/><service name="ssh"/><accept/></rule>
              <rule priority="100" family="ipv4"><source address="203.0.113.99"/><log prefix="knock " level="info"><limit value="5/m"/></log><drop/></rule>
            </zone>
            """,
        ["zones/lab.xml"] = """
            <?xml version="1.0" encoding="utf-8"?>
            <zone target="DROP">
              <short>Lab</short>
              <source address="10.9.0.0/16"/>
              <service name="lab"/>
            </zone>
            """,
        ["services/lab.xml"] = """
            <?xml version="1.0" encoding="utf-8"?>
            <service><short>Lab</short><port port="7777" protocol="tcp"/></service>
            """,
        ["ipsets/bans.xml"] = """
            <?xml version="1.0" encoding="utf-8"?>
            <ipset type="hash:net"><short>Bans</short><option name="family" value="inet"/><entry>203.0.113.128/25</entry><entry>192.0.2.128/25</entry></ipset>
            """,
        ["policies/lab-out.xml"] = """
            <?xml version="1.0" encoding="utf-8"?>
            <policy priority="-10" target="CONTINUE"><short>Lab</short><ingress-zone name="lab"/><egress-zone name="HOST"/><port port="7778" protocol="tcp"/></policy>
            """,
    };
}
