using AllowlistSync.Core.Hosts;
using AllowlistSync.Providers.Host.Hosts;
using Shouldly;

namespace AllowlistSync.Providers.Host.Tests.Hosts;

/// <summary>Files of this machine are watched by the real inotify.</summary>
public sealed class LocalWatcherTests : IDisposable
{
    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("als-watch-");

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Place => Path.Combine(_directory.FullName, "ufw");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_directory_that_is_replaced_ends_the_watch_so_that_it_can_begin_anew(bool isMoved)
    {
        Directory.CreateDirectory(Place);
        var watcher = new LocalWatcher(new LocalHost(), new SystemBus());
        await using var signs = watcher.WatchAsync(new FileWatch(Place), Ct).GetAsyncEnumerator(Ct);
        (await signs.MoveNextAsync()).ShouldBeTrue();

        if (isMoved)
        {
            Directory.Move(Place, Place + ".old");
        }
        else
        {
            Directory.Delete(Place);
        }

        Directory.CreateDirectory(Place);
        var ended = await Should.ThrowAsync<HostException>(async () => await signs.MoveNextAsync().AsTask().WaitAsync(TimeSpan.FromSeconds(30), Ct));
        ended.Message.ShouldBe($"{Place} was taken away or replaced");
    }

    [Fact]
    public async Task Of_what_a_watching_program_complained_of_its_last_words_are_told()
    {
        var script = Path.Combine(_directory.FullName, "monitor");
        await File.WriteAllTextAsync(script, "#!/bin/sh\nfor n in $(seq 1 100); do echo \"complaint $n\" >&2; done\necho line\nexit 1\n", Ct);
        File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var lines = new List<string>();
        var ended = await Should.ThrowAsync<HostException>(async () =>
        {
            await foreach (var line in new LocalHost().LinesAsync(new HostCommand(script, []), Ct))
            {
                lines.Add(line);
            }
        });

        lines.ShouldBe(["line"]);
        ended.Message.ShouldContain("complaint 81\ncomplaint 82");
        ended.Message.ShouldEndWith("complaint 100");
        ended.Message.ShouldNotContain("complaint 80");
    }

    /// <inheritdoc/>
    public void Dispose() => _directory.Delete(recursive: true);
}
