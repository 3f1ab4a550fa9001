using AllowlistSync.Providers.Host.Hosts;
using AllowlistSync.Providers.Host.Hosts.Ssh;
using Shouldly;

namespace AllowlistSync.Providers.Host.Tests.Hosts;

public sealed class SshRoomTests : IDisposable
{
    private static readonly DateTime Earlier = DateTime.UtcNow.AddHours(-1);

    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("als-rooms-");

    [Fact]
    public async Task What_a_killed_process_left_is_swept_and_what_lives_or_is_new_stays()
    {
        var (own, dead, living, fresh, older) = (Room("als-ssh-own"), Room("als-ssh-dead"), Room("als-ssh-living"), Room("als-ssh-fresh"), Room("als-ssh-older"));
        await File.WriteAllTextAsync(Path.Combine(dead, "way1"), "", TestContext.Current.CancellationToken);
        Lock(dead, Earlier);
        Lock(fresh, DateTime.UtcNow);
        using var held = FileLock.TryTake(Path.Combine(living, "lock"));
        Lock(living, Earlier);

        SshRoom.SweepBeside(own);

        Directory.Exists(dead).ShouldBeFalse();
        new[] { own, living, fresh, older }.ShouldAllBe(room => Directory.Exists(room));
    }

    [Fact]
    public void A_room_is_ours_alone_and_goes_with_its_owner()
    {
        string path;
        using (var room = new SshRoom())
        {
            path = room.Directory;
            File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            FileLock.TryTake(Path.Combine(path, "lock")).ShouldBeNull("its owner has it");
        }

        Directory.Exists(path).ShouldBeFalse();
    }

    public void Dispose() => _temporary.Delete(recursive: true);

    private string Room(string name) => _temporary.CreateSubdirectory(name).FullName;

    private static void Lock(string room, DateTime when)
    {
        var path = Path.Combine(room, "lock");
        File.AppendAllText(path, "");
        File.SetLastWriteTimeUtc(path, when);
    }
}
