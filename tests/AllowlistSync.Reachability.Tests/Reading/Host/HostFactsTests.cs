using System.Text;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Reachability.Tests.Reading.Host;

public sealed class HostFactsTests
{
    [Fact]
    public void The_default_route_of_the_lower_metric_wins_and_routes_without_a_device_are_left_out()
    {
        const string Four = """[{"dst":"default","gateway":"192.0.2.1","dev":"eth1","metric":200},{"dst":"default","dev":"eth0","metric":100},{"type":"unreachable","dst":"10.0.0.0/8","dev":"lo"}]""";
        const string Six = """[{"dst":"default","gateway":"fe80::1","dev":"eth2","metric":1024,"pref":"medium"}]""";
        var host = RuleSetReader.Read([Of(Four), Of(Six)]).Host;
        host.Routes.Length.ShouldBe(3);
        host.DefaultInterface(IpFamily.IPv4).ShouldBe("eth0");
        host.DefaultInterface(IpFamily.IPv6).ShouldBe("eth2");
        host.Interfaces.IsDefault.ShouldBeTrue();
    }

    [Fact]
    public void What_ip_prints_is_told_apart_and_read()
    {
        const string Addresses = """[{"ifindex":2,"ifname":"eth0","addr_info":[{"family":"inet","local":"192.0.2.2","prefixlen":24},{"family":"inet6","local":"2001:db8::2","prefixlen":64}]}]""";
        var host = RuleSetReader.Read([Of(Addresses)]).Host;
        host.Interfaces.ShouldHaveSingleItem().Addresses.ShouldBe([IpPrefix.Parse("192.0.2.2/32"), IpPrefix.Parse("2001:db8::2/128")]);
        host.DefaultInterface(IpFamily.IPv4).ShouldBeNull();
    }

    [Fact]
    public async Task The_facts_of_a_sandbox_are_read()
    {
        Needs.Sandbox("ip");
        var cancel = TestContext.Current.CancellationToken;
        await using var origin = await Sandbox.StartAsync(SandboxOptions.Default, cancel);
        async Task<Dump> DumpAsync(params string[] argv) => Of((await origin.RunAsync(argv, ct: cancel)).EnsureSuccess().StdOut);
        (await origin.RunAsync(["ip", "link", "set", "lo", "up"], ct: cancel)).EnsureSuccess();
        (await origin.RunAsync(["ip", "address", "add", "203.0.113.9/24", "dev", "lo"], ct: cancel)).EnsureSuccess();
        (await origin.RunAsync(["ip", "route", "add", "198.51.100.0/24", "dev", "lo", "metric", "7"], ct: cancel)).EnsureSuccess();

        var host = RuleSetReader.Read([await DumpAsync("ip", "-j", "address"), await DumpAsync("ip", "-j", "route")]).Host;

        host.Interfaces.Single(one => one.Name == "lo").Addresses.ShouldContain(IpPrefix.Parse("203.0.113.9/32"));
        host.Routes.ShouldContain(new Route(IpPrefix.Parse("198.51.100.0/24"), "lo", 7));
    }

    [Theory]
    [InlineData("[{\"ifindex\":2,")]
    [InlineData("[{\"dst\":")]
    public void Cut_off_JSON_is_refused(string text) => Should.Throw<DumpException>(() => RuleSetReader.Read([Of(text)]));

    private static Dump Of(string text) => new("dump", Encoding.UTF8.GetBytes(text));
}
