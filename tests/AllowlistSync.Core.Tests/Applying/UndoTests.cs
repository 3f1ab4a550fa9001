using AllowlistSync.Core.Applying;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.State;
using AllowlistSync.Core.Tests.Fixtures;
using Shouldly;
using Xunit;

namespace AllowlistSync.Core.Tests.Applying;

public sealed class UndoTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Without_a_deadline_there_is_nothing_to_confirm()
    {
        using var bench = new Bench();
        await bench.ApplyAsync();
        (await ConfirmAsync(bench)).ShouldBe(UndoResult.Nothing);
    }

    [Fact]
    public async Task A_confirmed_change_stays()
    {
        using var bench = await OnProbationAsync();
        bench.Time.Advance(Minute - TimeSpan.FromTicks(1));
        (await ConfirmAsync(bench)).ShouldBe(UndoResult.Confirmed);
        bench.Time.Advance(Minute);
        (await UndoAsync(bench)).ShouldBe(UndoResult.Nothing);
        bench.Provider.Allowed.ShouldBe(Lists.OnWeb(Lists.Cloudflare));
    }

    [Fact]
    public async Task A_confirmation_at_the_deadline_is_too_late_and_the_change_is_undone()
    {
        using var bench = await OnProbationAsync();
        (await UndoAsync(bench)).ShouldBe(UndoResult.Waiting);
        bench.Time.Advance(Minute);
        (await ConfirmAsync(bench)).ShouldBe(UndoResult.TooLate);
        (await UndoAsync(bench)).ShouldBe(UndoResult.Undone);
        bench.Provider.Allowed.ShouldBe(Lists.OnWeb("11.0.0.0/24"));
        (await UndoAsync(bench)).ShouldBe(UndoResult.Nothing);
    }

    [Fact]
    public async Task A_rollback_puts_back_what_was_there_and_writes_it_down()
    {
        using var bench = await OnProbationAsync();
        var books = bench.Store.Target("web");
        (await new Undo(bench.Time).RollBackAsync(bench.Provider, bench.Target, books, "asked for", TestContext.Current.CancellationToken)).ShouldBe(UndoResult.Undone);
        bench.Provider.Allowed.ShouldBe(Lists.OnWeb("11.0.0.0/24"));
        var journal = await books.ReadJournalAsync(10, TestContext.Current.CancellationToken);
        journal.Select(entry => entry.Step).ShouldBe(["applying", "applied", "undone: asked for"]);
        (await books.LoadReceiptAsync(TestContext.Current.CancellationToken))!.Stage.ShouldBe(ReceiptStage.Undone);
    }

    [Fact]
    public async Task A_deadline_that_was_measured_by_another_clock_counts_although_the_wall_clock_was_set_back()
    {
        using var bench = await OnProbationAsync();
        var books = bench.Store.Target("web");
        var runId = (await books.LoadReceiptAsync(TestContext.Current.CancellationToken))!.RunId;
        bench.Time.Advance(TimeSpan.FromDays(-1));
        (await UndoAsync(bench)).ShouldBe(UndoResult.Waiting);
        (await new Undo(bench.Time).UndoUnconfirmedAsync(bench.Provider, bench.Target, books, "another run", TestContext.Current.CancellationToken)).ShouldBe(UndoResult.Nothing);
        (await new Undo(bench.Time).UndoUnconfirmedAsync(bench.Provider, bench.Target, books, runId, TestContext.Current.CancellationToken)).ShouldBe(UndoResult.Undone);
        bench.Provider.Allowed.ShouldBe(Lists.OnWeb("11.0.0.0/24"));
    }

    [Fact]
    public async Task What_cannot_be_written_down_is_undone_first_and_written_down_later()
    {
        using var bench = await OnProbationAsync();
        var books = bench.Store.Target("web");
        var runId = (await books.LoadReceiptAsync(TestContext.Current.CancellationToken))!.RunId;
        bench.Time.Advance(Minute);
        var full = new FullBooks(books);

        var told = await Should.ThrowAsync<OpenBooksException>(async () => await new Undo(bench.Time).UndoIfDueAsync(bench.Provider, bench.Target, full, TestContext.Current.CancellationToken));

        told.Message.ShouldContain("the change is undone");
        bench.Provider.Allowed.ShouldBe(Lists.OnWeb("11.0.0.0/24"));
        await Should.ThrowAsync<OpenBooksException>(async () => await new Undo(bench.Time).CloseAsync(full, runId, TestContext.Current.CancellationToken));
        (await new Undo(bench.Time).CloseAsync(books, "another run", TestContext.Current.CancellationToken)).ShouldBe(UndoResult.Nothing);
        (await new Undo(bench.Time).CloseAsync(books, runId, TestContext.Current.CancellationToken)).ShouldBe(UndoResult.Undone);
        (await UndoAsync(bench)).ShouldBe(UndoResult.Nothing);
        (await books.LoadReceiptAsync(TestContext.Current.CancellationToken))!.Stage.ShouldBe(ReceiptStage.Undone);
    }

    [Fact]
    public async Task A_target_of_which_no_picture_was_taken_cannot_be_rolled_back_and_says_so()
    {
        using var bench = new Bench(new FakeProvider { CanRestore = false });
        await bench.ApplyAsync();
        var failure = await Should.ThrowAsync<ProviderException>(async () => await new Undo(bench.Time).RollBackAsync(bench.Provider, bench.Target, bench.Store.Target("web"), "", TestContext.Current.CancellationToken));
        failure.Kind.ShouldBe(FailureKind.Unsupported);
        failure.Aftermath.ShouldBe(Aftermath.Untouched);
    }

    [Fact]
    public async Task The_way_back_is_written_and_the_undo_armed_before_the_first_change()
    {
        using var bench = await OnProbationAsync();
        bench.Steps.ShouldBe([
            ApplyStep.Preflight, ApplyStep.WriteReceipt, ApplyStep.JournalBegin, ApplyStep.ArmUndo, ApplyStep.Change, ApplyStep.ReadBack,
            ApplyStep.CloseReceipt, ApplyStep.JournalEnd, ApplyStep.Done,
        ]);
        bench.Armed.ShouldHaveSingleItem().Stage.ShouldBe(ReceiptStage.Applying);
    }

    private static async Task<Bench> OnProbationAsync()
    {
        var bench = new Bench();
        bench.Provider.Allowed = Lists.OnWeb("11.0.0.0/24");
        await bench.RunAsync(RunPurpose.Apply, options => options with { ConfirmWithin = Minute });
        bench.Provider.Allowed.ShouldBe(Lists.OnWeb(Lists.Cloudflare));
        return bench;
    }

    private static async Task<UndoResult> ConfirmAsync(Bench bench) =>
        await new Undo(bench.Time).ConfirmAsync(bench.Store.Target("web"), TestContext.Current.CancellationToken);

    private static async Task<UndoResult> UndoAsync(Bench bench) =>
        await new Undo(bench.Time).UndoIfDueAsync(bench.Provider, bench.Target, bench.Store.Target("web"), TestContext.Current.CancellationToken);
}
