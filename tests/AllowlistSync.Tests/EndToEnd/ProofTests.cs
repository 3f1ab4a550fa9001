using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd;

/// <summary>What the proof of what gets in does to a run.</summary>
public sealed class ProofTests
{
    private const string Blocking = Firewalls.Drop + "\n" + """
        table inet other {
          chain late {
            type filter hook input priority 10; policy accept;
            ip saddr 104.16.0.0/13 tcp dport 443 drop
          }
        }
        """;

    [Fact]
    public async Task What_another_chain_drops_makes_an_apply_fail_and_names_the_rule()
    {
        await using var origin = await Origin.StartAsync(Blocking);

        (await origin.RunAsync("diff")).Ended(1).Saying("effect: lets in", "blocked: 104.16.0.0/13 on 443");
        (await origin.RunAsync("apply", "--yes")).Ended(2).Saying(
            "blocked: 104.16.0.0/13 on 443 is dropped (visitors see 522) by `ip saddr 104.16.0.0/13 tcp dport 443 drop` in table inet other, chain late, rule 1", "done:");
        (await origin.RulesetAsync()).ShouldContain("jump allowlist-sync/web");

        // Nothing is left to change, and visitors still see 522.
        (await origin.RunAsync("apply", "--yes")).Ended(2).Saying("not all that is wanted gets in");
        await origin.NftAsync("delete table inet other");
        (await origin.RunAsync("apply", "--yes")).Ended(0).Saying("all that is wanted gets in");
    }

    [Fact]
    public async Task A_change_that_does_not_help_is_undone_where_the_target_asks_so()
    {
        await using var origin = await Origin.StartAsync(Blocking, new ConfigText { More = "onBlocked: rollback" });
        var before = await origin.RulesetAsync();

        (await origin.RunAsync("apply", "--yes")).Ended(2).Saying("wanted traffic is blocked by another rule", "chain late, rule 1");

        (await origin.RulesetAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("onBlocked: report", true)]
    [InlineData("onBlocked: ignore", false)]
    public async Task Blocked_traffic_is_no_failure_where_the_target_says_so(string more, bool isTold)
    {
        await using var origin = await Origin.StartAsync(Blocking, new ConfigText { More = more });

        var applied = (await origin.RunAsync("apply", "--yes")).Ended(0).Saying("Target web: applied");

        applied.Said.Contains("is dropped (visitors see 522)", StringComparison.Ordinal).ShouldBe(isTold);
    }

    [Fact]
    public async Task A_rate_limit_is_told_and_is_no_failure()
    {
        await using var origin = await Origin.StartAsync(Firewalls.Drop + "\n" + """
            table inet other {
              chain late {
                type filter hook input priority 10; policy accept;
                tcp dport 443 limit rate over 100/second burst 5 packets drop
              }
            }
            """);

        (await origin.RunAsync("apply", "--yes")).Ended(0).Saying("not-proved: nobody can say whether", "depends on the rate or number of packets", "chain late, rule 1");
    }

    [Fact]
    public async Task A_change_that_would_shut_somebody_out_is_refused_before_it_is_made()
    {
        // The operator took the set of a block list for that of an allow list.
        await using var origin = await Origin.StartAsync(
            """
            table inet filter {
              set cf4 { type ipv4_addr; flags interval; }
              set cf6 { type ipv6_addr; flags interval; }
              chain input {
                type filter hook input priority filter; policy accept;
                ip saddr @cf4 drop
              }
            }
            """,
            new ConfigText { Settings = ConfigText.SetWay });
        var before = await origin.RulesetAsync();

        (await origin.RunAsync("diff")).Ended(3).Saying("shuts out", "refused: shuts-out");
        var refused = (await origin.RunAsync("apply", "--yes")).Ended(3).Saying("would shut out traffic that gets in today", "103.21.244.0/22");
        (await origin.RulesetAsync()).ShouldBe(before);

        // A person may insist; then the proof tells what came of it.
        (await origin.RunAsync("apply", "--accept", refused.Offer, "--yes")).Ended(2).Saying("ip saddr @cf4 drop");
    }

    [Fact]
    public async Task A_set_that_opens_more_than_the_ports_of_the_target_is_told()
    {
        await using var origin = await Origin.StartAsync(
            """
            table inet filter {
              set cf4 { type ipv4_addr; flags interval; }
              set cf6 { type ipv6_addr; flags interval; }
              chain input {
                type filter hook input priority filter; policy drop;
                ct state established,related accept
                iifname "lo" accept
                ip saddr @cf4 accept
                ip6 saddr @cf6 tcp dport { 80, 443 } accept
              }
            }
            """,
            new ConfigText { Settings = ConfigText.SetWay });

        (await origin.RunAsync("apply", "--yes")).Ended(0).Saying("opens-other-ports");
    }

    [Fact]
    public async Task The_json_has_effect_and_proof()
    {
        await using var origin = await Origin.StartAsync(Blocking);

        var target = (await origin.RunAsync("diff", "--output", "json")).Ended(1).Target;

        target["effect"]!["opens"]!.AsArray().Select(entry => entry!["prefix"]!.GetValue<string>()).ShouldContain("104.24.0.0/14");
        target["effect"]!["closes"]!.AsArray().ShouldBeEmpty();
        target["proof"]!["blocked"]!.AsArray().ShouldHaveSingleItem()!["prefix"]!.GetValue<string>().ShouldBe("104.16.0.0/13");
        target["findings"]!.AsArray().Select(finding => finding!["id"]!.GetValue<string>()).ShouldContain("blocked");
    }

    [Fact]
    public async Task Whoever_may_not_read_the_rules_is_told_that_nothing_is_proved()
    {
        await using var origin = await Origin.StartAsync(Firewalls.Drop);

        (await origin.RunAsNobodyAsync("diff")).Said.ShouldNotContain("all that is wanted");
    }
}
