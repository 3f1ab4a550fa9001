using System.Net;
using AllowlistSync.Conformance.Cases;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using Shouldly;

namespace AllowlistSync.Conformance.Faults.Iptables;

/// <summary>A published port of a container, with the rules that Docker 28 makes: the packets of visitors pass FORWARD, with the port of the container.</summary>
public sealed class IptablesDockerFaults
{
    private const string Container = """
        ip netns add web
        ip link add docker0 type bridge
        ip addr add 172.17.0.1/16 dev docker0
        ip -6 addr add fd00:17::1/64 dev docker0 nodad
        ip link set docker0 up
        ip link add veth0 type veth peer name eth0 netns web
        ip link set veth0 master docker0 up
        ip netns exec web sysctl -qw net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0
        ip -n web addr add 172.17.0.2/16 dev eth0
        ip -n web -6 addr add fd00:17::2/64 dev eth0 nodad
        ip -n web link set lo up
        ip -n web link set eth0 up
        ip -n web route add default via 172.17.0.1
        ip -n web -6 route add default via fd00:17::1
        sysctl -qw net.ipv4.ip_forward=1 net.ipv6.conf.all.forwarding=1
        """;

    private const string Server = "import socket\ns=socket.socket(socket.AF_INET6);s.setsockopt(socket.IPPROTO_IPV6,socket.IPV6_V6ONLY,0);s.bind(('::',8080));s.listen(99)\nwhile 1: s.accept()[0].close()";

    private static readonly IPAddress[] Visitors = [IPAddress.Parse("104.16.0.1"), IPAddress.Parse("2400:cb00::1")];
    private static readonly IPAddress[] Strangers = [IPAddress.Parse("9.9.9.9"), IPAddress.Parse("2620:fe::fe")];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_published_port_is_opened_for_visitors_by_the_port_that_they_ask_for()
    {
        await using var context = await IptablesLab.StartAsync("nft", ("chain", "DOCKER-USER"));
        var missing = await context.ApplyAsync(Lists.Small, Ct);
        missing.Error.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Unavailable);
        missing.Error.Remedy.ShouldContain("Docker makes this chain");
        await context.BashAsync(Container);
        await DockerStartsAsync(context, "-A DOCKER-USER -i v0 -j DROP");
        await using var server = await context.Subject.Sandbox.StartProcessAsync(["ip", "netns", "exec", "web", "/usr/bin/python3", "-c", Server], Ct);
        await context.BashAsync("until ip netns exec web ss -Hltn sport = :8080 | grep -q .; do sleep 0.02; done");
        await ApplyCases.ExpectAsync(context, Visitors, [80, 8443], blocked: true, Ct);

        await context.ReachAsync(Lists.Small, Ct);

        await ApplyCases.ExpectAsync(context, Visitors, [80], blocked: false, Ct);
        await ApplyCases.ExpectAsync(context, Visitors, [8443], blocked: true, Ct);
        await ApplyCases.ExpectAsync(context, Strangers, [80, 8443], blocked: true, Ct);

        // Docker starts again and makes its chains anew; what stood in DOCKER-USER is gone.
        await DockerStartsAsync(context, "-A DOCKER-USER -i v0 -j DROP");
        await ApplyCases.ExpectAsync(context, Visitors, [80], blocked: true, Ct);
        (await context.LookAsync(Lists.Small, Ct)).Status.ShouldBe(TargetStatus.Differs);
        await context.ReachAsync(Lists.Small, Ct);
        await ApplyCases.ExpectAsync(context, Visitors, [80], blocked: false, Ct);
        await ApplyCases.ExpectAsync(context, Strangers, [80], blocked: true, Ct);
        await context.RemoveAsync(Ct);
        await ApplyCases.ExpectAsync(context, Visitors, [80], blocked: true, Ct);

        // Until version 27 the chain ended in a RETURN; and a family without the chain has nothing to open.
        await DockerStartsAsync(context, "-A DOCKER-USER -j RETURN");
        await context.BashAsync("ip6tables-nft -F; ip6tables-nft -X");
        await context.RebaseAsync(Ct);
        var report = await context.ReachAsync(Lists.Small, Ct);
        report.Plan!.Findings.ShouldContain(finding => finding.Id == "no-docker-chain");
        (await context.BashAsync("iptables-nft -S DOCKER-USER 1")).ShouldContain("-j als-test/web");
        await context.RemoveAsync(Ct);
    }

    private static async Task DockerStartsAsync(ConformanceContext context, string user)
    {
        foreach (var (tool, address, to, local) in new[] { ("iptables-nft", "172.17.0.2", "172.17.0.2:8080", "127.0.0.0/8"), ("ip6tables-nft", "fd00:17::2", "[fd00:17::2]:8080", "::1/128") })
        {
            (await context.Subject.Sandbox.RunAsync([$"{tool}-restore"], Rules(address, to, local, user), ct: Ct)).EnsureSuccess();
        }

        await context.RebaseAsync(Ct);
    }

    // As `iptables-save` shows them on a host with Docker 28.0 and one container that publishes 80 and 8443.
    private static string Rules(string address, string to, string local, string user) => $"""
        *raw
        :PREROUTING ACCEPT [0:0]
        :OUTPUT ACCEPT [0:0]
        -A PREROUTING -d {address} ! -i docker0 -j DROP
        COMMIT
        *nat
        :PREROUTING ACCEPT [0:0]
        :INPUT ACCEPT [0:0]
        :OUTPUT ACCEPT [0:0]
        :POSTROUTING ACCEPT [0:0]
        :DOCKER - [0:0]
        -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
        -A OUTPUT ! -d {local} -m addrtype --dst-type LOCAL -j DOCKER
        -A DOCKER ! -i docker0 -p tcp -m tcp --dport 80 -j DNAT --to-destination {to}
        -A DOCKER ! -i docker0 -p tcp -m tcp --dport 8443 -j DNAT --to-destination {to}
        COMMIT
        *filter
        :INPUT ACCEPT [0:0]
        :FORWARD DROP [0:0]
        :OUTPUT ACCEPT [0:0]
        :DOCKER - [0:0]
        :DOCKER-BRIDGE - [0:0]
        :DOCKER-CT - [0:0]
        :DOCKER-FORWARD - [0:0]
        :DOCKER-ISOLATION-STAGE-1 - [0:0]
        :DOCKER-ISOLATION-STAGE-2 - [0:0]
        :DOCKER-USER - [0:0]
        -A FORWARD -j DOCKER-USER
        -A FORWARD -j DOCKER-FORWARD
        -A DOCKER -d {address} ! -i docker0 -o docker0 -p tcp -m tcp --dport 8080 -j ACCEPT
        -A DOCKER ! -i docker0 -o docker0 -j DROP
        -A DOCKER-BRIDGE -o docker0 -j DOCKER
        -A DOCKER-CT -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        -A DOCKER-FORWARD -j DOCKER-CT
        -A DOCKER-FORWARD -j DOCKER-ISOLATION-STAGE-1
        -A DOCKER-FORWARD -j DOCKER-BRIDGE
        -A DOCKER-FORWARD -i docker0 -j ACCEPT
        -A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2
        -A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP
        {user}
        COMMIT

        """;
}
