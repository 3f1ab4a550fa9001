using System.Diagnostics;
using System.Text;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Providers.Host.Hosts;
using AllowlistSync.TestKit;
using Shouldly;

namespace AllowlistSync.Providers.Host.Tests.Hosts;

public sealed class LocalFilesTests : IDisposable
{
    private const UnixFileMode Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;

    private readonly DirectoryInfo _directory = Directory.CreateTempSubdirectory("als-files-");
    private readonly LocalFiles _files = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string Place => Path.Combine(_directory.FullName, "user.rules");

    [Fact]
    public async Task What_is_not_there_is_null_and_what_is_there_comes_with_its_mode()
    {
        (await _files.ReadAsync(Place, Ct)).ShouldBeNull();
        (await _files.ReadAsync(Path.Combine(Place, "no", "directory"), Ct)).ShouldBeNull();
        (await _files.ListAsync(Place, Ct)).ShouldBeEmpty();

        await _files.ReplaceAsync(Place, "one\r\n"u8.ToArray(), Mode, Ct);

        var read = (await _files.ReadAsync(Place, Ct)).ShouldNotBeNull();
        (read.Text, read.Mode).ShouldBe(("one\r\n", Mode));
        (await _files.ListAsync(_directory.FullName, Ct)).ShouldBe(["user.rules"]);
        await _files.DeleteAsync(Place, Ct);
        await _files.DeleteAsync(Place, Ct);
        (await _files.ReadAsync(Place, Ct)).ShouldBeNull();
    }

    [Fact]
    public async Task Mode_and_owner_of_a_file_that_is_replaced_stay()
    {
        Needs.Sandbox("chown");
        await _files.ReplaceAsync(Place, "old"u8.ToArray(), Mode, Ct);
        File.SetUnixFileMode(Place, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        await RunAsync("chown", "65534:12", Place);

        await _files.ReplaceAsync(Place, "new"u8.ToArray(), Mode, Ct);

        (await RunAsync("stat", "-c", "%u:%g %a", Place)).ShouldBe("65534:12 404");
        (await File.ReadAllTextAsync(Place, Ct)).ShouldBe("new");
    }

    [Fact]
    public async Task A_link_goes_on_leading_to_the_file()
    {
        var link = Path.Combine(_directory.FullName, "link");
        await File.WriteAllTextAsync(Place, "old", Ct);
        File.CreateSymbolicLink(link, "user.rules");

        await _files.ReplaceAsync(link, "new"u8.ToArray(), Mode, Ct);

        new FileInfo(link).LinkTarget.ShouldBe("user.rules");
        (await File.ReadAllTextAsync(Place, Ct)).ShouldBe("new");
    }

    [Fact]
    public async Task What_cannot_be_written_is_said_with_its_path_and_leaves_no_trace()
    {
        Directory.CreateDirectory(Path.Combine(Place, "inside"));

        var refused = await Should.ThrowAsync<HostException>(async () => await _files.ReplaceAsync(Place, "x"u8.ToArray(), Mode, Ct));

        refused.Failure.ShouldBeOneOf(HostFailure.FileFailed, HostFailure.Denied);
        refused.Message.ShouldStartWith(Place);
        _directory.EnumerateFileSystemInfos().Select(entry => entry.Name).ShouldBe(["user.rules"]);
        (await Should.ThrowAsync<HostException>(async () => await _files.ReplaceAsync("/no/such/directory/file", "x"u8.ToArray(), Mode, Ct))).Failure.ShouldBe(HostFailure.FileFailed);
    }

    // The other side is Python's lockf(3), which is what ufw uses.
    [Fact]
    public async Task The_lock_is_the_one_that_lockf_takes()
    {
        var hold = (await _files.TryLockAsync(Place, Ct)).ShouldNotBeNull();
        (await RunAsync("/usr/bin/python3", "-c", TryLock, Place)).ShouldBe("held");
        await hold.DisposeAsync();
        (await RunAsync("/usr/bin/python3", "-c", TryLock, Place)).ShouldBe("free");

        using var other = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", HoldLock, Place]) { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false })!;
        (await other.StandardOutput.ReadLineAsync(Ct)).ShouldBe("holding");
        (await _files.TryLockAsync(Place, Ct)).ShouldBeNull();
        other.StandardInput.Close();
        await other.WaitForExitAsync(Ct);
        await using var again = (await _files.TryLockAsync(Place, Ct)).ShouldNotBeNull();
    }

    // The kernel would grant a process its own lock twice, and end both with the first that is given back.
    [Fact]
    public async Task The_lock_is_one_within_this_process_as_well()
    {
        var hold = (await _files.TryLockAsync(Place, Ct)).ShouldNotBeNull();
        (await _files.TryLockAsync(Place, Ct)).ShouldBeNull();
        (await RunAsync("/usr/bin/python3", "-c", TryLock, Place)).ShouldBe("held");
        await hold.DisposeAsync();

        await using var again = (await _files.TryLockAsync(Place, Ct)).ShouldNotBeNull();
        (await RunAsync("/usr/bin/python3", "-c", TryLock, Place)).ShouldBe("held");
    }

    private const string TryLock = """
        import fcntl, sys
        try:
            fcntl.lockf(open(sys.argv[1], "w"), fcntl.LOCK_EX | fcntl.LOCK_NB)
            print("free")
        except BlockingIOError:
            print("held")
        """;

    private const string HoldLock = """
        import fcntl, sys
        file = open(sys.argv[1], "w")
        fcntl.lockf(file, fcntl.LOCK_EX)
        print("holding", flush=True)
        sys.stdin.read()
        """;

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        var result = await new LocalHost().RunAsync(new HostCommand(program, [.. arguments]), Ct);
        result.ExitCode.ShouldBe(0, result.Error);
        return Encoding.UTF8.GetString(result.Output.Span).Trim();
    }

    public void Dispose() => _directory.Delete(recursive: true);
}
