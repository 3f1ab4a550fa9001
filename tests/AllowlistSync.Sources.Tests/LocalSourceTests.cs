using AllowlistSync.Core;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Guards;
using AllowlistSync.Core.Sources;
using Shouldly;

namespace AllowlistSync.Sources.Tests;

/// <summary>Sources that need no network: files, and prefixes of the configuration.</summary>
public sealed class LocalSourceTests : IDisposable
{
    private readonly string _directory = Directory.CreateTempSubdirectory("allowlist-sync-").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private FileSource File(string? content, int maxBytes = 1024)
    {
        var path = Path.Combine(_directory, "office.txt");
        if (content is not null)
        {
            System.IO.File.WriteAllText(path, content);
        }

        return new FileSource(new FileSourceOptions { Name = "office", Path = path, MaxBytes = maxBytes }, TimeProvider.System);
    }

    [Fact]
    public async Task A_file_is_read()
    {
        var snapshot = await File("192.0.2.0/24 # office\r\n198.51.100.7").FetchAsync(known: null, Ct);

        snapshot.Published.Select(prefix => prefix.ToString()).ShouldBe(["192.0.2.0/24", "198.51.100.7/32"]);
        (snapshot.Kind, snapshot.Provenance).ShouldBe((SourceKind.File, Provenance.Live));
    }

    [Fact]
    public async Task A_missing_file_is_no_answer_and_the_last_good_list_stays()
    {
        var good = await File("192.0.2.0/24").FetchAsync(known: null, Ct);
        var memory = new SourceMemory(good, good.Ranges, []);
        System.IO.File.Delete(Path.Combine(_directory, "office.txt"));

        var outcome = await new SourceStage(GuardPolicy.Default, TimeProvider.System).CollectAsync(File(null), memory, mayUseEmbedded: true, Ct);

        outcome.Refusals.Single().RuleId.ShouldBe("not-read");
        outcome.Refusals.Single().Message.ShouldContain("it does not exist");
        outcome.Answered.ShouldBeFalse();
        outcome.InForce.ShouldNotBeNull().Ranges.ShouldBe(good.Ranges);
    }

    [Fact]
    public async Task A_directory_is_no_answer()
    {
        var source = new FileSource(new FileSourceOptions { Name = "office", Path = _directory }, TimeProvider.System);

        var refused = await Should.ThrowAsync<SourceException>(source.FetchAsync(known: null, Ct).AsTask());

        refused.Refusal.RuleId.ShouldBe("not-read");
        refused.Message.ShouldContain("it is a directory");
    }

    [Fact]
    public async Task A_bad_line_in_a_file_is_refused()
    {
        var refused = await Should.ThrowAsync<SourceException>(File("192.0.2.0/24\n192.0.2.1/24\n").FetchAsync(known: null, Ct).AsTask());

        refused.Refusal.RuleId.ShouldBe("malformed-list");
        refused.Answered.ShouldBeTrue();
        refused.Message.ShouldContain("line 2");
    }

    [Fact]
    public async Task A_file_beyond_its_limit_is_refused()
    {
        var refused = await Should.ThrowAsync<SourceException>(File(new string('\n', 1025)).FetchAsync(known: null, Ct).AsTask());

        refused.Refusal.RuleId.ShouldBe("too-large");
    }

    [Fact]
    public async Task Prefixes_of_the_configuration_are_what_they_are()
    {
        var source = new StaticSource(new StaticSourceOptions { Name = "admin", Prefixes = [IpPrefix.Parse("198.51.100.0/24"), IpPrefix.Parse("2001:db8::1")] }, TimeProvider.System);

        var snapshot = await source.FetchAsync(known: null, Ct);

        snapshot.Published.Select(prefix => prefix.ToString()).ShouldBe(["198.51.100.0/24", "2001:db8::1/128"]);
        (snapshot.Source, snapshot.Kind).ShouldBe(("admin", SourceKind.Static));
    }

    [Fact]
    public void What_a_stranger_wrote_cannot_move_the_cursor()
    {
        ShownText.Of("a\u001b[2Jb\r\nc\u202ed").ShouldBe("a\uFFFD[2Jb\uFFFD\uFFFDc\uFFFDd");
        ShownText.Of(new string('x', 1000)).Length.ShouldBe(160);
    }
}
