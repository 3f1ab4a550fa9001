using AllowlistSync.Core.Applying;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Providers.Host.Nftables;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Conformance.Faults;

/// <summary>What is missing, held by a stranger, or somebody else's business.</summary>
public sealed class PlaceFaults
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("add table ip nat\nadd table inet other", "table inet filter does not exist on this host; there is ip nat, inet other")]
    [InlineData("", "table inet filter does not exist on this host; there is none")]
    [InlineData("table inet filter {\n chain in {\n }\n chain out {\n }\n}", "chain inet filter input does not exist on this host; there is in, out")]
    public async Task A_missing_place_is_named_together_with_what_is_there(string ruleset, string message)
    {
        await using var lab = await FaultLab.StartAsync(ruleset, FaultLab.RuleWay);
        var before = await lab.DumpAsync();

        var report = await lab.ApplyAsync("104.16.0.0/13");

        report.Status.ShouldBe(TargetStatus.Failed);
        report.Error!.Kind.ShouldBe(FailureKind.Unavailable);
        report.Error.Message.ShouldBe(message);
        report.Error.Remedy.ShouldContain("nft -f");
        (await lab.DumpAsync()).ShouldBe(before);
    }

    [Theory]
    [InlineData("add chain inet filter als-test/web", "chain inet filter als-test/web")]
    [InlineData("add chain inet filter als-test/web\nadd rule inet filter als-test/web drop comment \"not theirs\"", "chain inet filter als-test/web")]
    [InlineData("add set inet filter als-test/web/v4 { type ipv4_addr; flags interval; comment \"not theirs\"; }", "set inet filter als-test/web/v4")]
    [InlineData("add set inet filter als-test/web/v6 { type ipv6_addr; comment \"allowlist-sync owner=als-test target=db\"; }", "set inet filter als-test/web/v6")]
    public async Task A_name_of_ours_that_a_stranger_holds_is_a_conflict_and_untouched(string change, string what)
    {
        await using var lab = await FaultLab.StartAsync(FaultLab.Chain + change, FaultLab.RuleWay);
        var before = await lab.DumpAsync();

        foreach (var report in new[] { await lab.ApplyAsync("104.16.0.0/13"), await lab.RemoveAsync() })
        {
            report.Status.ShouldBe(TargetStatus.Failed);
            report.Error!.Kind.ShouldBe(FailureKind.Conflict);
            report.Error.Aftermath.ShouldBe(Aftermath.Untouched);
            report.Error.Message.ShouldContain(what);
        }

        (await lab.DumpAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Without_the_right_nothing_is_read_and_the_right_is_named()
    {
        await using var lab = await FaultLab.StartAsync(
            FaultLab.Chain, FaultLab.RuleWay, sandbox => SandboxHost.Of(sandbox, "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"));

        var report = await lab.ApplyAsync("104.16.0.0/13");

        report.Error!.Kind.ShouldBe(FailureKind.Permission);
        report.Error.Remedy.ShouldContain("CAP_NET_ADMIN");
    }

    [Fact]
    public async Task The_capability_alone_is_right_enough()
    {
        await using var lab = await FaultLab.StartAsync(
            FaultLab.Chain,
            FaultLab.RuleWay,
            sandbox => SandboxHost.Of(sandbox, "setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--inh-caps=+net_admin", "--ambient-caps=+net_admin", "--"));

        (await lab.ApplyAsync("104.16.0.0/13")).Error.ShouldBeNull();
    }

    [Fact]
    public async Task A_chain_of_iptables_nft_is_refused_and_iptables_still_reads_it()
    {
        Needs.Sandbox("nft", "iptables-nft");
        await using var lab = await FaultLab.StartAsync("", [("table", "ip filter"), ("chain", "INPUT")]);
        (await lab.Sandbox.RunAsync(["iptables-nft", "-A", "INPUT", "-p", "tcp", "-m", "multiport", "--dports", "22,80", "-j", "ACCEPT"], ct: Ct)).EnsureSuccess();
        (await lab.Sandbox.RunAsync(["iptables-nft", "-N", "custom"], ct: Ct)).EnsureSuccess();
        var before = (await lab.Sandbox.RunAsync(["iptables-nft", "-S"], ct: Ct)).EnsureSuccess().StdOut;

        var report = await lab.ApplyAsync("104.16.0.0/13");

        report.Error!.Kind.ShouldBe(FailureKind.Unsupported);
        report.Error.Message.ShouldContain("iptables -S");
        report.Error.Remedy.ShouldContain("provider: iptables");
        (await lab.Sandbox.RunAsync(["iptables-nft", "-S"], ct: Ct)).EnsureSuccess().StdOut.ShouldBe(before);
    }

    [Theory]
    [InlineData("insert rule inet filter input tcp dport 25 jump { drop; }")]
    [InlineData("insert rule inet filter input tcp dport 25 goto { accept; } comment \"mine\"")]
    [InlineData("add chain inet filter other { type filter hook input priority 10; policy accept; }\nadd rule inet filter other jump { drop; }")]
    public async Task An_anonymous_chain_is_lived_with_and_may_block(string change)
    {
        await using var lab = await FaultLab.StartAsync(FaultLab.Chain + change, FaultLab.RuleWay);
        var before = await lab.DumpAsync();

        (await lab.ApplyAsync("104.16.0.0/13")).Status.ShouldBe(TargetStatus.Applied);
        (await lab.LookAsync("104.16.0.0/13")).Status.ShouldBe(TargetStatus.InSync);
        await lab.NftAsync("insert rule inet filter input tcp dport 80 jump { drop; }");
        (await lab.LookAsync("104.16.0.0/13")).Plan!.Changes.Repairs.ShouldHaveSingleItem().Id.ShouldBe("jump-too-late");
        (await lab.ApplyAsync("104.16.0.0/13")).Status.ShouldBe(TargetStatus.Applied);
        (await lab.ApplyAsync("131.0.72.0/22")).Error.ShouldBeNull();
        (await lab.RemoveAsync()).Error.ShouldBeNull();
        (await NftablesRegistration.Line.Detect(lab.Tap, Ct)).Found.ShouldBeTrue();

        var listing = (await lab.Sandbox.RunAsync(["nft", "-a", "list", "chain", "inet", "filter", "input"], ct: Ct)).EnsureSuccess().StdOut;
        var rule = listing.Split('\n').Single(line => line.Contains("dport 80 jump", StringComparison.Ordinal));
        listing.ShouldContain("# handle");
        rule.ShouldNotContain("als-test");
        var handle = listing[listing.IndexOf(rule, StringComparison.Ordinal)..].Split('\n').First(line => line.Contains("# handle", StringComparison.Ordinal)).Split(' ')[^1];
        await lab.NftAsync($"delete rule inet filter input handle {handle}");
        (await lab.DumpAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task After_a_bare_flush_ruleset_nothing_is_guessed_and_after_the_reload_we_are_back()
    {
        await using var lab = await FaultLab.StartAsync(FaultLab.Chain, FaultLab.RuleWay);
        (await lab.ApplyAsync("104.16.0.0/13")).Status.ShouldBe(TargetStatus.Applied);
        await lab.NftAsync("flush ruleset");

        (await lab.ApplyAsync("104.16.0.0/13")).Error!.Kind.ShouldBe(FailureKind.Unavailable);
        (await lab.DumpAsync()).ShouldBeEmpty();

        await lab.NftAsync(FaultLab.Chain);
        (await lab.ApplyAsync("104.16.0.0/13")).Status.ShouldBe(TargetStatus.Applied);
        (await lab.LookAsync("104.16.0.0/13")).Status.ShouldBe(TargetStatus.InSync);
    }

    [Fact]
    public async Task A_jump_of_ours_that_somebody_narrowed_is_put_right_and_can_be_removed()
    {
        await using var lab = await FaultLab.StartAsync(FaultLab.Chain, FaultLab.RuleWay);
        var fresh = await lab.DumpAsync();
        (await lab.ApplyAsync("104.16.0.0/13")).Status.ShouldBe(TargetStatus.Applied);
        var listing = (await lab.Sandbox.RunAsync(["nft", "-a", "list", "chain", "inet", "filter", "input"], ct: Ct)).EnsureSuccess().StdOut;
        var jump = listing.Split('\n').Single(line => line.Contains("jump", StringComparison.Ordinal));
        var handle = jump[(jump.LastIndexOf(' ') + 1)..];
        await lab.NftAsync($"replace rule inet filter input handle {handle} tcp dport 80 jump als-test/web comment \"allowlist-sync owner=als-test target=web\"");

        (await lab.LookAsync("104.16.0.0/13")).Plan!.Changes.Repairs.ShouldHaveSingleItem();
        (await lab.ApplyAsync("104.16.0.0/13")).Error.ShouldBeNull();
        (await lab.LookAsync("104.16.0.0/13")).Status.ShouldBe(TargetStatus.InSync);
        (await lab.RemoveAsync()).Error.ShouldBeNull();
        (await lab.DumpAsync()).ShouldBe(fresh);
    }

    [Fact]
    public async Task Elements_that_somebody_tagged_in_a_set_of_ours_are_not_taken_out_with_it()
    {
        await using var lab = await FaultLab.StartAsync(FaultLab.Chain, FaultLab.RuleWay);
        var fresh = await lab.DumpAsync();
        (await lab.ApplyAsync("104.16.0.0/13")).Status.ShouldBe(TargetStatus.Applied);
        await lab.NftAsync("add element inet filter als-test/web/v4 { 203.0.113.7 comment \"guest\", 203.0.113.9 comment \"guest\" }");
        var before = await lab.DumpAsync();

        var report = await lab.RemoveAsync();
        report.Error.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Conflict);
        report.Error.Aftermath.ShouldBe(Aftermath.Untouched);
        report.Error.Message.ShouldContain("set inet filter als-test/web/v4");
        report.Error.Message.ShouldContain("2 elements");
        report.Error.Message.ShouldContain("nothing was changed");
        (await lab.DumpAsync()).ShouldBe(before);
        var undo = await Should.ThrowAsync<ProviderException>(async () =>
            await new Undo(TimeProvider.System).RollBackAsync(lab.Provider, lab.Target, lab.Program.State.Target("web"), "asked for", Ct));
        undo.Message.ShouldBe(report.Error.Message);
        (await lab.DumpAsync()).ShouldBe(before);

        await lab.NftAsync("delete element inet filter als-test/web/v4 { 203.0.113.7, 203.0.113.9 }");
        (await lab.RemoveAsync()).Error.ShouldBeNull();
        (await lab.DumpAsync()).ShouldBe(fresh);
    }

    [Theory]
    [InlineData("add rule inet filter input tcp dport 8080 jump als-test/web comment \"mine\"")]
    [InlineData("add chain inet filter more\nadd rule inet filter more jump als-test/web")]
    [InlineData("add rule inet filter als-test/web tcp dport 25 accept comment \"mine\"")]
    [InlineData("add rule inet filter input ip saddr @als-test/web/v4 udp dport 53 accept comment \"mine\"")]
    public async Task What_others_hang_on_ours_makes_a_removal_a_conflict_and_nothing_is_touched(string change)
    {
        await using var lab = await FaultLab.StartAsync(FaultLab.Chain, FaultLab.RuleWay);
        (await lab.ApplyAsync("104.16.0.0/13")).Status.ShouldBe(TargetStatus.Applied);
        await lab.NftAsync(change);
        var before = await lab.DumpAsync();

        var report = await lab.RemoveAsync();

        report.Error.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Conflict, report.Error.Message);
        report.Error.Aftermath.ShouldBe(Aftermath.Untouched);
        (await lab.DumpAsync()).ShouldBe(before);
        (await lab.ApplyAsync("104.16.0.0/13", "131.0.72.0/22")).Error.ShouldBeNull();
    }
}
