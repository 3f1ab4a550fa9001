using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd;

/// <summary><c>verify</c> of rule sets that are not loaded: no root, no network, no configuration.</summary>
public sealed class VerifyFileTests : IDisposable
{
    private const string Save = """
        *filter
        :INPUT DROP [0:0]
        :FORWARD ACCEPT [0:0]
        :OUTPUT ACCEPT [0:0]
        -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT
        -A INPUT -s 104.16.3.7/32 -j REJECT --reject-with icmp-port-unreachable
        -A INPUT -s 104.24.0.0/14 -p tcp -m tcp --dport 443 -m limit --limit 10/sec -j ACCEPT
        -A INPUT -s 104.16.0.0/13 -p tcp -m multiport --dports 80,443 -j ACCEPT
        COMMIT

        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("als-verify-").FullName;

    [Fact]
    public async Task A_saved_rule_set_is_judged_range_by_range()
    {
        var file = await FileAsync("rules.v4", Save);

        var outcome = (await Local.RunAsync("verify", "--ruleset", file, "--from", "104.16.0.0/13", "--from", "104.24.0.0/14", "--port", "443")).Ended(1);

        outcome.StdErr.ShouldBeEmpty();
        await Golden.MatchAsync("verify.txt", outcome.StdOut.Replace(file, "rules.v4", StringComparison.Ordinal));
    }

    [Fact]
    public async Task The_json_has_a_piece_for_each_verdict_and_the_rule_to_blame()
    {
        var json = (await Local.RunWithInputAsync(Save, "verify", "--ruleset", "-", "--from", "104.16.0.0/13", "--port", "443", "--output", "json")).Ended(1).Json;

        json["schema"]!.GetValue<string>().ShouldBe("allowlist-sync/verify/v1");
        var verdicts = json["verdicts"]!.AsArray();
        var blocked = verdicts.Where(verdict => verdict!["verdict"]!.GetValue<string>() == "blocked").ShouldHaveSingleItem()!;
        blocked["target"]!.GetValue<string>().ShouldBe("ruleset");
        blocked["from"]!.GetValue<string>().ShouldBe("104.16.3.7/32");
        blocked["port"]!.GetValue<int>().ShouldBe(443);
        blocked["how"]!.GetValue<string>().ShouldBe("reject");
        blocked["visitorSees"]!.GetValue<int>().ShouldBe(521);
        blocked["rule"]!.GetValue<string>().ShouldContain("-s 104.16.3.7/32 -j REJECT");
        blocked["where"]!.GetValue<string>().ShouldContain("chain INPUT, rule 2");
        verdicts.Count(verdict => verdict!["verdict"]!.GetValue<string>() == "accepted").ShouldBe(verdicts.Count - 1);
    }

    [Theory]
    [InlineData(false, 0)]
    [InlineData(true, 1)]
    public async Task What_is_unknown_is_printed_and_fails_only_when_it_is_to(bool isStrict, int exitCode)
    {
        string[] strict = isStrict ? ["--strict"] : [];

        var outcome = await Local.RunWithInputAsync(Save, ["verify", "--ruleset", "-", "--from", "104.24.0.0/14", "--port", "443", .. strict]);

        outcome.Ended(exitCode).Saying("UNKNOWN", "limit", "chain INPUT, rule 3", "0 of 1 accepted, 0 BLOCKED, 1 UNKNOWN");
    }

    [Fact]
    public async Task Each_packet_of_a_list_gets_its_verdict_in_its_order()
    {
        var file = await FileAsync("rules.v4", Save);
        var packets = await FileAsync("packets.txt", "104.16.0.1 443\n# a remark\n104.16.3.7 80\n\n104.24.0.1 443\n198.51.100.1 22\n");

        var lines = (await Local.RunAsync("verify", "--ruleset", file, "--packets", packets)).Ended(1).StdOut.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        lines.Length.ShouldBe(4);
        lines[0].ShouldStartWith("104.16.0.1 443 accepted -A INPUT -s 104.16.0.0/13");
        lines[1].ShouldStartWith("104.16.3.7 80 blocked 521 -A INPUT -s 104.16.3.7/32 -j REJECT");
        lines[2].ShouldStartWith("104.24.0.1 443 unknown ");
        lines[3].ShouldStartWith("198.51.100.1 22 blocked 522 policy drop");
        var json = (await Local.RunAsync("verify", "--ruleset", file, "--packets", packets, "--output", "json")).Ended(1).Json;
        json["verdicts"]!.AsArray().Select(verdict => verdict!["from"]!.GetValue<string>()).ShouldBe(["104.16.0.1/32", "104.16.3.7/32", "104.24.0.1/32", "198.51.100.1/32"]);
    }

    [Fact]
    public async Task One_packet_is_walked_through_the_chains_rule_by_rule()
    {
        var outcome = (await Local.RunWithInputAsync(Save, "verify", "--ruleset", "-", "--explain", "104.16.3.7:443")).Ended(1);

        outcome.Saying("104.16.3.7 to port 443", "first packet", "chain INPUT", "1. -A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT # no:", "=> 2. -A INPUT -s 104.16.3.7/32 -j REJECT", "verdict: BLOCKED, visitors see 521");
        outcome.StdOut.ShouldNotContain("multiport");
        (await Local.RunWithInputAsync(Save, "verify", "--ruleset", "-", "--explain", "104.16.0.1:80")).Ended(0).Saying("third packet", "verdict: accepted");
    }

    [Theory]
    [InlineData("{\"nftables\": [{\"metainfo\": {", "")]
    [InlineData("*filter\n:INPUT DROP [0:0]\n", "COMMIT")]
    [InlineData("hello\n", "none of the formats")]
    [InlineData("", "empty")]
    public async Task A_dump_that_cannot_be_read_ends_with_2_and_proves_nothing(string content, string hint)
    {
        var file = await FileAsync("dump", content);

        var outcome = (await Local.RunAsync("verify", "--ruleset", file, "--from", "104.16.0.0/13")).Ended(2);

        outcome.StdOut.ShouldBeEmpty();
        outcome.Saying(file, hint, "nothing was verified");
    }

    [Fact]
    public async Task Files_that_are_not_there_and_lines_that_are_no_packets_are_named()
    {
        var file = await FileAsync("rules.v4", Save);
        var bad = await FileAsync("packets.txt", "104.16.0.1 443\nnonsense\n104.16.0.1 99999\n");

        (await Local.RunAsync("verify", "--ruleset", Path.Combine(_directory, "none"), "--from", "104.16.0.0/13")).Ended(2).Saying("none cannot be read");
        var outcome = (await Local.RunAsync("verify", "--ruleset", file, "--packets", bad)).Ended(2);
        outcome.Saying("packets.txt, line 2: `nonsense`", "packets.txt, line 3: `104.16.0.1 99999`");
        outcome.StdOut.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_folder_is_read_whole_and_its_empty_files_are_told()
    {
        var folder = Directory.CreateDirectory(Path.Combine(_directory, "dumps")).FullName;
        await FileAsync("dumps/iptables-legacy.save", Save);
        await FileAsync("dumps/ipset.save", "");

        (await Local.RunAsync("verify", "--ruleset", folder, "--from", "104.16.0.0/16", "--port", "22")).Ended(1).Saying("policy drop", "ipset.save is empty: taken for a tool that had nothing to print");
    }

    [Fact]
    public async Task A_verdict_that_depends_on_the_interface_says_how_to_sharpen_it()
    {
        var rules = Save.Replace("-A INPUT -s 104.16.3.7/32 -j REJECT --reject-with icmp-port-unreachable", "-A INPUT -i eth1 -j DROP", StringComparison.Ordinal);
        string[] question = ["verify", "--ruleset", "-", "--from", "104.16.0.0/13", "--port", "443"];

        (await Local.RunWithInputAsync(rules, question)).Ended(0).Saying("UNKNOWN", "--interface NAME");
        (await Local.RunWithInputAsync(rules, [.. question, "--interface", "eth0"])).Ended(0).Saying("all 1 accepted");
        (await Local.RunWithInputAsync(rules, [.. question, "--interface", "eth1"])).Ended(1).Saying("-A INPUT -i eth1 -j DROP");
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private async Task<string> FileAsync(string name, string text)
    {
        var path = Path.Combine(_directory, name);
        await File.WriteAllTextAsync(path, text, TestContext.Current.CancellationToken);
        return path;
    }
}
