using System.Globalization;
using System.Text;

namespace AllowlistSync.Benchmarks.Proofs;

/// <summary>Writes what kube-proxy writes in its iptables mode: three endpoints for each service, one in ten with a node port.</summary>
internal static class KubeScript
{
    private const int Endpoints = 3;

    internal static string Services(int count)
    {
        var (chains, rules, nodePorts) = (new StringBuilder(), new StringBuilder(), new StringBuilder());
        for (var i = 0; i < count; i++)
        {
            Service(i, chains, rules);
            if (i % 10 == 0)
            {
                nodePorts.Append(CultureInfo.InvariantCulture, $"-A KUBE-NODEPORTS -p tcp -m comment --comment \"ns/svc{i}:http\" -m tcp --dport {30000 + (i % 2700)} -j KUBE-SVC-{i:X16}\n");
            }
        }

        return $"""
            *nat
            :PREROUTING ACCEPT [0:0]
            :INPUT ACCEPT [0:0]
            :OUTPUT ACCEPT [0:0]
            :POSTROUTING ACCEPT [0:0]
            :KUBE-SERVICES - [0:0]
            :KUBE-NODEPORTS - [0:0]
            :KUBE-MARK-MASQ - [0:0]
            :KUBE-POSTROUTING - [0:0]
            {chains}-A PREROUTING -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
            -A OUTPUT -m comment --comment "kubernetes service portals" -j KUBE-SERVICES
            -A POSTROUTING -m comment --comment "kubernetes postrouting rules" -j KUBE-POSTROUTING
            -A KUBE-MARK-MASQ -j MARK --set-xmark 0x4000/0x4000
            -A KUBE-POSTROUTING -m mark ! --mark 0x4000/0x4000 -j RETURN
            -A KUBE-POSTROUTING -j MARK --set-xmark 0x4000/0x0
            -A KUBE-POSTROUTING -j MASQUERADE --random-fully
            {rules}-A KUBE-SERVICES -m addrtype --dst-type LOCAL -j KUBE-NODEPORTS
            {nodePorts}COMMIT
            *filter
            :INPUT ACCEPT [0:0]
            :FORWARD ACCEPT [0:0]
            :OUTPUT ACCEPT [0:0]
            :KUBE-FIREWALL - [0:0]
            :KUBE-FORWARD - [0:0]
            -A INPUT -j KUBE-FIREWALL
            -A FORWARD -m comment --comment "kubernetes forwarding rules" -j KUBE-FORWARD
            -A KUBE-FIREWALL ! -s 127.0.0.0/8 -d 127.0.0.0/8 -m conntrack ! --ctstate RELATED,ESTABLISHED,DNAT -j DROP
            -A KUBE-FORWARD -m conntrack --ctstate INVALID -j DROP
            -A KUBE-FORWARD -m mark --mark 0x4000/0x4000 -j ACCEPT
            -A KUBE-FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
            COMMIT

            """;
    }

    private static void Service(int i, StringBuilder chains, StringBuilder rules)
    {
        var culture = CultureInfo.InvariantCulture;
        var address = string.Create(culture, $"10.{96 + (i >> 16)}.{(i >> 8) & 255}.{i & 255}");
        chains.Append(culture, $":KUBE-SVC-{i:X16} - [0:0]\n");
        rules.Append(culture, $"-A KUBE-SERVICES -d {address}/32 -p tcp -m comment --comment \"ns/svc{i}:http cluster IP\" -m tcp --dport 80 -j KUBE-SVC-{i:X16}\n");
        rules.Append(culture, $"-A KUBE-SVC-{i:X16} ! -s 10.244.0.0/16 -d {address}/32 -p tcp -m tcp --dport 80 -j KUBE-MARK-MASQ\n");
        for (var k = 0; k < Endpoints; k++)
        {
            var endpoint = (i * Endpoints) + k;
            var chance = k == Endpoints - 1 ? "" : string.Create(culture, $" -m statistic --mode random --probability {1.0 / (Endpoints - k):F11}");
            var pod = string.Create(culture, $"10.244.{(i >> 6) & 255}.{2 + (endpoint % 250)}");
            chains.Append(culture, $":KUBE-SEP-{endpoint:X16} - [0:0]\n");
            rules.Append(culture, $"-A KUBE-SVC-{i:X16} -m comment --comment \"ns/svc{i}:http -> {pod}:8080\"{chance} -j KUBE-SEP-{endpoint:X16}\n");
            rules.Append(culture, $"-A KUBE-SEP-{endpoint:X16} -s {pod}/32 -m comment --comment \"ns/svc{i}:http\" -j KUBE-MARK-MASQ\n");
            rules.Append(culture, $"-A KUBE-SEP-{endpoint:X16} -p tcp -m comment --comment \"ns/svc{i}:http\" -m tcp -j DNAT --to-destination {pod}:8080\n");
        }
    }
}
