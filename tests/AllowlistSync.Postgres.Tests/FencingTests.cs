using AllowlistSync.Core.State;
using Shouldly;
using Xunit;

namespace AllowlistSync.Postgres.Tests;

/// <summary>A node that stood still for longer than its lease lasts.</summary>
public sealed class FencingTests(Server server)
{
    private static readonly TimeSpan Short = TimeSpan.FromSeconds(6);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // As if this process had stood still: the row says that the time is over, and nothing here noticed.
    private static Task StandStillAsync(TestDatabase database, string lease) =>
        database.SqlAsync($"UPDATE allowlist_sync.lease SET expires_at = clock_timestamp() - interval '1 ms' WHERE name = '{lease}'", Ct);

    [Fact]
    public async Task Who_lost_the_lease_to_another_writes_nothing_and_is_told()
    {
        await using var database = await TestDatabase.CreateAsync(server, Ct);
        var (slow, quick) = (database.Store("slow").Target("web"), database.Store("quick").Target("web"));
        await using var first = await slow.LockAsync("run-1", Ct);
        await slow.SaveReceiptAsync(Samples.Receipt("slow"), Ct);
        await StandStillAsync(database, "target/web");
        await using var second = await quick.LockAsync("run-2", Ct);
        await quick.SaveReceiptAsync(Samples.Receipt("quick"), Ct);

        (await Should.ThrowAsync<StateException>(async () => await slow.SaveReceiptAsync(Samples.Receipt("late"), Ct))).Message.ShouldContain("the lock of target web was lost");
        await Should.ThrowAsync<StateException>(async () => await slow.AppendAsync(Samples.Entry("late"), Ct));
        await Should.ThrowAsync<StateException>(async () => await slow.EnsureHeldAsync(Ct));
        await first.DisposeAsync();

        await quick.EnsureHeldAsync(Ct);
        (await quick.LoadReceiptAsync(Ct))!.RunId.ShouldBe("quick");
        (await quick.ReadJournalAsync(10, Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_lease_that_is_over_is_lost_also_when_nobody_took_it()
    {
        await using var database = await TestDatabase.CreateAsync(server, Ct);
        var store = database.Store();
        var books = store.Target("web");
        await using var hold = await books.LockAsync("run-1", Ct);
        await StandStillAsync(database, "target/web");
        (await Should.ThrowAsync<StateException>(async () => await books.EnsureHeldAsync(Ct))).Remedy.ShouldContain("nothing more was changed");
        await Should.ThrowAsync<StateException>(async () => await books.SaveReceiptAsync(Samples.Receipt(), Ct));
    }

    [Fact]
    public async Task A_source_is_fenced_as_a_target_is()
    {
        await using var database = await TestDatabase.CreateAsync(server, Ct);
        var (slow, quick) = (database.Store("slow"), database.Store("quick"));
        await using var first = await slow.LockSourceAsync("cloudflare", "run-1", Ct);
        await StandStillAsync(database, "source/cloudflare");
        await using (await quick.LockSourceAsync("cloudflare", "run-2", Ct))
        {
            await quick.SaveSourceAsync("cloudflare", Samples.Memory("104.16.0.0/13"), Ct);
        }

        await Should.ThrowAsync<StateException>(async () => await slow.SaveSourceAsync("cloudflare", Samples.Memory("11.0.0.0/8"), Ct));
        (await quick.LoadSourceAsync("cloudflare", Ct))!.InForce.ShouldBe(Samples.Memory("104.16.0.0/13").InForce);
    }

    [Fact]
    public async Task A_lease_is_renewed_as_long_as_it_is_held_and_its_tokens_grow()
    {
        await using var database = await TestDatabase.CreateAsync(server, Ct);
        var (one, other) = (database.Store("one", Short).Target("web"), database.Store("other", Short).Target("web"));
        await using (await one.LockAsync("run-1", Ct))
        {
            // Renewed at a third of its time: twice, and the first end is over in any case when it is renewed for the third time.
            await RenewedAsync(database, times: 3);
            (await Should.ThrowAsync<TargetLockedException>(async () => await other.LockAsync("run-2", Ct))).Holder.ShouldContain("node one");
            await one.SaveReceiptAsync(Samples.Receipt(), Ct);
        }

        var first = long.Parse(await database.SqlAsync("SELECT token FROM allowlist_sync.lease WHERE name = 'target/web'", Ct), System.Globalization.CultureInfo.InvariantCulture);
        await using var again = await other.LockAsync("run-3", Ct);
        long.Parse(await database.SqlAsync("SELECT token FROM allowlist_sync.lease WHERE name = 'target/web'", Ct), System.Globalization.CultureInfo.InvariantCulture).ShouldBeGreaterThan(first);
    }

    private static async Task RenewedAsync(TestDatabase database, int times)
    {
        var (began, last) = (TimeProvider.System.GetTimestamp(), await EndAsync(database));
        for (var seen = 0; seen < times;)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(100), TimeProvider.System, Ct);
            var now = await EndAsync(database);
            TimeProvider.System.GetElapsedTime(began).ShouldBeLessThan(TimeSpan.FromMinutes(1), "the lease is not renewed");
            (last, seen) = (now, now == last ? seen : seen + 1);
        }
    }

    private static Task<string> EndAsync(TestDatabase database) => database.SqlAsync("SELECT expires_at FROM allowlist_sync.lease WHERE name = 'target/web'", Ct);

    [Fact]
    public async Task Nothing_is_written_without_a_lock()
    {
        await using var database = await TestDatabase.CreateAsync(server, Ct);
        await Should.ThrowAsync<InvalidOperationException>(async () => await database.Store().Target("web").SaveReceiptAsync(Samples.Receipt(), Ct));
    }

    [Fact]
    public async Task Daemons_of_several_nodes_live_side_by_side_and_one_that_was_killed_is_waited_for()
    {
        await using var database = await TestDatabase.CreateAsync(server, Ct);
        await using var one = await database.Store("one", Short).LockDaemonAsync(Ct);
        await using var two = await database.Store("two", Short).LockDaemonAsync(Ct);

        // What a daemon of node three left that was killed.
        await database.SqlAsync("INSERT INTO allowlist_sync.lease VALUES ('daemon/three', 'three', 1, 'daemon', gen_random_uuid(), 99, now(), clock_timestamp() + interval '2 s')", Ct);
        await using var three = await database.Store("three", Short).LockDaemonAsync(Ct);
        three.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_daemon_that_lost_its_lease_takes_it_again_and_a_second_one_is_turned_away()
    {
        await using var database = await TestDatabase.CreateAsync(server, Ct);
        await using (await database.Store("one", Short).LockDaemonAsync(Ct))
        {
            var first = await TokenAsync(database);

            // As after a database that was away for longer than a lease lasts.
            await database.SqlAsync("UPDATE allowlist_sync.lease SET expires_at = '-infinity' WHERE name = 'daemon/one'", Ct);
            while (await TokenAsync(database) == first)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, Ct);
            }

            await Should.ThrowAsync<TargetLockedException>(async () => await database.Store("one", Short).LockDaemonAsync(Ct));
        }

        await using var two = await database.Store("one", Short).LockDaemonAsync(Ct);
        two.ShouldNotBeNull();
    }

