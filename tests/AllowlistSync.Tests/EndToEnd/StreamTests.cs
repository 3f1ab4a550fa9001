using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd;

/// <summary>The program with standard streams that are closed or cannot be written.</summary>
public sealed class StreamTests
{
    private const string NoConfig = "config validate --config /nonexistent/config.yaml";

    // What a program is given that a runtime starts is a pipe of the runtime's own, which never ends; only the published one can be asked to read.
    public static TheoryData<string, int> Closed => new(
    [
        ("config validate --config samples/first-look/config.yaml >&-", 0),
        (NoConfig + " 2>&-", 78),
        (NoConfig + " <&- >&- 2>&-", 78),
        .. Origin.IsPublished ? [("ranges - <&-", 0)] : Array.Empty<(string, int)>(),
    ]);

    [Theory]
    [MemberData(nameof(Closed))]
    public async Task A_stream_that_is_closed_stops_nothing(string command, int exitCode) =>
        (await RunAsync(command)).Ended(exitCode).StdErr.ShouldNotContain("   at ");

    [Theory]
    [InlineData("config schema >/dev/full")]
    [InlineData("--help >/dev/full")]
    public async Task A_result_that_cannot_be_written_is_said_and_is_no_internal_error(string command)
    {
        var outcome = (await RunAsync(command)).Ended(2);

        outcome.StdErr.ShouldBe("the result could not be written to standard output: No space left on device; what was done is done, and `allowlist-sync status` tells it\n");
    }

    [Theory]
    [InlineData(NoConfig + " 2>/dev/full", 78)]
    [InlineData("diff --config /nonexistent/config.yaml 2>/dev/full", 78)]
    [InlineData("diff --nonsense 2>/dev/full", 64)]
    public async Task A_message_that_cannot_be_written_changes_no_exit_code(string command, int exitCode) =>
        (await RunAsync(command)).Ended(exitCode);

    private static Task<Outcome> RunAsync(string command) =>
        Local.ShellAsync("sh", "-c", $"cd '{Configuration.Repository.PathOf(".")}' && exec '{Origin.Program}' {command}", "");
}
