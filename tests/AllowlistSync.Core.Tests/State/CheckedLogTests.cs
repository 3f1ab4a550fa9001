using System.Globalization;
using AllowlistSync.Core.State;
using Shouldly;
using Xunit;

namespace AllowlistSync.Core.Tests.State;

/// <summary>The history and the journal on a disk that was torn, edited and filled.</summary>
public sealed class CheckedLogTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("als-log-").FullName;
    private readonly FileStateStore _store;

    public CheckedLogTests() => _store = new FileStateStore(_directory, TimeProvider.System);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string RunsPath => Path.Combine(_directory, "targets", "web", "runs.jsonl");

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task What_was_added_is_read_oldest_first()
    {
        foreach (var number in Enumerable.Range(1, 5))
        {
            await _store.History.AddAsync(Run(number), Ct);
        }

        var newest = await _store.History.RunsAsync("web", 3, Ct);

        newest.Select(run => run.RunId).ShouldBe(["3", "4", "5"]);
        newest[0].Added.ShouldBe(["104.16.0.0/13 443"]);
        newest[0].ReachCounts.ShouldBe(new ReachCounts(44, 0, 0));
        File.GetUnixFileMode(RunsPath).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public async Task A_torn_an_edited_and_a_foreign_line_are_left_out_and_the_others_are_kept()
    {
        await _store.History.AddAsync(Run(1), Ct);
        await _store.History.AddAsync(Run(2), Ct);
        var lines = await File.ReadAllLinesAsync(RunsPath, Ct);
        await File.WriteAllTextAsync(RunsPath, $"{lines[0]}\n{lines[1].Replace("\"2\"", "\"9\"", StringComparison.Ordinal)}\n<html>\n\n{lines[0][..40]}", Ct);
        await _store.History.AddAsync(Run(3), Ct);

        (await _store.History.RunsAsync("web", 10, Ct)).Select(run => run.RunId).ShouldBe(["1", "3"]);
    }

    [Fact]
    public async Task A_journal_of_an_older_version_is_read()
    {
        Directory.CreateDirectory(Path.Combine(_directory, "targets", "web"));
        await File.WriteAllTextAsync(Path.Combine(_directory, "targets", "web", "journal.jsonl"), """{"at":"2026-11-01T00:00:00+00:00","runId":"old","step":"applied","fingerprint":"f","detail":""}""" + "\n", Ct);
        await _store.Target("web").AppendAsync(new JournalEntry(DateTimeOffset.UnixEpoch, "new", "applying", "f", ""), Ct);

        (await _store.Target("web").ReadJournalAsync(5, Ct)).Select(entry => entry.RunId).ShouldBe(["old", "new"]);
    }

    [Fact]
    public async Task A_history_that_grew_large_forgets_the_oldest()
    {
        var text = new string('x', 20_000);
        for (var number = 1; number <= 220; number++)
        {
            await _store.History.AddAsync(Run(number) with { Error = new("Bug", Core.Providers.Severity.Problem, text, "") }, Ct);
        }

        var kept = await _store.History.RunsAsync("web", 1000, Ct);

        kept[^1].RunId.ShouldBe("220");
        kept.Length.ShouldBeInRange(100, 210);
        new FileInfo(RunsPath).Length.ShouldBeLessThan(5 << 20);
        (await File.ReadAllLinesAsync(RunsPath, Ct)).Length.ShouldBe(kept.Length, "no line was cut");
    }

    // Lines are read from the end in blocks: some end where a block does, some are longer than several, and characters lie across the border.
    [Fact]
    public async Task Lines_of_any_length_are_read()
    {
        var texts = Enumerable.Range(65_000, 60).Concat([0, 1, 200_000, 5]).Select(length => new string('x', length / 2) + new string('ü', length / 4)).ToList();
        foreach (var (number, text) in texts.Index())
        {
            await _store.Target("web").AppendAsync(new JournalEntry(DateTimeOffset.UnixEpoch, $"{number}", "applied", "f", text), Ct);
        }

        (await _store.Target("web").ReadJournalAsync(1000, Ct)).Select(entry => entry.Detail).ShouldBe(texts);
        (await _store.Target("web").ReadJournalAsync(2, Ct)).Select(entry => entry.Detail).ShouldBe(texts[^2..]);
        (await _store.Target("web").ReadJournalAsync(0, Ct)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_source_is_taken_by_one_at_a_time()
    {
        var first = await _store.LockSourceAsync("cloudflare", "one", Ct);
        var second = _store.LockSourceAsync("cloudflare", "two", Ct).AsTask();
        await Task.Delay(TimeSpan.FromMilliseconds(250), TimeProvider.System, Ct);
        second.IsCompleted.ShouldBeFalse();

        await first.DisposeAsync();

        await (await second).DisposeAsync();
    }

    private static RunRecord Run(int number) => new()
    {
        RunId = number.ToString(CultureInfo.InvariantCulture),
        Node = "n",
        Trigger = RunTrigger.Schedule,
        Target = "web",
        Provider = "nftables",
        At = DateTimeOffset.UnixEpoch.AddMinutes(number),
        Took = TimeSpan.FromMilliseconds(5),
        Status = "applied",
        Added = ["104.16.0.0/13 443"],
        AddedCount = 1,
        ReachCounts = new ReachCounts(44, 0, 0),
    };
}
