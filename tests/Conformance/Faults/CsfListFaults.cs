using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.CrashHost;
using Shouldly;

namespace AllowlistSync.Conformance.Faults;

/// <summary>CSF's lists and ours are odd, wrong, edited, or cannot be written.</summary>
public sealed class CsfListFaults
{
    [Theory]
    [InlineData("echo 'tcp|in|d=80,70000|s=192.0.2.1 # typo' >>/etc/csf/csf.allow", "/etc/csf/csf.allow line 7: tcp|in|d=80,70000|s=192.0.2.1 # typo")]
    [InlineData("echo 'tcp|in|d=1,2,3,4,5,6,7,8,9,10,11,12,13,14,15,16|s=192.0.2.1' >>/etc/csf/partners.allow", "/etc/csf/partners.allow line 2: tcp|in|d=1,2")]
    [InlineData("echo 'udp:in:d=53,x:s=192.0.2.1' >>/etc/csf/csf.deny", "/etc/csf/csf.deny line 4: udp:in:d=53,x:s=192.0.2.1")]
    [InlineData("echo 'tcp|out|d=70000|d=2001:db8:2::1' >>/etc/csf/csf.allow", "/etc/csf/csf.allow line 7: tcp|out|d=70000|d=2001:db8:2::1")]
    [InlineData("echo 'tcp|out|d=443|u=nobody-knows' >>/etc/csf/csf.allow", "/etc/csf/csf.allow line 7: tcp|out|d=443|u=nobody-knows")]
    [InlineData("sed -i 's/^TCP_OUT = .*/TCP_OUT = \"53,99999\"/' /etc/csf/csf.conf", "/etc/csf/csf.conf: TCP_OUT = \"53,99999\"")]
    public async Task A_line_of_the_operator_that_would_make_csf_flush_everything_is_a_conflict_that_names_it(string script, string said)
    {
        await using var lab = await CsfLab.StartAsync();
        await lab.ChangeAsync(script);

        var report = await lab.ApplyAsync(CsfLab.List);

        report.Error.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Conflict, report.Error.Message);
        report.Error.Aftermath.ShouldBe(Aftermath.Untouched);
        report.Error.Message.ShouldContain(said);
        lab.Tap.Operations.ShouldAllBe(operation => !operation.Changes);
        await lab.DemandSafeAsync();
    }

    [Fact]
    public async Task Without_faststart_csf_leaves_such_a_line_out_and_so_do_we()
    {
        await using var lab = await CsfLab.StartAsync();
        await lab.SetAsync("FASTSTART", "0");
        await lab.ChangeAsync("echo 'tcp|in|d=80,70000|s=192.0.2.1' >>/etc/csf/csf.allow; csf -r >/dev/null");

        (await lab.ApplyAsync(CsfLab.List)).Status.ShouldBe(TargetStatus.Applied);

        await lab.ExpectAsync(["104.16.0.1", "2400:cb00::1"], [80, 443], isBlocked: false);
        await lab.DemandSafeAsync();
    }

    [Fact]
    public async Task Twenty_ports_and_a_range_become_lines_that_csf_takes()
    {
        await using var lab = await CsfLab.StartAsync();
        lab.Target = lab.Target with { Ports = PortSet.Of([.. Enumerable.Range(0, 20).Select(i => PortRange.Tcp((ushort)(8000 + (2 * i)))), new(TransportProtocol.Tcp, 9000, 9010), PortRange.Tcp(80), PortRange.Udp(443)]) };

        (await lab.ApplyAsync("104.16.0.0/13")).Status.ShouldBe(TargetStatus.Applied);

        var lines = (await lab.ReadAsync(CsfLab.AllowFile)).Split('\n').Where(line => line.Contains('|', StringComparison.Ordinal)).ToList();
        lines.Count.ShouldBe(3);
        lines.ShouldContain("udp|in|d=443|s=104.16.0.0/13 # als-test/web");
        lines.ShouldContain(line => line.Contains("9000_9010", StringComparison.Ordinal));
        await lab.ExpectAsync(["104.16.0.1"], [80], isBlocked: false);
        (await lab.LookAsync("104.16.0.0/13")).Status.ShouldBe(TargetStatus.InSync);
        await lab.DemandSafeAsync();
    }

    [Fact]
    public async Task A_name_that_holds_the_word_by_which_csf_skips_lines_does_no_harm()
    {
        await using var lab = await CsfLab.StartAsync();
        lab.Target = lab.Target with { Name = "Include-web" };

        (await lab.ApplyAsync(CsfLab.List)).Status.ShouldBe(TargetStatus.Applied);

        await lab.ExpectAsync(["104.16.0.1", "2400:cb00::1"], [80, 443], isBlocked: false);
        (await lab.RemoveAsync()).Status.ShouldBe(TargetStatus.Applied);
        await lab.DemandSafeAsync();
    }

    [Fact]
    public async Task A_last_line_without_an_end_and_bytes_of_any_kind_stay_as_they_are()
    {
        await using var lab = await CsfLab.StartAsync();
        await lab.ChangeAsync("printf '192.0.2.9 # M\\344ller\\r\\n192.0.2.10 # not ended' >>/etc/csf/csf.allow; printf '192.0.2.11' >>/etc/csf/csf.ignore; csf -r >/dev/null");
        var before = await lab.ShellAsync("md5sum /etc/csf/csf.allow /etc/csf/csf.ignore");

        (await lab.ApplyAsync(CsfLab.List)).Status.ShouldBe(TargetStatus.Applied);
        await lab.DemandSafeAsync();
        await lab.ExpectAsync(["104.16.0.1", "192.0.2.10"], [80], isBlocked: false);

        (await lab.RemoveAsync()).Status.ShouldBe(TargetStatus.Applied);
        (await lab.ShellAsync("md5sum /etc/csf/csf.allow /etc/csf/csf.ignore")).ShouldBe(before);
        (await lab.ShellAsync("ls /etc/csf")).ShouldNotContain("allowlist-sync");
    }

    [Fact]
    public async Task What_somebody_changed_in_our_files_is_told_line_by_line_and_written_over()
    {
        await using var lab = await CsfLab.StartAsync();
        await lab.ApplyAsync(CsfLab.List);
        await lab.ShellAsync($"sed -i 's/d=80,443|s=104/d=80|s=104/' {CsfLab.AllowFile}; echo 192.0.2.1 >>{CsfLab.IgnoreFile}; sed -i '/^Include .*allowlist-sync/d' /etc/csf/csf.ignore");

        var look = await lab.LookAsync(CsfLab.List);

        var said = string.Join('\n', look.Plan.ShouldNotBeNull().Changes.Repairs.Select(repair => repair.Message));
        said.ShouldContain("csf.ignore includes /etc/csf/allowlist-sync+als-test+web.ignore 0 times");
        said.ShouldContain("line 5: 192.0.2.1");
        (await lab.ApplyAsync(CsfLab.List)).Status.ShouldBe(TargetStatus.Applied);
        (await lab.LookAsync(CsfLab.List)).Status.ShouldBe(TargetStatus.InSync);
        (await lab.ReadAsync(CsfLab.AllowFile)).ShouldContain("d=80,443|s=104.16.0.0/13");
        await lab.DemandSafeAsync();
    }

    [Fact]
    public async Task A_file_that_includes_itself_is_a_conflict_as_csf_would_read_it_for_ever()
    {
        await using var lab = await CsfLab.StartAsync();
        await lab.ChangeAsync("echo 'Include /etc/csf/partners.allow' >>/etc/csf/partners.allow");

        var report = await lab.ApplyAsync(CsfLab.List);

        report.Error.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Conflict);
        report.Error.Message.ShouldContain("includes itself");
        await lab.DemandSafeAsync();
    }

    [Fact]
    public async Task A_full_disk_leaves_everything_as_it_was()
    {
        await using var lab = await CsfLab.StartAsync();
        await lab.ApplyAsync("131.0.72.0/22");
        foreach (var full in (string[])[CsfLab.IgnoreFile, CsfLab.AllowFile])
        {
            lab.Tap.Reset();
            var isFull = false;
            lab.Tap.BeforeOther = (_, operation) => operation is FileUse { Verb: "replace" } use && (isFull |= use.Path == full) && use.Path == full
                ? throw new HostException(HostFailure.FileFailed, $"{use.Path} could not be written: No space left on device")
                : Task.CompletedTask;

            var report = await lab.ApplyTappedAsync(CsfLab.List);

            report.Error.ShouldNotBeNull().Message.ShouldContain("No space left on device");
            report.Error.Aftermath.ShouldBe(full == CsfLab.IgnoreFile ? Aftermath.Untouched : Aftermath.RolledBack);
            lab.Tap.Reset();
            (await lab.LookAsync("131.0.72.0/22")).Status.ShouldBe(TargetStatus.InSync);
            await lab.DemandSafeAsync();
        }
    }
}
