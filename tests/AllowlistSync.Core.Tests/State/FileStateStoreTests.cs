using System.Diagnostics;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Sources;
using AllowlistSync.Core.State;
using AllowlistSync.Core.Tests.Fixtures;
using Shouldly;
using Xunit;

namespace AllowlistSync.Core.Tests.State;

public sealed class FileStateStoreTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_source_comes_back_as_it_was_remembered()
    {
        using var folder = new TempFolder();
        var store = Store(folder);
        var memory = Lists.Memory(Lists.Cloudflare) with { Pending = [new PendingRemoval(IpPrefix.Parse("131.0.72.0/22"), Lists.Morning, Lists.Morning.AddHours(72))] };
        await store.SaveSourceAsync("cloudflare", memory, Ct);
        var loaded = (await Store(folder).LoadSourceAsync("cloudflare", Ct)).ShouldNotBeNull();
        loaded.InForce.ShouldBe(memory.InForce);
        loaded.Pending.ShouldBe(memory.Pending);
        loaded.LastGood.Published.ShouldBe(memory.LastGood.Published);
        (loaded.LastGood with { Published = default }).ShouldBe(memory.LastGood with { Published = default });
    }

    [Fact]
    public async Task A_receipt_comes_back_as_it_was_written()
    {
        using var folder = new TempFolder();
        var receipt = Receipt() with { Result = Lists.OnWeb("11.0.0.0/24").Union(TrafficSet.Of(Lists.Set("::/0"), PortSet.Any)), Before = new TargetSnapshot("fake", 1, "web", "{\"a\":1}") };
        await Store(folder).Target("web").SaveReceiptAsync(receipt, Ct);
        (await Store(folder).Target("web").LoadReceiptAsync(Ct)).ShouldBe(receipt);
    }

    [Fact]
    public async Task The_bans_that_an_apply_lifted_come_back_with_its_receipt_and_an_older_receipt_has_none()
    {
        using var folder = new TempFolder();
        var books = Store(folder).Target("web");
        await books.SaveReceiptAsync(Receipt() with { Lifted = [new Ban(IpPrefix.Parse("104.16.0.1/32"), "jail sshd") { Note = "since noon" }] }, Ct);
        var loaded = (await books.LoadReceiptAsync(Ct))!;
        loaded.Lifted.ShouldHaveSingleItem().ToString().ShouldBe("104.16.0.1/32 by jail sshd (since noon)");

        await SealedFile.WriteAsync(folder.At("state/targets/web/receipt.json"), """{"runId":"r","target":"web","fingerprint":"f","startedAt":"2026-11-21T08:00:00+00:00","stage":"Applied","result":[]}"""u8, Ct);
        var older = (await books.LoadReceiptAsync(Ct))!;
        older.Lifted.ShouldBeEmpty();
        older.Found.ShouldBe(TrafficSet.Empty);
        await books.SaveReceiptAsync(older, Ct);
    }

    [Fact]
    public async Task What_is_damaged_is_moved_aside_and_the_rest_is_kept()
    {
        using var folder = new TempFolder();
        var store = Store(folder);
        await store.SaveSourceAsync("cloudflare", Lists.Memory(Lists.Cloudflare), Ct);
        await store.SaveSourceAsync("office", Lists.Memory(Lists.Cloudflare), Ct);
        await store.Target("web").SaveReceiptAsync(Receipt(), Ct);
        await store.Target("busy").SaveReceiptAsync(Receipt(), Ct);
        (await store.SetAsideDamagedAsync(Ct)).ShouldBeEmpty();
        var damaged = new[] { "state/sources/office.json", "state/targets/web/receipt.json", "state/targets/busy/receipt.json" };
        foreach (var file in damaged)
        {
            await File.AppendAllTextAsync(folder.At(file), "x", Ct);
        }

        await File.WriteAllTextAsync(folder.At("state/notices.json"), "", Ct);
        await using (await store.Target("busy").LockAsync("apply", Ct))
        {
            (await store.SetAsideDamagedAsync(Ct)).Select(said => Path.GetRelativePath(folder.At("state"), said.Split(' ')[0]))
                .ShouldBe(["notices.json", "sources/office.json", "targets/web/receipt.json"]);
        }

        (await store.LoadSourceAsync("cloudflare", Ct)).ShouldNotBeNull();
        (await store.LoadSourceAsync("office", Ct)).ShouldBeNull();
        (await store.Target("web").LoadReceiptAsync(Ct)).ShouldBeNull();
        Directory.GetFiles(folder.At("state/targets/web"), "receipt.json.damaged-*").ShouldHaveSingleItem();
        await Should.ThrowAsync<StateException>(async () => await store.Target("busy").LoadReceiptAsync(Ct));
    }

    [Fact]
    public async Task What_was_never_written_is_absent()
    {
        using var folder = new TempFolder();
        var store = Store(folder);
        (await store.LoadSourceAsync("cloudflare", Ct)).ShouldBeNull();
        (await store.Target("web").LoadReceiptAsync(Ct)).ShouldBeNull();
        (await store.Target("web").ReadJournalAsync(10, Ct)).ShouldBeEmpty();
        Directory.Exists(store.Place).ShouldBeFalse();
    }

    [Fact]
    public async Task Only_the_owner_can_read_what_is_kept()
    {
        using var folder = new TempFolder();
        var store = Store(folder);
        await store.SaveSourceAsync("cloudflare", Lists.Memory(Lists.Cloudflare), Ct);
        var books = store.Target("web");
        await using var hold = await books.LockAsync("run", Ct);
        await books.SaveReceiptAsync(Receipt(), Ct);
        await books.AppendAsync(Entry("applying"), Ct);

        var files = Directory.GetFiles(store.Place, "*", SearchOption.AllDirectories);
        files.Length.ShouldBe(5);
        files.ShouldAllBe(file => File.GetUnixFileMode(file) == (UnixFileMode.UserRead | UnixFileMode.UserWrite));
        Directory.GetDirectories(store.Place, "*", SearchOption.AllDirectories).Append(store.Place)
            .ShouldAllBe(directory => File.GetUnixFileMode(directory) == (UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
    }

    [Theory]
    [InlineData("truncated")]
    [InlineData("edited")]
    [InlineData("empty")]
    [InlineData("another version")]
    public async Task A_damaged_file_is_refused_and_never_believed(string damage)
    {
        using var folder = new TempFolder();
        await Store(folder).SaveSourceAsync("cloudflare", Lists.Memory(Lists.Cloudflare), Ct);
        var path = folder.At("state", "sources", "cloudflare.json");
        var text = await File.ReadAllTextAsync(path, Ct);
        await File.WriteAllTextAsync(path, damage switch
        {
            "truncated" => text[..^20],
            "edited" => text.Replace("104.16.0.0/13", "104.16.0.0/12", StringComparison.Ordinal),
            "empty" => "",
            _ => text.Replace("state 1", "state 9", StringComparison.Ordinal),
        }, Ct);
        var failure = await Should.ThrowAsync<StateException>(async () => await Store(folder).LoadSourceAsync("cloudflare", Ct));
        failure.Message.ShouldContain("is damaged");
        failure.Remedy.ShouldContain($"mv {path}");
    }

    [Fact]
    public async Task A_whole_file_of_another_version_is_refused_and_never_half_read()
    {
        using var folder = new TempFolder();
        var path = folder.At("state", "targets", "web", "receipt.json");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        await SealedFile.WriteAsync(path, "{\"runId\":\"run-1\",\"stage\":\"flying\"}"u8.ToArray(), Ct);
        (await Should.ThrowAsync<StateException>(async () => await Store(folder).Target("web").LoadReceiptAsync(Ct))).Message.ShouldContain("another version");
    }

    [Fact]
    public async Task A_journal_that_cannot_be_read_is_told_and_not_taken_for_an_empty_one()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.At("state", "targets", "web", "journal.jsonl"));
        await Should.ThrowAsync<StateException>(async () => await Store(folder).Target("web").ReadJournalAsync(10, Ct));
    }

    [Fact]
    public async Task The_journal_keeps_its_order_and_gives_the_newest()
    {
        using var folder = new TempFolder();
        var books = Store(folder).Target("web");
        foreach (var step in new[] { "a", "b", "c" })
        {
            await books.AppendAsync(Entry(step), Ct);
        }

        (await books.ReadJournalAsync(2, Ct)).Select(entry => entry.Step).ShouldBe(["b", "c"]);
    }

    [Fact]
    public async Task A_line_that_was_torn_by_a_crash_costs_neither_the_lines_before_it_nor_after_it()
    {
        using var folder = new TempFolder();
        var books = Store(folder).Target("web");
        await books.AppendAsync(Entry("before"), Ct);
        await File.AppendAllTextAsync(folder.At("state", "targets", "web", "journal.jsonl"), "{\"at\":\"2026-11-2", Ct);
        (await books.ReadJournalAsync(10, Ct)).Select(entry => entry.Step).ShouldBe(["before"]);
        await books.AppendAsync(Entry("after"), Ct);
        (await books.ReadJournalAsync(10, Ct)).Select(entry => entry.Step).ShouldBe(["before", "after"]);
    }

    [Fact]
    public async Task A_second_holder_is_told_who_has_the_target_and_gets_it_afterwards()
    {
        using var folder = new TempFolder();
        var first = await Store(folder).Target("web").LockAsync("run-1", Ct);
        var refused = await Should.ThrowAsync<TargetLockedException>(async () => await Store(folder).Target("web").LockAsync("run-2", Ct));
        refused.Holder.ShouldBe($"process {Environment.ProcessId} (run-1) since 2026-11-21 08:00:00Z");
        await using (await Store(folder).Target("db").LockAsync("run-2", Ct))
        {
            await first.DisposeAsync();
        }

        await using var second = await Store(folder).Target("web").LockAsync("run-2", Ct);
        second.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_lock_of_another_process_is_seen_and_ends_with_that_process()
    {
        using var folder = new TempFolder();
        await using (await Store(folder).Target("web").LockAsync("run-1", Ct))
        {
        }

        using var other = new Process { StartInfo = new ProcessStartInfo("flock", ["--exclusive", folder.At("state", "targets", "web", "lock"), "sh", "-c", "echo held; read line"]) { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true } };
        other.Start();
        (await other.StandardOutput.ReadLineAsync(Ct)).ShouldBe("held");
        await Should.ThrowAsync<TargetLockedException>(async () => await Store(folder).Target("web").LockAsync("run-2", Ct));
        other.StandardInput.Close();
        await other.WaitForExitAsync(Ct);
        await using var mine = await Store(folder).Target("web").LockAsync("run-2", Ct);
        mine.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_directory_that_cannot_be_made_is_told_with_a_way_out()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.At("state"), "", Ct);
        var store = Store(folder);
        (await Should.ThrowAsync<StateException>(async () => await store.SaveSourceAsync("cloudflare", Lists.Memory(Lists.Cloudflare), Ct))).Remedy.ShouldContain("nothing is changed in a firewall");
        await Should.ThrowAsync<StateException>(async () => await store.Target("web").LockAsync("run", Ct));
        await Should.ThrowAsync<StateException>(async () => await store.Target("web").SaveReceiptAsync(Receipt(), Ct));
    }

    [Fact]
    public async Task A_full_disk_is_told()
    {
        using var folder = new TempFolder();
        var books = Store(folder).Target("web");
        await books.AppendAsync(Entry("applying"), Ct);
        var journal = folder.At("state", "targets", "web", "journal.jsonl");

        // /dev/full answers every write with ENOSPC (full(4)).
        File.Delete(journal);
        File.CreateSymbolicLink(journal, "/dev/full");
        (await Should.ThrowAsync<StateException>(async () => await books.AppendAsync(Entry("applied"), Ct))).Message.ShouldContain("journal.jsonl cannot be written");
    }

    [Fact]
    public async Task What_cannot_be_replaced_leaves_nothing_behind()
    {
        using var folder = new TempFolder();
        var books = Store(folder).Target("web");
        Directory.CreateDirectory(folder.At("state", "targets", "web", "receipt.json", "in the way"));
        (await Should.ThrowAsync<StateException>(async () => await books.SaveReceiptAsync(Receipt(), Ct))).Message.ShouldContain("receipt.json cannot be written");
        Directory.GetFiles(folder.At("state", "targets", "web")).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_link_where_a_temporary_file_used_to_be_is_not_written_through()
    {
        using var folder = new TempFolder();
        var foreign = folder.At("foreign");
        await File.WriteAllTextAsync(foreign, "theirs", Ct);
        var path = folder.At("file");
        File.CreateSymbolicLink($"{path}.{Environment.ProcessId}.tmp", foreign);
        await AtomicFile.WriteAsync(path, "ours"u8.ToArray(), Ct);
        (await File.ReadAllTextAsync(foreign, Ct)).ShouldBe("theirs");
        (await File.ReadAllTextAsync(path, Ct)).ShouldBe("ours");
        new FileInfo(path).LinkTarget.ShouldBeNull();
    }

    private static FileStateStore Store(TempFolder folder) => new(folder.At("state"), new ManualTime(Lists.Morning));

    private static JournalEntry Entry(string step) => new(Lists.Morning, "run-1", step, "f00d", "");

    private static Receipt Receipt() => new()
    {
        RunId = "run-1",
        Target = "web",
        Fingerprint = "f00d",
        StartedAt = Lists.Morning,
        Stage = ReceiptStage.Applying,
        Result = TrafficSet.Empty,
    };
}
