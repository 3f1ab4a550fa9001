using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using Shouldly;

namespace AllowlistSync.Conformance.Faults.Iptables;

/// <summary>Others work on our sets, our chain and our place in theirs.</summary>
public sealed class IptablesPlaceFaults
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("nft")]
    [InlineData("legacy")]
    public async Task What_was_taken_out_behind_our_back_is_put_back_piece_by_piece(string engine)
    {
        await using var context = await IptablesLab.StartAsync(engine);
        await context.OpenAsync();
        foreach (var (command, defects) in new[]
        {
            ("$t -F als-test/web", Array.Empty<string>()),
            ("$t -D INPUT -m comment --comment 'allowlist-sync owner=als-test target=web' -j als-test/web", ["jump-missing"]),
            ("$t -F als-test/web; $t -D INPUT -m comment --comment 'allowlist-sync owner=als-test target=web' -j als-test/web; $t -X als-test/web", ["chain-missing", "jump-missing"]),
            ("n=v4; [ ${t#ip6} = $t ] || n=v6; $t -F als-test/web; ipset destroy als-test/web/$n", ["set-missing", "set-missing"]),
            ("n=v4; [ ${t#ip6} = $t ] || n=v6; ipset flush als-test/web/$n", []),
            ("$t -I INPUT -m comment --comment 'allowlist-sync owner=als-test target=web' -j als-test/web", ["jump-doubled"]),
        })
        {
            await context.OnEachAsync(engine, command);
            (await context.DefectsAsync()).ShouldBe(defects, command);
            (await context.LookAsync(Lists.Small, Ct)).Status.ShouldBe(TargetStatus.Differs, command);
            await context.OpenAsync();
        }

        await context.RemoveAsync(Ct);
        await context.DemandSafeAsync(visitorsGetIn: false);
    }

    [Theory]
    [InlineData("create als-test/web/v4 hash:ip")]
    [InlineData("create als-test/web/v4 hash:net family inet6")]
    [InlineData("create als-test/web/v6 list:set")]
    public async Task A_set_of_another_kind_under_our_name_is_a_strangers(string create)
    {
        await using var context = await IptablesLab.StartAsync("nft");
        await context.BashAsync($"ipset {create}");
        var before = await context.BashAsync("ipset save");

        var report = await context.ApplyAsync(Lists.Small, Ct);

        report.Error.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Conflict);
        report.Error.Message.ShouldContain("somebody else made it");
        (await context.BashAsync("ipset save")).ShouldBe(before);
        await context.DemandSafeAsync(visitorsGetIn: false);
    }

    [Fact]
    public async Task A_set_that_somebody_made_again_too_small_or_with_a_lifetime_is_replaced_without_a_gap()
    {
        await using var context = await IptablesLab.StartAsync("legacy");
        await context.OpenAsync();
        await context.BashAsync("ipset create tiny hash:net maxelem 1; ipset add tiny 104.16.0.0/13; ipset swap tiny als-test/web/v4; ipset destroy tiny");
        await context.ReachAsync(Lists.Cloudflare, Ct);
        await context.BashAsync("ipset create brief hash:net timeout 600; ipset add brief 104.16.0.0/13; ipset swap brief als-test/web/v4; ipset destroy brief");
        (await context.DefectsAsync()).ShouldBe(["set-edited"]);
        await context.OpenAsync();
        await context.BashAsync("ipset add als-test/web/v4 104.16.0.0/16 nomatch");
        (await context.DefectsAsync()).ShouldBe(["set-edited"]);
        await context.OpenAsync();
        (await context.BashAsync("ipset save als-test/web/v4")).ShouldNotContain("nomatch");
    }

    [Theory]
    [InlineData("nft")]
    [InlineData("legacy")]
    public async Task A_set_or_a_chain_that_a_rule_of_others_uses_is_not_taken_out_by_half(string engine)
    {
        await using var context = await IptablesLab.StartAsync(engine);
        await context.OpenAsync();
        foreach (var (use, end) in new[]
        {
            ("-t mangle -A PREROUTING -m set --match-set als-test/web/v4 src -j MARK --set-mark 7", "-t mangle -D PREROUTING -m set --match-set als-test/web/v4 src -j MARK --set-mark 7"),
            ("-A FORWARD -j als-test/web", "-D FORWARD -j als-test/web"),
        })
        {
            await context.BashAsync($"iptables-{engine} {use}");
            await context.RebaseAsync(Ct);
            var report = await context.Program.RunAsync(context.Provider, context.Target, Lists.Small, CrashHost.Installation.Remove(), Ct);
            report.Error.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Conflict);
            report.Error.Aftermath.ShouldBe(Aftermath.Untouched);
            report.Error.Message.ShouldContain("nothing was changed");
            await context.DemandSafeAsync(visitorsGetIn: true);
            await context.BashAsync($"iptables-{engine} {end}");
            await context.RebaseAsync(Ct);
        }

        await context.RemoveAsync(Ct);
        await context.DemandSafeAsync(visitorsGetIn: false);
    }

    [Theory]
    [InlineData("nft")]
    [InlineData("legacy")]
    public async Task A_block_that_comes_in_at_the_last_moment_is_told_and_overtaken_by_the_next_run(string engine)
    {
        await using var context = await IptablesLab.StartAsync(engine);
        var isDone = false;
        context.Tap.Before = async (_, command) =>
        {
            if (!isDone && command.Program.EndsWith("-restore", StringComparison.Ordinal) && context.Subject.IsWrite(command))
            {
                isDone = true;
                await context.OnEachAsync(engine, "$t -I INPUT -p tcp -m multiport --dports 80,443 -j DROP");
            }

            return null;
        };

        var report = await context.ApplyAsync(Lists.Small, Ct);
        context.Tap.Reset();

        report.Error.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Conflict);
        report.Error.Message.ShouldContain("before the jump");
        await context.DemandSafeAsync(visitorsGetIn: false);
        await context.OpenAsync();
    }

    [Fact]
    public async Task What_an_interrupted_change_left_is_used_or_taken_out_by_the_next_run()
    {
        await using var context = await IptablesLab.StartAsync("nft");
        await context.BashAsync("ipset create als-test/web/v4 hash:net; ipset add als-test/web/v4 9.0.0.0/8; ipset create +als-test/web/v6 hash:net family inet6");
        (await context.Provider.ReadAsync(context.Target, Ct)).Allowed.ShouldBe(TrafficSet.Empty);
        await context.OpenAsync();

        await context.BashAsync("ipset create +als-test/web/v4 hash:net; ipset add +als-test/web/v4 9.0.0.0/8");
        (await context.DefectsAsync()).ShouldBe(["unfinished"]);
        await context.OpenAsync();
        await context.BashAsync("ipset create +als-test/web/v4 hash:net");
        await context.RemoveAsync(Ct);
        (await context.BashAsync("ipset list -n")).ShouldNotContain("als-test");
        await context.DemandSafeAsync(visitorsGetIn: false);
    }

    [Fact]
    public async Task A_set_change_that_fails_in_the_middle_is_tidied_and_untouched()
    {
        await using var context = await IptablesLab.StartAsync("legacy");
        await context.OpenAsync();
        context.Tap.Before = async (_, command) =>
        {
            if (command is { Program: "ipset", Arguments: ["restore", ..] } && command.Input.Length > 100)
            {
                // Both sets of ours become others at the last moment, so that the swap is refused.
                await context.BashAsync("ipset flush als-test/web/v4; iptables-legacy -F als-test/web; ipset destroy als-test/web/v4; ipset create als-test/web/v4 hash:ip");
            }

            return null;
        };

        var report = await context.ApplyAsync(Lists.Cloudflare, Ct);
        context.Tap.Reset();

        report.Error.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Conflict);
        report.Error.Aftermath.ShouldBe(Aftermath.Untouched);
        (await context.BashAsync("ipset list -n")).ShouldNotContain("+als-test");
        await context.BashAsync("ipset destroy als-test/web/v4");
        await context.OpenAsync();
    }

    [Fact]
    public async Task Many_ports_and_long_names_are_held_and_told_apart()
    {
        await using var context = await IptablesLab.StartAsync("nft", ("ipset", "always"));
        var ports = PortSet.Of([.. Enumerable.Range(0, 20).Select(i => PortRange.Tcp((ushort)(2000 + (i * 7)))), new PortRange(TransportProtocol.Udp, 4000, 4100)]);
        var one = context.NewTarget("als-test", "a-very-long-name-of-a-target-001") with { Ports = ports };
        var two = context.NewTarget("als-test", "a-very-long-name-of-a-target-002") with { Ports = ports };
        foreach (var target in new[] { one, two })
        {
            (await context.Program.RunAsync(context.Provider, target, Lists.Small, CrashHost.Installation.Apply(), Ct)).Error.ShouldBeNull();
        }

        (await context.Provider.ReadAsync(one, Ct)).Allowed.ShouldBe(TrafficSet.Of(PrefixSet.Of(Lists.Small), ports));
        (await context.BashAsync("ipset list -n | grep -c '^als-test/a-very-lo~'")).Trim().ShouldBe("4");
        (await context.Program.RunAsync(context.Provider, two, Lists.Small, CrashHost.Installation.Remove(), Ct)).Status.ShouldBe(TargetStatus.Applied);
        (await context.Program.RunAsync(context.Provider, one, Lists.Small, CrashHost.Installation.Look(), Ct)).Status.ShouldBe(TargetStatus.InSync);
    }
}
