using AllowlistSync.Core.Applying;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using Shouldly;

namespace AllowlistSync.Conformance.Faults.RangeFiles;

/// <summary>The file belongs to somebody else, was edited, or its place is odd, full or closed.</summary>
public sealed class RangeFilePlaceFaults
{
    private const string One = "104.16.0.0/13";
    private const string Two = "172.64.0.0/13";

    private static CancellationToken Ct => RangeFileLab.Ct;

    [Fact]
    public async Task A_file_of_somebody_else_is_left_alone_until_it_is_handed_over_as_the_message_says()
    {
        await using var lab = await RangeFileLab.StartAsync();
        const string Theirs = "# by hand\nset_real_ip_from 203.0.113.0/24;\n";
        await lab.Subject.Sandbox.WriteFileAsync(RangeFileLab.Path, Theirs, ct: Ct);

        var error = (await lab.ApplyAsync(One)).Error.ShouldNotBeNull();

        error.Kind.ShouldBe(FailureKind.Conflict);
        error.Aftermath.ShouldBe(Aftermath.Untouched);
        error.Remedy.ShouldEndWith("make `# allowlist-sync: als-test/web` its first line");
        (await lab.RemoveAsync()).Error!.Kind.ShouldBe(FailureKind.Conflict);
        (await lab.FileAsync()).ShouldBe(Theirs);

        await lab.ShellAsync($"sed -i '1i # allowlist-sync: als-test/web' {RangeFileLab.Path}");
        var look = await lab.LookAsync(One);
        look.Plan!.Changes.Repairs.ShouldHaveSingleItem().Id.ShouldBe("edited");
        look.Plan.Changes.Remove.Sources.ToString().ShouldBe("1 prefix (1 IPv4, 0 IPv6)");
        await lab.ReachAsync(One);
        (await lab.FileAsync())!.ShouldNotContain("203.0.113");
        await lab.DemandForeignAsync();
    }

