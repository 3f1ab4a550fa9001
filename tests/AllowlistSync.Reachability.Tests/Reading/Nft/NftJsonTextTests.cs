using Shouldly;
using static AllowlistSync.Reachability.Tests.Reading.Nft.NftJsonSample;

namespace AllowlistSync.Reachability.Tests.Reading.Nft;

public sealed class NftJsonTextTests
{
    [Theory]
    [InlineData("""{"match": {"op": "==", "left": {"payload": {"protocol": "ip", "field": "saddr"}}, "right": {"prefix": {"addr": "104.16.0.0", "len": 13}}}}, {"drop": null}""", "ip saddr 104.16.0.0/13 drop")]
    [InlineData("""{"match": {"op": "!=", "left": {"meta": {"key": "iifname"}}, "right": {"set": ["eth0", "lo"]}}}, {"return": null}""", "iifname != { \"eth0\", \"lo\" } return")]
    [InlineData("""{"match": {"op": "in", "left": {"ct": {"key": "state"}}, "right": ["established", "related"]}}, {"accept": null}""", "ct state established,related accept")]
    [InlineData("""{"match": {"op": "==", "left": {"&": [{"payload": {"protocol": "tcp", "field": "flags"}}, ["syn", "ack"]]}, "right": "syn"}}""", "tcp flags & (syn | ack) == syn")]
    [InlineData("""{"match": {"op": "==", "left": {"meta": {"key": "mark"}}, "right": 5}}""", "meta mark 0x00000005")]
    [InlineData("""{"match": {"op": "==", "left": {"concat": [{"payload": {"protocol": "ip", "field": "saddr"}}, {"payload": {"protocol": "tcp", "field": "dport"}}]}, "right": "@s"}}""", "ip saddr . tcp dport @s")]
    [InlineData("""{"match": {"op": "==", "left": {"fib": {"result": "oif", "flags": ["saddr", "iif"]}}, "right": false}}, {"drop": null}""", "fib saddr . iif oif missing drop")]
    [InlineData("""{"vmap": {"key": {"payload": {"protocol": "tcp", "field": "dport"}}, "data": {"set": [[22, {"accept": null}], [80, {"jump": {"target": "web"}}]]}}}""", "tcp dport vmap { 22 : accept, 80 : jump web }")]
    [InlineData("""{"counter": {"packets": 1, "bytes": 2}}, {"log": {"prefix": "bad ", "level": "info"}}, {"reject": {"type": "icmpx", "expr": "port-unreachable"}}""", "counter log prefix \"bad \" level info reject with icmpx port-unreachable")]
    [InlineData("""{"redirect": {"port": 8080}}""", "redirect to :8080")]
    [InlineData("""{"dnat": {"family": "ip6", "addr": "fe80::1", "port": 80}}""", "dnat ip6 to [fe80::1]:80")]
    [InlineData("""{"set": {"op": "add", "elem": {"payload": {"protocol": "ip", "field": "saddr"}}, "set": "@s"}}""", "add @s { ip saddr }")]
    [InlineData("""{"brand-new": {"a": 1, "b": [2]}}""", "brand-new {\"a\": 1, \"b\": [2]}")]
    public void A_rule_reads_as_nft_writes_it(string expr, string text) => Text(expr).ShouldBe(text);

    [Fact]
    public void A_long_set_is_cut()
    {
        var ports = string.Join(", ", Enumerable.Range(1, 50));
        Text($$$$"""{"match": {"op": "==", "left": {"payload": {"protocol": "tcp", "field": "dport"}}, "right": {"set": [{{{{ports}}}}]}}}""")
            .ShouldBe("tcp dport { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, ... 39 more }");
    }
}
