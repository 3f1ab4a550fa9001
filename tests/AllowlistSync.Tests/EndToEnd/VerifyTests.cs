using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd;

/// <summary><c>verify</c> of the live rule set.</summary>
public sealed class VerifyTests
{
    private const string OwnTable = """
        table inet other {
          chain early {
            type filter hook input priority -10; policy accept;
            ip saddr 104.16.0.0/13 tcp dport 443 accept
          }
        }
        table inet filter {
          chain input {
            type filter hook input priority filter; policy drop;
            ct state established,related accept
            tcp dport 22 accept
          }
        }
        """;

    private const string DropAbove = """
        table inet filter {
          chain input {
            type filter hook input priority filter; policy drop;
            ct state established,related accept
            ip saddr 104.16.0.0/16 drop comment "abuse"
            ip saddr 104.16.0.0/13 tcp dport 443 accept
          }
        }
        """;

    private const string Banned = """
        table inet f2b-table {
          set addr-set-nginx { type ipv4_addr; elements = { 104.16.3.7 } }
          chain f2b-chain {
            type filter hook input priority -1; policy accept;
            tcp dport { 80, 443 } ip saddr @addr-set-nginx reject
          }
        }
        """;

    private const string Limited = """
        table inet filter {
          chain input {
            type filter hook input priority filter; policy accept;
            tcp dport 443 ct state new limit rate over 10/second drop
          }
        }
        """;

    private const string Redirected = """
        table ip nat {
          chain pre {
            type nat hook prerouting priority dstnat; policy accept;
            tcp dport 443 redirect to :8443
          }
        }
        table inet filter {
          chain input {
            type filter hook input priority filter; policy drop;
            ct state established,related accept
            tcp dport 443 accept
          }
        }
        """;

    private const string NoAnswers = """
        table inet filter {
          chain input {
            type filter hook input priority filter; policy drop;
            tcp dport 443 ct state new accept
          }
        }
        """;

    private static readonly string[] Question = ["verify", "--from", "104.16.0.0/13", "--port", "443"];

    public static TheoryData<string, string, int, string[]> Scenarios => new()
    {
        { "accept in another table", OwnTable, 1, ["BLOCKED 522", "rule: policy drop in: table inet filter, chain input", "one in another table does not help"] },
        { "drop above the accept", DropAbove, 1, ["partly", "port 443: 104.16.0.0/16", "rule: ip saddr 104.16.0.0/16 drop comment \"abuse\" in: table inet filter, chain input, rule 2", "104.16.0.0/13 without 104.16.0.0/16"] },
        { "a ban of fail2ban", Banned, 1, ["BLOCKED, visitors see 521", "port 443: 104.16.3.7/32", "@addr-set-nginx reject", "provider: fail2ban"] },
        { "a limit", Limited, 0, ["UNKNOWN", "limit rate over 10/second", "depends on the rate", "--strict"] },
        { "a port that is translated", Redirected, 1, ["BLOCKED 522", "rule: policy drop", "after: tcp dport 443 redirect to :8443"] },
        { "no rule for what follows", NoAnswers, 1, ["let in and answered, but the packets that follow are dropped", "established,related"] },
        { "nothing at all", "", 0, ["all 1 accepted", "no chain looks at it"] },
    };

    [Theory]
    [MemberData(nameof(Scenarios))]
    public async Task The_verdict_names_the_rule_and_what_can_be_done(string name, string ruleset, int exitCode, string[] says)
    {
        name.ShouldNotBeEmpty();
        await using var origin = await Origin.StartAsync(ruleset);
        var before = await origin.RulesetAsync();

        (await origin.RunAsync(Question)).Ended(exitCode).Saying(says);

        (await origin.RulesetAsync()).ShouldBe(before, "a look changes nothing");
    }

    [Fact]
    public async Task The_targets_of_a_configuration_are_asked_by_their_names()
    {
        await using var origin = await Origin.StartAsync();

        var blocked = (await origin.RunAsync("verify", "--interface", "v0", "--output", "json")).Ended(1).Json;
        blocked["verdicts"]!.AsArray().ShouldAllBe(verdict => verdict!["target"]!.GetValue<string>() == "web" && verdict["verdict"]!.GetValue<string>() == "blocked");
        (await origin.RunAsync("apply", "--yes")).Ended(0);
        (await origin.RunAsync("verify", "--interface", "v0", "--strict")).Ended(0).Saying("Reachability of web (22 ranges, ports 80, 443", "all 44 accepted");
        (await origin.RunAsync("verify", "--interface", "v7")).Saying("there is no interface v7 now (there is lo)");
        (await origin.RunAsync("verify", "--target", "nobody")).Ended(64).Saying("there is no such target");
    }

    [Fact]
    public async Task Rules_of_the_legacy_backend_count_beside_those_of_nft()
    {
        await using var origin = await Origin.StartAsync("");
        await origin.ShellAsync("iptables-legacy", "-A", "INPUT", "-s", "104.16.0.0/13", "-j", "DROP");

        (await origin.RunAsync(Question)).Ended(1).Saying("-A INPUT -s 104.16.0.0/13 -j DROP", "iptables-legacy table filter, chain INPUT, rule 1");
    }

    [Fact]
    public async Task A_tool_that_fails_leaves_nothing_proved()
    {
        await using var origin = await Origin.StartAsync("");
        await origin.WriteAsync("/usr/local/sbin/iptables-legacy-save", "#!/bin/sh\necho '*filter'\necho broken >&2\nexit 3\n");
        await origin.ShellAsync("chmod", "755", "/usr/local/sbin/iptables-legacy-save");

        (await origin.RunAsync(Question)).Ended(0).Saying("UNKNOWN", "`iptables-legacy-save` ended with 3: broken", "0 of 1 accepted");
        (await origin.RunAsync([.. Question, "--strict"])).Ended(1);
    }

    [Fact]
    public async Task A_user_without_rights_is_told_what_to_do()
    {
        await using var origin = await Origin.StartAsync();

        var outcome = (await origin.RunAsNobodyAsync(Question)).Ended(2).Saying("run as root", "--ruleset");

        outcome.StdOut.ShouldBeEmpty();
    }
}
