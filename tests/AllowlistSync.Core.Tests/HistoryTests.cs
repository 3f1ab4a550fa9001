using AllowlistSync.Core.Applying;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.Core.State;
using AllowlistSync.Core.Tests.Fixtures;
using Shouldly;
using Xunit;

namespace AllowlistSync.Core.Tests;

/// <summary>What an earlier apply says about the next one, and what it must not say.</summary>
public sealed class HistoryTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_receipt_of_another_place_hands_nothing_over()
    {
        using var bench = await Bench.AppliedAsync();
        var operators = Lists.OnWeb("192.0.2.0/24");
        bench.Target = bench.Target with { Place = "another set" };
        bench.Provider.Allowed = operators;
        bench.Provider.Unmarked = operators;

        var report = (await bench.ApplyAsync()).Targets[0];

        report.Status.ShouldBe(TargetStatus.Refused);
        report.Refusals.ShouldHaveSingleItem().RuleId.ShouldBe("takes-over");
        bench.Provider.Allowed.ShouldBe(operators);
    }

    [Fact]
    public async Task An_apply_of_another_place_is_not_rolled_back_here()
    {
        using var bench = await Bench.AppliedAsync();
        var before = bench.Provider.Allowed;
        var moved = bench.Target with { Place = "another set" };

        var refused = await Should.ThrowAsync<ProviderException>(async () =>
            await new Undo(bench.Time).RollBackAsync(bench.Provider, moved, bench.Store.Target("web"), "asked for", Ct));

        refused.Kind.ShouldBe(FailureKind.InvalidInput);
        bench.Provider.Allowed.ShouldBe(before);
    }

    [Fact]
    public async Task After_an_undo_nothing_is_changed_unattended_not_even_a_slightly_different_plan()
    {
        using var bench = await Bench.AppliedAsync();
        bench.Source.Lists = [.. Lists.Cloudflare, "11.0.0.0/24"];
        await bench.ApplyAsync();
        await new Undo(bench.Time).RollBackAsync(bench.Provider, bench.Target, bench.Store.Target("web"), "asked for", Ct);
        bench.Source.Lists = [.. Lists.Cloudflare, "11.0.0.0/24", "12.0.0.0/24"];

        (await bench.ApplyAsync()).Targets[0].Refusals.ShouldHaveSingleItem().RuleId.ShouldBe("was-undone");
        (await bench.RunAsync(RunPurpose.Apply, options => options with { Ask = (_, _) => ValueTask.FromResult(true) })).Targets[0].Status.ShouldBe(TargetStatus.Applied);
    }

    [Fact]
    public async Task An_undo_does_not_disarm_the_measure_of_what_goes()
    {
        using var bench = await Bench.AppliedAsync();
        bench.Source.Lists = [.. Lists.Cloudflare, "11.0.0.0/24"];
        await bench.ApplyAsync();
        await new Undo(bench.Time).RollBackAsync(bench.Provider, bench.Target, bench.Store.Target("web"), "asked for", Ct);

        var receipt = (await bench.Store.Target("web").LoadReceiptAsync(Ct)).ShouldNotBeNull();

        receipt.Stage.ShouldBe(ReceiptStage.Undone);
        receipt.LastStanding.ShouldBe(Lists.OnWeb(Lists.Cloudflare));
    }

    [Fact]
    public async Task An_apply_that_is_stopped_before_the_change_leaves_the_books_as_they_were()
    {
        using var bench = await Bench.AppliedAsync();
        var before = await bench.Store.Target("web").LoadReceiptAsync(Ct);
        bench.Source.Lists = [.. Lists.Cloudflare, "11.0.0.0/24"];
        bench.ArmFailure = new OperationCanceledException();

        await Should.ThrowAsync<OperationCanceledException>(() => bench.RunAsync(RunPurpose.Apply, options => options with { ConfirmWithin = TimeSpan.FromSeconds(60) }));

        var after = (await bench.Store.Target("web").LoadReceiptAsync(Ct)).ShouldNotBeNull();
        after.RunId.ShouldBe(before!.RunId);
        after.AwaitsConfirmation.ShouldBeFalse();
    }

    [Fact]
    public async Task An_interrupted_apply_that_turns_out_to_be_made_is_told_once()
    {
        using var bench = new Bench { DieBefore = ApplyStep.CloseReceipt };
        await Should.ThrowAsync<KilledException>(() => bench.ApplyAsync());
        bench.DieBefore = null;

        (await bench.ApplyAsync()).Targets[0].Findings.ShouldHaveSingleItem().Id.ShouldBe("interrupted");
        (await bench.ApplyAsync()).Targets[0].Findings.ShouldBeEmpty();
    }
}
