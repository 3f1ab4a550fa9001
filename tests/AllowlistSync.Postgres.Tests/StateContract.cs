using System.Collections.Concurrent;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.State;
using Shouldly;
using Xunit;

namespace AllowlistSync.Postgres.Tests;

/// <summary>What every store promises; each kind of store runs all of it.</summary>
public abstract class StateContract : IAsyncLifetime
{
    protected static CancellationToken Ct => TestContext.Current.CancellationToken;

    public abstract ValueTask InitializeAsync();

    public abstract ValueTask DisposeAsync();

    /// <summary>A store as another process opens it, on the same state.</summary>
    protected abstract IStateStore Open();

    /// <summary>Spoils what is kept: <c>source</c>, <c>receipt</c> or <c>notices</c>, of a name.</summary>
    protected abstract Task SpoilAsync(string kind, string name);

    [Fact]
    public async Task What_was_never_written_is_absent()
    {
        var store = Open();
        (await store.LoadSourceAsync("cloudflare", Ct)).ShouldBeNull();
        (await store.Target("web").LoadReceiptAsync(Ct)).ShouldBeNull();
        (await store.Target("web").ReadJournalAsync(10, Ct)).ShouldBeEmpty();
        (await store.History.RunsAsync("web", 10, Ct)).ShouldBeEmpty();
        (await store.History.ListsAsync("cloudflare", 10, Ct)).ShouldBeEmpty();
        (await store.Notices.LoadAsync(Ct)).Problems.ShouldBeEmpty();
        (await store.SetAsideDamagedAsync(Ct)).ShouldBeEmpty();
        store.Place.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_source_comes_back_as_it_was_remembered_under_its_lock_and_without()
    {
        var (store, memory) = (Open(), Samples.Memory("104.16.0.0/13", "2400:cb00::/32"));
        await using (await store.LockSourceAsync("cloudflare", "run-1", Ct))
        {
            await store.SaveSourceAsync("cloudflare", Samples.Memory("104.16.0.0/13"), Ct);
        }

        await store.SaveSourceAsync("cloudflare", memory, Ct);
        var loaded = (await Open().LoadSourceAsync("cloudflare", Ct)).ShouldNotBeNull();
        loaded.InForce.ShouldBe(memory.InForce);
        loaded.Pending.ShouldBe(memory.Pending);
        loaded.LastGood.Published.ShouldBe(memory.LastGood.Published);
        (await Open().LoadSourceAsync("office", Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task A_receipt_is_replaced_as_a_whole()
    {
        var books = Open().Target("web");
        await using var hold = await books.LockAsync("run-1", Ct);
        await books.SaveReceiptAsync(Samples.Receipt(), Ct);
        (await Open().Target("web").LoadReceiptAsync(Ct)).ShouldBe(Samples.Receipt());
        await books.SaveReceiptAsync(Samples.Receipt("run-2") with { ConfirmBy = null, Before = null }, Ct);
        var loaded = (await Open().Target("web").LoadReceiptAsync(Ct))!;
        (loaded.RunId, loaded.ConfirmBy, loaded.Before).ShouldBe(("run-2", null, null));
        (await Open().Target("db").LoadReceiptAsync(Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task A_lock_counts_for_every_view_of_the_target_in_this_process()
    {
        var store = Open();
        await using var hold = await store.Target("web").LockAsync("rollback", Ct);
        await store.Target("web").EnsureHeldAsync(Ct);
        await store.Target("web").SaveReceiptAsync(Samples.Receipt(), Ct);
        await store.Target("web").AppendAsync(Samples.Entry("undone"), Ct);
        (await store.Target("web").ReadJournalAsync(1, Ct)).ShouldHaveSingleItem().ShouldBe(Samples.Entry("undone"));
    }

    [Fact]
    public async Task The_journal_keeps_its_order_and_gives_the_newest()
    {
        var books = Open().Target("web");
        await using var hold = await books.LockAsync("run", Ct);
        foreach (var step in new[] { "a", "b", "c" })
        {
            await books.AppendAsync(Samples.Entry(step), Ct);
        }

        (await Open().Target("web").ReadJournalAsync(2, Ct)).Select(entry => entry.Step).ShouldBe(["b", "c"]);
    }

    [Fact]
    public async Task A_second_holder_is_told_who_has_the_target_and_gets_it_afterwards()
    {
        var first = await Open().Target("web").LockAsync("run-1", Ct);
        var refused = await Should.ThrowAsync<TargetLockedException>(async () => await Open().Target("web").LockAsync("run-2", Ct));
        refused.Holder.ShouldContain($"process {Environment.ProcessId} (run-1) since ");
        await using (await Open().Target("db").LockAsync("run-2", Ct))
        {
            await first.DisposeAsync();
        }

        await using var second = await Open().Target("web").LockAsync("run-2", Ct);
        second.ShouldNotBeNull();
    }

    [Fact]
    public async Task Of_many_who_want_a_target_at_once_one_has_it_at_a_time()
    {
        var (inside, most, turns) = (0, 0, new ConcurrentBag<int>());
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async number =>
        {
            var books = Open().Target("web");
            while (true)
            {
                try
                {
                    await using var hold = await books.LockAsync($"run-{number}", Ct);
                    most = Math.Max(most, Interlocked.Increment(ref inside));
                    await books.SaveReceiptAsync(Samples.Receipt($"run-{number}"), Ct);
                    await books.AppendAsync(Samples.Entry($"{number}"), Ct);
                    turns.Add(number);
                    Interlocked.Decrement(ref inside);
                    return;
                }
                catch (TargetLockedException)
                {
                    await Task.Delay(Random.Shared.Next(5, 20), Ct);
                }
            }
        }));
        most.ShouldBe(1);
        turns.Order().ShouldBe(Enumerable.Range(0, 8));
        (await Open().Target("web").ReadJournalAsync(20, Ct)).Select(entry => entry.Step).Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(0, 8).Select(number => $"{number}"));
    }

    [Fact]
    public async Task A_source_is_taken_by_one_at_a_time_and_waited_for()
    {
        var first = await Open().LockSourceAsync("cloudflare", "one", Ct);
        var second = Open().LockSourceAsync("cloudflare", "two", Ct).AsTask();
        await Task.Delay(TimeSpan.FromMilliseconds(250), TimeProvider.System, Ct);
        second.IsCompleted.ShouldBeFalse();
        await first.DisposeAsync();
        await (await second).DisposeAsync();
    }

    [Fact]
    public async Task A_second_daemon_of_a_node_is_turned_away()
    {
        await using (await Open().LockDaemonAsync(Ct))
        {
            (await Should.ThrowAsync<TargetLockedException>(async () => await Open().LockDaemonAsync(Ct))).Holder.ShouldContain($"process {Environment.ProcessId}");
        }

        await using var again = await Open().LockDaemonAsync(Ct);
        again.ShouldNotBeNull();
    }

    [Fact]
    public async Task The_history_gives_the_newest_oldest_first_and_runs_are_added_side_by_side()
    {
        for (var number = 1; number <= 5; number++)
        {
            await Open().History.AddAsync(Samples.Run(number), Ct);
        }

        await Task.WhenAll(Enumerable.Range(10, 8).Select(async number => await Open().History.AddAsync(Samples.Run(number, "db") with { RunId = $"{number}" }, Ct)));
        var newest = await Open().History.RunsAsync("web", 3, Ct);
        newest.Select(run => run.RunId).ShouldBe(["3", "4", "5"]);
        newest[0].ReachCounts.ShouldBe(new ReachCounts(44, 0, 0));
        await Open().History.AddAsync(new ListRecord { Source = "cloudflare", IsFirst = true, At = Samples.Morning, IPv4 = 15, IPv6 = 7, Added = ["104.16.0.0/13"] }, Ct);
        (await Open().History.ListsAsync("cloudflare", 5, Ct)).ShouldHaveSingleItem().Added.ShouldBe(["104.16.0.0/13"]);
        (await Open().History.RunsAsync("db", 100, Ct)).Length.ShouldBe(8);
    }

    [Fact]
    public async Task A_history_that_grew_large_forgets_the_oldest()
    {
        var (store, text) = (Open(), new string('x', 200_000));
        for (var number = 1; number <= 24; number++)
        {
            await store.History.AddAsync(Samples.Run(number) with { Error = new("Bug", Severity.Problem, text, "") }, Ct);
        }

        var kept = await store.History.RunsAsync("web", 1000, Ct);
        kept[^1].RunId.ShouldBe("24");
        kept.Length.ShouldBeInRange(10, 21);
    }

    [Fact]
    public async Task Notices_are_changed_one_after_the_other()
    {
        await Task.WhenAll(Enumerable.Range(0, 6).Select(async number =>
            await Open().Notices.UpdateAsync(memory => memory with { Problems = memory.Problems.Add(new ToldProblem("failed", "target", $"web{number}", Samples.Morning, "down")) }, Ct)));
        (await Open().Notices.LoadAsync(Ct)).Problems.Select(problem => problem.Name).Order(StringComparer.Ordinal).ShouldBe(Enumerable.Range(0, 6).Select(number => $"web{number}"));
        (await Open().Notices.UpdateAsync(_ => NoticeMemory.Empty, Ct)).Problems.ShouldBeEmpty();
        (await Open().Notices.LoadAsync(Ct)).Problems.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_is_damaged_is_never_believed_and_moved_aside_but_for_what_a_run_works_with()
    {
        var store = Open();
        await store.SaveSourceAsync("cloudflare", Samples.Memory("104.16.0.0/13"), Ct);
        await store.SaveSourceAsync("office", Samples.Memory("104.16.0.0/13"), Ct);
        await store.Notices.UpdateAsync(memory => memory with { Problems = [new ToldProblem("failed", "target", "web", Samples.Morning, "down")] }, Ct);
        foreach (var target in new[] { "web", "busy" })
        {
            await using var hold = await store.Target(target).LockAsync("run", Ct);
            await store.Target(target).SaveReceiptAsync(Samples.Receipt(), Ct);
        }

        await SpoilAsync("source", "office");
        await SpoilAsync("receipt", "web");
        await SpoilAsync("receipt", "busy");
        await SpoilAsync("notices", "");
        (await Should.ThrowAsync<StateException>(async () => await store.LoadSourceAsync("office", Ct))).Message.ShouldContain("is damaged");
        (await Should.ThrowAsync<StateException>(async () => await store.Target("web").LoadReceiptAsync(Ct))).Remedy.ShouldNotBeEmpty();
        await using (await store.Target("busy").LockAsync("apply", Ct))
        {
            (await Open().SetAsideDamagedAsync(Ct)).Length.ShouldBe(3);
        }

        (await store.LoadSourceAsync("cloudflare", Ct)).ShouldNotBeNull();
        (await store.LoadSourceAsync("office", Ct)).ShouldBeNull();
        (await store.Target("web").LoadReceiptAsync(Ct)).ShouldBeNull();
        (await store.Notices.LoadAsync(Ct)).Problems.ShouldBeEmpty();
        await Should.ThrowAsync<StateException>(async () => await store.Target("busy").LoadReceiptAsync(Ct));
    }
}