    [Fact]
    public async Task A_file_of_another_owner_or_target_is_a_conflict_that_names_it()
    {
        await using var lab = await RangeFileLab.StartAsync();
        await lab.ReachAsync(One);
        var before = await lab.FileAsync();
        lab.Target = lab.Target with { Name = "other" };

        var error = (await lab.ApplyAsync(Two)).Error.ShouldNotBeNull();

        error.Message.ShouldContain("belongs to als-test/web, not to als-test/other");
        error.Aftermath.ShouldBe(Aftermath.Untouched);
        (await lab.FileAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task Lines_put_into_our_file_are_told_and_go_and_an_undo_brings_them_back_byte_for_byte()
    {
        await using var lab = await RangeFileLab.StartAsync();
        await lab.ReachAsync(One);
        await lab.ShellAsync($"printf 'set_real_ip_from 203.0.113.0/24;  # b\\374ro\\n' >> {RangeFileLab.Path}; cp {RangeFileLab.Path} /run/edited");

        var defect = (await lab.LookAsync(One)).Plan!.Changes.Repairs.ShouldHaveSingleItem();
        defect.Id.ShouldBe("edited");
        defect.Message.ShouldContain("line 4: \"set_real_ip_from 203.0.113.0/24;  # b");
        await lab.ReachAsync(One);
        (await lab.FileAsync())!.ShouldNotContain("203.0.113");

        var undone = await new Undo(TimeProvider.System).RollBackAsync(lab.Provider, lab.Target, lab.Program.State.Target("web"), "asked for", Ct);

        undone.ShouldBe(UndoResult.Undone);
        await lab.ShellAsync($"cmp {RangeFileLab.Path} /run/edited");
        await lab.DemandForeignAsync();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task An_undo_of_the_first_apply_leaves_what_was_there_no_file_or_an_empty_one(bool isThere)
    {
        await using var lab = await RangeFileLab.StartAsync();
        await lab.ShellAsync(isThere ? $"touch {RangeFileLab.Path}" : "true");
        await lab.ReachAsync(One);

        (await new Undo(TimeProvider.System).RollBackAsync(lab.Provider, lab.Target, lab.Program.State.Target("web"), "asked for", Ct)).ShouldBe(UndoResult.Undone);

        (await lab.FileAsync()).ShouldBe(isThere ? "" : null);
        await lab.DemandForeignAsync();
    }

    [Fact]
    public async Task An_empty_file_that_an_include_needs_is_taken_as_none()
    {
        await using var lab = await RangeFileLab.StartAsync();
        await lab.ShellAsync($"touch {RangeFileLab.Path}; chmod 600 {RangeFileLab.Path}");

        (await lab.RemoveAsync()).Status.ShouldBe(TargetStatus.InSync);
        (await lab.FileAsync()).ShouldBe("");
        await lab.ReachAsync(One);

        (await lab.ShellAsync($"stat -c %a {RangeFileLab.Path}")).ShouldBe("600\n");
    }

    [Fact]
    public async Task A_full_or_read_only_disk_leaves_the_file_and_nothing_beside_it()
    {
        await using var lab = await RangeFileLab.StartAsync();
        await lab.ReachAsync(One);
        await lab.ShellAsync("cp -a /etc/nginx/edge /run/copy; mount -t tmpfs -o size=64k,mode=755 none /etc/nginx/edge; cp -a /run/copy/. /etc/nginx/edge; dd if=/dev/zero of=/etc/nginx/edge/fill bs=1k 2>/dev/null || true");
        await lab.RebaseAsync();
        await FailsAsync(lab, "No space left");

        // Room for the note and not for the file.
        await lab.ShellAsync("truncate -s -8k /etc/nginx/edge/fill");
        await lab.RebaseAsync();
        await FailsAsync(lab, "No space left", [.. Enumerable.Range(0, 1000).Select(number => $"11.{number / 100}.{number % 100 * 2}.0/24")]);

        await lab.ShellAsync("rm /etc/nginx/edge/fill; mount -o remount,ro /etc/nginx/edge");
        await lab.RebaseAsync();
        await FailsAsync(lab, "Read-only file system");

        await lab.ShellAsync("mount -o remount,rw /etc/nginx/edge");
        await lab.ReachAsync(Two);
        await lab.DemandForeignAsync();
    }

    [Fact]
    public async Task A_directory_that_is_missing_or_stands_in_the_place_of_the_file_is_named()
    {
        await using var lab = await RangeFileLab.StartAsync();
        await lab.ShellAsync("rm -rf /etc/nginx/edge");
        var error = (await lab.ApplyAsync(One)).Error.ShouldNotBeNull();
        error.Kind.ShouldBe(FailureKind.Unavailable);
        error.Aftermath.ShouldBe(Aftermath.Untouched);
        error.Message.ShouldContain("/etc/nginx/edge/");
        error.Remedy.ShouldStartWith("its directory must be there");
        (await lab.Subject.Sandbox.ExistsAsync("/etc/nginx/edge", Ct)).ShouldBeFalse();

        await lab.ShellAsync($"mkdir -p {RangeFileLab.Path}");
        error = (await lab.ApplyAsync(One)).Error.ShouldNotBeNull();
        error.Aftermath.ShouldBe(Aftermath.Untouched);
        error.Remedy.ShouldContain("if it is a directory, name a file");

        await lab.ShellAsync($"rmdir {RangeFileLab.Path}");
        await lab.ReachAsync(One);
    }

    [Fact]
    public async Task A_link_goes_on_leading_to_the_file_and_mode_and_owner_stay()
    {
        await using var lab = await RangeFileLab.StartAsync();
        await lab.ShellAsync($"mkdir /etc/kept; touch /etc/kept/list; chmod 640 /etc/kept/list; chown 33:33 /etc/kept/list; ln -s /etc/kept/list {RangeFileLab.Path}");

        await lab.ReachAsync(One);
        await lab.ReachAsync(Two);

        (await lab.ShellAsync($"readlink {RangeFileLab.Path}; stat -c '%a %u %g' /etc/kept/list; ls -A /etc/kept")).ShouldBe("/etc/kept/list\n640 33 33\nlist\n");
        (await lab.FileAsync())!.ShouldContain(Two);
        await lab.DemandForeignAsync();
    }

    // Who may not read the file is told by the kernel; here by the tap, as the files of a sandbox are read by root.
    [Theory]
    [InlineData("read", FailureKind.Permission, "run as a user that may read")]
    [InlineData("replace", FailureKind.Permission, "its directory must be there and writable")]
    public async Task A_right_that_is_missing_is_named(string verb, FailureKind kind, string remedy)
    {
        await using var lab = await RangeFileLab.StartAsync();
        await lab.ReachAsync(One);
        lab.Tap.BeforeOther = (_, operation) => operation is CrashHost.FileUse use && use.Verb == verb ? throw new Core.Hosts.HostException(Core.Hosts.HostFailure.Denied, $"{use.Path} could not be used: Permission denied") : Task.CompletedTask;

        var error = (await lab.ApplyAsync(Two)).Error.ShouldNotBeNull();
        lab.Tap.Reset();

        error.Kind.ShouldBe(kind);
        error.Aftermath.ShouldBe(Aftermath.Untouched);
        error.Remedy.ShouldContain(remedy);
        (await lab.LookAsync(One)).Status.ShouldBe(TargetStatus.InSync);
    }

    [Fact]
    public async Task An_edit_between_reading_and_writing_is_not_lost()
    {
        await using var lab = await RangeFileLab.StartAsync();
        await lab.ReachAsync(One);
        lab.Tap.AfterOther = (_, operation) =>
        {
            if (operation is CrashHost.FileUse { Verb: "replace", Path: RangeFileLab.NotePath })
            {
                lab.ShellAsync($"echo '# urgent' >> {RangeFileLab.Path}").GetAwaiter().GetResult();
            }
        };

        var error = (await lab.ApplyAsync(Two)).Error.ShouldNotBeNull();
        lab.Tap.Reset();

        error.Kind.ShouldBe(FailureKind.Conflict);
        error.Aftermath.ShouldBe(Aftermath.Untouched);
        (await lab.FileAsync())!.ShouldEndWith("# urgent\n");
        (await lab.HasNoteAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task A_list_of_nothing_is_never_written()
    {
        await using var lab = await RangeFileLab.StartAsync();
        await lab.ReachAsync(One);
        var observed = await lab.Provider.ReadAsync(lab.Target, Ct);
        var wish = (await lab.Program.WishAsync(lab.Target, Lists.Of(One), Ct)).Narrow(Core.Addresses.PrefixSet.Empty);
        var changes = new ChangeSet(wish, observed, TrafficSet.Empty, TrafficSet.Empty, observed.Allowed, []);

        var refused = await Should.ThrowAsync<ProviderException>(async () => await lab.Provider.ApplyAsync(changes, Ct));

        refused.Aftermath.ShouldBe(Aftermath.Untouched);
        refused.Message.ShouldContain("an empty list means everybody");
        (await lab.FileAsync())!.ShouldContain(One);
    }

    private static async Task FailsAsync(RangeFileLab lab, string why, params string[] list)
    {
        var before = await lab.FileAsync();
        var error = (await lab.ApplyAsync(list is [] ? [Two] : list)).Error.ShouldNotBeNull();
        error.Aftermath.ShouldBe(Aftermath.Untouched, error.Message);
        error.Message.ShouldContain(why);
        error.Remedy.Length.ShouldBeGreaterThan(20);
        (await lab.FileAsync()).ShouldBe(before);
        (await lab.HasNoteAsync()).ShouldBeFalse();
        (await lab.LookAsync(One)).Status.ShouldBe(TargetStatus.InSync);
        await lab.DemandForeignAsync();
    }
}