    private static async Task<string> TokenAsync(TestDatabase database) => await database.SqlAsync("SELECT token FROM allowlist_sync.lease WHERE name = 'daemon/one'", Ct);

    [Fact]
    public async Task What_is_a_nodes_own_is_kept_apart_and_what_is_shared_is_not()
    {
        await using var database = await TestDatabase.CreateAsync(server, Ct);
        var (one, two) = (database.Store("one"), database.Store("two"));
        await using (await one.Target("local-web").LockAsync("run", Ct))
        await using (await two.Target("local-web").LockAsync("run", Ct))
        {
            await one.Target("local-web").SaveReceiptAsync(Samples.Receipt("of one"), Ct);
        }

        await one.History.AddAsync(Samples.Run(1, "local-web"), Ct);
        await one.History.AddAsync(Samples.Run(2), Ct);
        await one.Notices.UpdateAsync(_ => new NoticeMemory { Problems = [new ToldProblem("failed", "target", "local-web", Samples.Morning, ""), new ToldProblem("failed", "target", "web", Samples.Morning, "")] }, Ct);

        (await two.Target("local-web").LoadReceiptAsync(Ct)).ShouldBeNull();
        (await two.History.RunsAsync("local-web", 5, Ct)).ShouldBeEmpty();
        (await two.History.RunsAsync("web", 5, Ct)).ShouldHaveSingleItem();
        (await two.Notices.LoadAsync(Ct)).Problems.ShouldHaveSingleItem().Name.ShouldBe("web");
        (await two.Nodes.RunsSinceAsync(0, Ct)).ShouldHaveSingleItem().Run.Target.ShouldBe("web");
    }
}
