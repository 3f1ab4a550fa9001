using System.Text;

namespace AllowlistSync.Tests.EndToEnd.Verify;

/// <summary>Rule sets of programs that no package registry has, in the shape in which they make them.</summary>
internal static class Dumps
{
    /// <summary>Docker with port 443 of the host published from port 8443 of a container; the host itself lets in nothing but ssh.</summary>
    public static string Docker(string user) => $"""
        *nat
        :PREROUTING ACCEPT [0:0]
        :INPUT ACCEPT [0:0]
        :OUTPUT ACCEPT [0:0]
        :POSTROUTING ACCEPT [0:0]
        :DOCKER - [0:0]
        -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
        -A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
        -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
        -A DOCKER -i docker0 -j RETURN
        -A DOCKER ! -i docker0 -p tcp -m tcp --dport 443 -j DNAT --to-destination 172.17.0.2:8443
        COMMIT
        *filter
        :INPUT DROP [0:0]
        :FORWARD DROP [0:0]
        :OUTPUT ACCEPT [0:0]
        :DOCKER - [0:0]
        :DOCKER-BRIDGE - [0:0]
        :DOCKER-CT - [0:0]
        :DOCKER-FORWARD - [0:0]
        :DOCKER-USER - [0:0]
        -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        -A INPUT -p tcp -m tcp --dport 22 -j ACCEPT
        -A FORWARD -j DOCKER-USER
        -A FORWARD -j DOCKER-FORWARD
        -A DOCKER -d 172.17.0.2/32 ! -i docker0 -o docker0 -p tcp -m tcp --dport 8443 -j ACCEPT
        -A DOCKER ! -i docker0 -o docker0 -j DROP
        -A DOCKER-BRIDGE -o docker0 -j DOCKER
        -A DOCKER-CT -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        -A DOCKER-FORWARD -j DOCKER-CT
        -A DOCKER-FORWARD -j DOCKER-BRIDGE
        -A DOCKER-FORWARD -i docker0 -j ACCEPT
        {user}
        COMMIT
        """;

    /// <summary>CSF with lines of csf.allow and csf.deny; TCP 22, 80 and 443 are open in both directions (TCP_IN, TCP_OUT).</summary>
    public static string Csf(IEnumerable<string> allow, IEnumerable<string> deny)
    {
        var lists = new StringBuilder();
        foreach (var entry in allow)
        {
            lists.Append("-A ALLOWIN -s ").Append(entry).Append(" ! -i lo -j ACCEPT\n-A ALLOWOUT -d ").Append(entry).Append(" ! -o lo -j ACCEPT\n");
        }

        foreach (var entry in deny)
        {
            lists.Append("-A DENYIN -s ").Append(entry).Append(" ! -i lo -j LOGDROPIN\n-A DENYOUT -d ").Append(entry).Append(" ! -o lo -j LOGDROPOUT\n");
        }

        return CsfChains + lists + "COMMIT\n";
    }

    private const string CsfChains = """
        *filter
        :INPUT DROP [0:0]
        :FORWARD DROP [0:0]
        :OUTPUT DROP [0:0]
        :ALLOWIN - [0:0]
        :ALLOWOUT - [0:0]
        :DENYIN - [0:0]
        :DENYOUT - [0:0]
        :INVALID - [0:0]
        :INVDROP - [0:0]
        :LOCALINPUT - [0:0]
        :LOCALOUTPUT - [0:0]
        :LOGDROPIN - [0:0]
        :LOGDROPOUT - [0:0]
        -A INPUT ! -i lo -j LOCALINPUT
        -A INPUT -i lo -j ACCEPT
        -A INPUT ! -i lo -p tcp -j INVALID
        -A INPUT ! -i lo -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        -A INPUT ! -i lo -p tcp -m conntrack --ctstate NEW -m tcp --dport 22 -j ACCEPT
        -A INPUT ! -i lo -p tcp -m conntrack --ctstate NEW -m tcp --dport 80 -j ACCEPT
        -A INPUT ! -i lo -p tcp -m conntrack --ctstate NEW -m tcp --dport 443 -j ACCEPT
        -A INPUT ! -i lo -j LOGDROPIN
        -A OUTPUT ! -o lo -j LOCALOUTPUT
        -A OUTPUT -o lo -j ACCEPT
        -A OUTPUT ! -o lo -p tcp -j INVALID
        -A OUTPUT ! -o lo -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        -A OUTPUT ! -o lo -p tcp -m conntrack --ctstate NEW -m tcp --dport 443 -j ACCEPT
        -A OUTPUT ! -o lo -j LOGDROPOUT
        -A INVALID -m conntrack --ctstate INVALID -j INVDROP
        -A INVALID -p tcp -m tcp --tcp-flags FIN,SYN,RST,PSH,ACK,URG NONE -j INVDROP
        -A INVALID -p tcp -m tcp --tcp-flags FIN,SYN FIN,SYN -j INVDROP
        -A INVALID -p tcp -m tcp --tcp-flags SYN,RST SYN,RST -j INVDROP
        -A INVALID -p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN -m conntrack --ctstate NEW -j INVDROP
        -A INVDROP -j DROP
        -A LOCALINPUT ! -i lo -j ALLOWIN
        -A LOCALINPUT ! -i lo -j DENYIN
        -A LOCALOUTPUT ! -o lo -j ALLOWOUT
        -A LOCALOUTPUT ! -o lo -j DENYOUT
        -A LOGDROPIN -p tcp -m tcp --dport 23 -j DROP
        -A LOGDROPIN -p tcp -m limit --limit 30/min -j LOG --log-prefix "Firewall: *TCP_IN Blocked* "
        -A LOGDROPIN -j DROP
        -A LOGDROPOUT -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -m limit --limit 30/min -j LOG --log-prefix "Firewall: *TCP_OUT Blocked* " --log-uid
        -A LOGDROPOUT -j REJECT --reject-with icmp-port-unreachable

        """;
}
