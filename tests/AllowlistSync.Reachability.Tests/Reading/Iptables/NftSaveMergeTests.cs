using System.Text;
using AllowlistSync.Reachability.Model;
using AllowlistSync.Reachability.Reading;
using AllowlistSync.TestKit;
using Shouldly;
using Verdict = AllowlistSync.Reachability.Model.Verdict;

namespace AllowlistSync.Reachability.Tests.Reading.Iptables;

/// <summary>Rules of nft among rules of iptables-nft, as the kernel gives them back: the save prints the former wrongly, and nft the latter without their content.</summary>
public sealed class NftSaveMergeTests
{
    private static readonly Condition Web = new FieldCondition(Field.DestinationPort, NumberSet.OfRanges([new(80, 80), new(443, 443)]));

    [Theory]
    [InlineData("ip", "iptables-nft", "198.51.100.0/24", "198.51.100.7", "icmp-port-unreachable")]
    [InlineData("ip6", "ip6tables-nft", "2001:db8:9::/48", "2001:db8:9::7", "icmp6-port-unreachable")]
    public async Task Rules_of_nft_keep_their_meaning_and_xt_gets_its_content_from_the_save(string family, string iptables, string network, string host, string reject)
    {
        Needs.Sandbox("nft", iptables, $"{iptables}-save");
        var cancel = TestContext.Current.CancellationToken;
        await using var origin = await Sandbox.StartAsync(SandboxOptions.Default, cancel);
        async Task RunAsync(string line) => (await origin.RunAsync(line.Split(' '), ct: cancel)).EnsureSuccess();
        await RunAsync($"{iptables} -N user");
        await RunAsync($"{iptables} -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT");
        await RunAsync($"{iptables} -A INPUT -p tcp -m multiport --dports 80,443 -m mark ! --mark 0x1/0xf -j user");
        await RunAsync($"{iptables} -A INPUT -j REJECT --reject-with {reject}");
        await RunAsync($"{iptables} -A user -p tcp -m multiport --dports 80,443 -j ACCEPT");
        var script = $$"""
            add set {{family}} filter banned { type {{(family == "ip" ? "ipv4_addr" : "ipv6_addr")}}; flags interval; elements = { {{network}} }; }
            insert rule {{family}} filter INPUT {{family}} saddr @banned drop
            add rule {{family}} filter INPUT index 1 tcp dport { 25, 587 } drop
            add rule {{family}} filter INPUT {{family}} saddr {{host}} accept
            insert rule {{family}} filter user {{family}} saddr @banned drop
            add chain {{family}} filter early { type filter hook input priority -5; policy drop; }
            add rule {{family}} filter early accept
            """;
        (await origin.RunAsync(["nft", "-f", "-"], script, ct: cancel)).EnsureSuccess();

        async Task<Dump> DumpAsync(params string[] argv) => new(string.Join(' ', argv), Encoding.UTF8.GetBytes((await origin.RunAsync(argv, ct: cancel)).EnsureSuccess().StdOut));
        var save = await DumpAsync($"{iptables}-save");
        var rules = RuleSetReader.Read([await DumpAsync("nft", "-j", "list", "ruleset"), save, await DumpAsync("nft", "list", "ruleset")]);

        Encoding.UTF8.GetString(save.Content.Span).ShouldContain("incompatible base-chain");
        rules.Gaps.ShouldBeEmpty();
        var table = rules.Tables.ShouldHaveSingleItem();
        var source = family == "ip" ? Field.IPv4Source : Field.IPv6Source;
        var input = table.Chains["INPUT"].Rules;
        input.Length.ShouldBe(6);
        Banned(input[0], source);
        input[1].Steps.ShouldBe([new BitsCondition(Field.CtState, 2), new Decide(Verdict.Accept)]);
        input[2].Steps.OfType<FieldCondition>().Select(one => one.Field).ShouldBe([Field.TcpDestinationPort]);
        input[3].Steps.ShouldContain(Web);
        input[3].Steps.ShouldContain(new FieldCondition(Field.Mark, NumberSet.Of(1), IsNegated: true) { Mask = 0xf });
        input[3].Steps[^1].ShouldBe(new Decide(Verdict.Jump("user")));
        input[3].Text.ToString().ShouldStartWith("-A INPUT -p tcp -m multiport --dports 80,443");
        input[4].Steps.ShouldBe([new Decide(Verdict.Reject)]);
        input[5].Steps.OfType<FieldCondition>().Select(one => one.Field).ShouldBe([source]);
        Banned(table.Chains["user"].Rules[0], source);
        table.Chains["user"].Rules[1].Steps.ShouldContain(Web);
        table.Chains["early"].Base.ShouldNotBeNull().Priority.ShouldBe(-5);
    }

    private static void Banned(Rule rule, Field source)
    {
        rule.Steps[0].ShouldBeOfType<FieldCondition>().Field.ShouldBe(source);
        rule.Steps[^1].ShouldBe(new Decide(Verdict.Drop));
        rule.Steps.Length.ShouldBe(2);
    }
}
