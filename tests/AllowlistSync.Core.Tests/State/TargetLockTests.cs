using AllowlistSync.Core.State;
using AllowlistSync.Core.Tests.Fixtures;
using Shouldly;
using Xunit;

namespace AllowlistSync.Core.Tests.State;

public sealed class TargetLockTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_lock_that_cannot_be_signed_is_a_lock_all_the_same()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.At("web", "holder", "in the way"));
        await using (await Books(folder).LockAsync("undo", Ct))
        {
            (await Should.ThrowAsync<TargetLockedException>(async () => await Books(folder).LockAsync("run", Ct))).Holder.ShouldBe("another process");
        }

        await using var again = await Books(folder).LockAsync("run", Ct);
        again.ShouldNotBeNull();
    }

    [Fact]
    public async Task Only_a_lock_of_another_is_called_one()
    {
        using var folder = new TempFolder();
        Directory.CreateDirectory(folder.At("web"));

        // A link to itself: ELOOP, an IOException although the name is there.
        File.CreateSymbolicLink(folder.At("web", "lock"), folder.At("web", "lock"));
        (await Should.ThrowAsync<StateException>(async () => await Books(folder).LockAsync("run", Ct))).Message.ShouldContain("lock cannot be written");
    }

    private static ITargetState Books(TempFolder folder) => new FileTargetState(folder.At("web"), "web", new ManualTime(Lists.Morning));
}
