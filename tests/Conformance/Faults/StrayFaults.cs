using AllowlistSync.Core;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Applying;
using AllowlistSync.Core.Providers;
using AllowlistSync.Core.Reporting;
using AllowlistSync.CrashHost;
using AllowlistSync.Providers.Host.Nftables;
using AllowlistSync.Reachability.Proving;
using Shouldly;

namespace AllowlistSync.Conformance.Faults;

/// <summary>A target that moved: what was made in the old place must not stay open.</summary>
public sealed class StrayFaults
{
    private const string Host = FaultLab.Chain + """
        table inet filter {
          set cf4 {
            type ipv4_addr
            flags interval
          }
          chain public {
            ip saddr @cf4 tcp dport 443 accept
          }
        }
        table ip other {
          chain input {
            type filter hook input priority 10
            policy drop
            tcp dport 22 accept
          }
        }

        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static TheoryData<string, string> Moves => new()
    {
        { "table=inet filter|chain=public", "inet filter: chain input" },
        { "table=ip other|chain=input", "inet filter: chain input, als-test/web and set als-test/web/v4, als-test/web/v6" },
        { "sets.ipv4=inet filter cf4", "inet filter: chain input, als-test/web and set als-test/web/v4, als-test/web/v6" },
    };

    [Theory]
    [MemberData(nameof(Moves))]
    public async Task What_stood_in_the_old_place_is_named_and_taken_out_with_the_next_apply(string settings, string places)
    {
        await using var lab = await StartAsync();
        var moved = Moved(lab, settings);

        var look = await RunAsync(lab, moved, Installation.Look());
        look.Status.ShouldBe(TargetStatus.Differs);
        look.Plan!.Changes.Repairs.Single(defect => defect.Id == "ours-elsewhere").Message.ShouldContain(places);
        (await RunAsync(lab, moved, Installation.Apply())).Status.ShouldBe(TargetStatus.Applied);
        (await RunAsync(lab, moved, Installation.Look())).Status.ShouldBe(TargetStatus.InSync);
        (await moved.ReadAsync(lab.Target, Ct)).Allowed.Sources.ShouldBe(PrefixSet.Of(Lists.Of("104.16.0.0/13")));

        (await RunAsync(lab, moved, Installation.Remove())).Error.ShouldBeNull();
        (await lab.DumpAsync()).ShouldBe(await FreshAsync());
    }

    [Theory]
    [MemberData(nameof(Moves))]
    public async Task A_removal_takes_out_what_stands_in_the_old_place_only(string settings, string places)
    {
        await using var lab = await StartAsync();
        places.ShouldNotBeEmpty();

        (await RunAsync(lab, Moved(lab, settings), Installation.Remove())).Status.ShouldBe(TargetStatus.Applied);

        (await lab.DumpAsync()).ShouldBe(await FreshAsync());
    }

    [Theory]
    [MemberData(nameof(Moves))]
    public async Task The_undo_of_a_move_cuts_nobody_off(string settings, string places)
    {
        await using var lab = await StartAsync();
        var moved = Moved(lab, settings);
        places.ShouldNotBeEmpty();
        (await RunAsync(lab, moved, Installation.Apply(), "104.16.0.0/13", "131.0.72.0/22")).Status.ShouldBe(TargetStatus.Applied);

        (await new Undo(TimeProvider.System).RollBackAsync(moved, lab.Target, lab.Program.State.Target("web"), "asked for", Ct)).ShouldBe(UndoResult.Undone);

        (await moved.ReadAsync(lab.Target, Ct)).Allowed.Sources.ShouldBe(PrefixSet.Of(Lists.Of("104.16.0.0/13")));
        (await RunAsync(lab, moved, Installation.Look())).Status.ShouldBe(TargetStatus.InSync);
    }

    [Theory]
    [InlineData("add element inet filter als-test/web/v4 { 203.0.113.7 comment \"guest\" }", "set inet filter als-test/web/v4")]
    [InlineData("add rule inet filter als-test/web tcp dport 25 accept comment \"mine\"", "chain inet filter als-test/web")]
    [InlineData("add rule inet filter public jump als-test/web", "chain inet filter als-test/web")]
    public async Task What_others_keep_in_the_old_place_is_a_conflict_and_nothing_is_touched(string change, string what)
    {
        await using var lab = await StartAsync();
        await lab.NftAsync(change);
        var before = await lab.DumpAsync();
        var moved = Moved(lab, "table=ip other|chain=input");

        foreach (var options in new[] { Installation.Apply(), Installation.Remove() })
        {
            var report = await RunAsync(lab, moved, options);
            report.Error.ShouldNotBeNull().Kind.ShouldBe(FailureKind.Conflict);
            report.Error.Aftermath.ShouldBe(Aftermath.Untouched);
            report.Error.Message.ShouldContain(what);
            report.Error.Message.ShouldContain("nothing was changed");
        }

        (await lab.DumpAsync()).ShouldBe(before);
    }

    [Fact]
    public async Task What_carries_the_mark_of_another_target_or_only_a_name_of_ours_is_no_stray()
    {
        await using var lab = await StartAsync();
        var moved = Moved(lab, "table=ip other|chain=input");
        (await RunAsync(lab, moved, Installation.Apply())).Status.ShouldBe(TargetStatus.Applied);
        await lab.NftAsync("add table inet third\nadd chain inet third als-test/web\nadd rule inet third als-test/web accept comment \"allowlist-sync owner=als-test target=web2\"\nadd set inet third als-test/web/v4 { type ipv4_addr; flags interval; comment \"allowlist-sync owner=als target=web\"; }");
        var before = await lab.DumpAsync();

        (await RunAsync(lab, moved, Installation.Look())).Status.ShouldBe(TargetStatus.InSync);
        (await RunAsync(lab, moved, Installation.Apply())).Status.ShouldBe(TargetStatus.InSync);
        (await lab.DumpAsync()).ShouldBe(before);
        (await RunAsync(lab, moved, Installation.Remove())).Error.ShouldBeNull();
        (await lab.DumpAsync()).ShouldContain("table inet third");
    }

    private static async Task<FaultLab> StartAsync()
    {
        var lab = await FaultLab.StartAsync(Host, FaultLab.RuleWay);
        (await lab.ApplyAsync("104.16.0.0/13")).Status.ShouldBe(TargetStatus.Applied);
        return lab;
    }

    private static async Task<string> FreshAsync()
    {
        await using var lab = await FaultLab.StartAsync(Host, FaultLab.RuleWay);
        return await lab.DumpAsync();
    }

    private static IFirewallProvider Moved(FaultLab lab, string settings)
    {
        var values = settings.Split('|').Select(pair => pair.Split('=')).Aggregate(ProviderSettings.None.Values, (all, pair) => all.Add(pair[0], pair[1]));
        return NftablesRegistration.Line.Create(new ProviderSettings { Values = values }, new ProviderPlace(lab.Tap, new ChainModel()));
    }

    private static Task<TargetReport> RunAsync(FaultLab lab, IFirewallProvider provider, RunOptions options, params string[] list) =>
        lab.Program.RunAsync(provider, lab.Target, Lists.Of(list is [] ? ["104.16.0.0/13"] : list), options, Ct);
}
