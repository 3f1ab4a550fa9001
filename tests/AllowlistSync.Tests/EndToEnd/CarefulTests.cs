using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd;

/// <summary>What is not done without being asked for by name.</summary>
public sealed class CarefulTests
{
    private const string Second = """
          - name: second
            provider: nftables
            allow: [cloudflare]
            ports: [8443]
            settings: { table: inet filter, chain: input }
        """;

    [Fact]
    public async Task Rollback_with_several_targets_wants_the_name_of_one()
    {
        await using var origin = await Origin.StartAsync(config: new() { Others = Second });
        (await origin.RunAsync("apply", "--yes")).Ended(0);
        var before = await origin.RulesetAsync();

        (await origin.RunAsync("rollback", "--yes")).Ended(64).Saying("name one with --target (web, second)");

        (await origin.RulesetAsync()).ShouldBe(before);
        (await origin.RunAsync("rollback", "--target", "second", "--yes")).Ended(0);
        (await origin.RunAsync("diff", "--target", "web")).Ended(0);
        (await origin.RunAsync("diff", "--target", "second")).Ended(3).Saying("was-undone");
    }

    [Fact]
    public async Task Remove_without_a_terminal_wants_a_yes()
    {
        await using var origin = await Origin.StartAsync();
        (await origin.RunAsync("apply", "--yes")).Ended(0);
        var before = await origin.RulesetAsync();

        (await origin.RunAsync("remove")).Ended(64).Saying("nothing was removed", "--yes");

        (await origin.RulesetAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Another_set_of_the_operator_is_not_taken_for_the_one_that_was_handed_over()
    {
        await using var origin = await Origin.StartAsync(Firewalls.FilledSets + "\nadd set inet filter other4 { type ipv4_addr; flags interval; elements = { 192.0.2.0/24 }; }\n", new() { Settings = "settings: { sets: { ipv4: inet filter cf4, ipv6: inet filter cf6 } }" });
        var refused = (await origin.RunAsync("apply")).Ended(3).Saying("takes-over");
        (await origin.RunAsync("apply", "--accept", refused.Offer)).Ended(0);
        await origin.ConfigureAsync(new() { Settings = "settings: { sets: { ipv4: inet filter other4, ipv6: inet filter cf6 } }" });
        var before = await origin.RulesetAsync();

        (await origin.RunAsync("apply")).Ended(3).Saying("takes-over", "192.0.2.0/24");
        (await origin.RunAsync("rollback")).Ended(2).Saying("changed another place");

        (await origin.RulesetAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task What_was_undone_does_not_come_back_by_itself()
    {
        await using var origin = await Origin.StartAsync();
        (await origin.RunAsync("apply")).Ended(0);
        (await origin.RunAsync("rollback")).Ended(0);
        await origin.NftAsync("add rule inet filter input tcp dport 2222 accept");

        (await origin.RunAsync("apply")).Ended(3).Saying("was-undone", "--confirm-within");

        (await origin.RunAsync("apply", "--confirm-within", Probation.Long)).Ended(0);
        (await origin.RunAsync("confirm")).Ended(0);
        (await origin.RunAsync("diff")).Ended(0);
    }

    [Fact]
    public async Task Remove_leaves_what_was_in_a_set_before_the_first_apply()
    {
        const string Sets = """
            table inet filter {
              set cf4 { type ipv4_addr; flags interval; elements = { 104.16.0.0/13 }
              }
              set cf6 { type ipv6_addr; flags interval;
              }
              chain input {
                type filter hook input priority filter; policy drop;
                iif lo accept
                ip saddr @cf4 tcp dport { 80, 443 } accept
                ip6 saddr @cf6 tcp dport { 80, 443 } accept
              }
            }

            """;
        await using var origin = await Origin.StartAsync(Sets, new() { Settings = "settings: { sets: { ipv4: inet filter cf4, ipv6: inet filter cf6 } }" });
        var before = await origin.RulesetAsync();
        (await origin.RunAsync("apply")).Ended(0);
        (await origin.RulesetAsync()).ShouldContain("172.64.0.0/13");

        (await origin.RunAsync("remove", "--yes")).Ended(0);

        (await origin.RulesetAsync()).ShouldBe(before);
        (await origin.RunAsync("remove", "--yes")).Ended(0).Saying("in sync");
    }
}
