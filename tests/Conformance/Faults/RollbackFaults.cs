using AllowlistSync.Core.Applying;
using AllowlistSync.Core.Reporting;
using Shouldly;

namespace AllowlistSync.Conformance.Faults;

/// <summary>Put back means put back: also what was not good before.</summary>
public sealed class RollbackFaults
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("insert rule inet filter input tcp dport 443 drop", "jump-too-late")]
    [InlineData("flush chain inet filter input", "jump-missing")]
    public async Task A_jump_that_was_mended_goes_back_to_where_it_stood(string change, string defect)
    {
        await using var lab = await FaultLab.StartAsync(FaultLab.Chain, FaultLab.RuleWay);
        (await lab.ApplyAsync("104.16.0.0/13")).Status.ShouldBe(TargetStatus.Applied);
        await lab.NftAsync(change);
        var before = await lab.DumpAsync();

        var mended = await lab.ApplyAsync("104.16.0.0/13");
        mended.Status.ShouldBe(TargetStatus.Applied);
        mended.Plan!.Changes.Repairs.ShouldHaveSingleItem().Id.ShouldBe(defect);
        (await lab.DumpAsync()).ShouldNotBe(before);

        (await new Undo(TimeProvider.System).RollBackAsync(lab.Provider, lab.Target, lab.Program.State.Target("web"), "asked for", Ct)).ShouldBe(UndoResult.Undone);
        (await lab.DumpAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task A_jump_goes_to_an_effective_place_when_the_rule_behind_it_is_gone()
    {
        await using var lab = await FaultLab.StartAsync(FaultLab.Chain, FaultLab.RuleWay);
        await lab.NftAsync("add rule inet filter input tcp dport 25 drop");
        (await lab.ApplyAsync("104.16.0.0/13")).Status.ShouldBe(TargetStatus.Applied);
        await lab.NftAsync("insert rule inet filter input tcp dport 443 drop");
        (await lab.ApplyAsync("104.16.0.0/13")).Status.ShouldBe(TargetStatus.Applied);
        await lab.NftAsync("flush chain inet filter input\nadd rule inet filter input tcp dport 26 drop");

        (await new Undo(TimeProvider.System).RollBackAsync(lab.Provider, lab.Target, lab.Program.State.Target("web"), "asked for", Ct)).ShouldBe(UndoResult.Undone);
        (await lab.LookAsync("104.16.0.0/13")).Status.ShouldBe(TargetStatus.InSync);
    }

    [Fact]
    public async Task A_handle_that_another_rule_has_after_a_reload_is_no_place()
    {
        // Before the second apply the jump stands behind a drop, ahead of rule H. After a flush and a reload, another rule has the handle H.
        await using var lab = await FaultLab.StartAsync(FaultLab.Chain, FaultLab.RuleWay);
        await lab.NftAsync(string.Concat(Enumerable.Repeat("add rule inet filter input tcp dport 26 accept\n", 5)) + "add rule inet filter input tcp dport 443 ip saddr 192.0.2.9 drop comment \"H\"");
        (await lab.ApplyAsync("104.16.0.0/13")).Status.ShouldBe(TargetStatus.Applied);
        await lab.NftAsync("insert rule inet filter input tcp dport 443 drop");
        (await lab.ApplyAsync("104.16.0.0/13")).Status.ShouldBe(TargetStatus.Applied);
        var handle = await HandleAsync(lab, "\"H\"");
        await lab.NftAsync("flush ruleset\n" + FaultLab.Chain + string.Concat(Enumerable.Range(0, 12).Select(i => $"add rule inet filter input tcp dport 443 ip saddr 192.0.2.{100 + i} drop\n")));
        (await HandleAsync(lab, "192.0.2.100")).ShouldBeLessThan(handle);
        (await HandleAsync(lab, "192.0.2.111")).ShouldBeGreaterThanOrEqualTo(handle);

        (await new Undo(TimeProvider.System).RollBackAsync(lab.Provider, lab.Target, lab.Program.State.Target("web"), "asked for", Ct)).ShouldBe(UndoResult.Undone);

        (await lab.LookAsync("104.16.0.0/13")).Status.ShouldBe(TargetStatus.InSync);
        var chain = (await lab.Sandbox.RunAsync(["nft", "list", "chain", "inet", "filter", "input"], ct: Ct)).EnsureSuccess().StdOut;
        chain.IndexOf("jump als-test/web", StringComparison.Ordinal).ShouldBeLessThan(chain.IndexOf("192.0.2.100", StringComparison.Ordinal));
    }

    private static async Task<int> HandleAsync(FaultLab lab, string rule)
    {
        var listing = (await lab.Sandbox.RunAsync(["nft", "-a", "list", "chain", "inet", "filter", "input"], ct: Ct)).EnsureSuccess().StdOut;
        return int.Parse(listing.Split('\n').Single(line => line.Contains(rule, StringComparison.Ordinal)).Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture);
    }
}
