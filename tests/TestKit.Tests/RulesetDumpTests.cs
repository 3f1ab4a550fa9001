using System.Net;
using Shouldly;

namespace AllowlistSync.TestKit.Tests;

public sealed class RulesetDumpTests
{
    private const string Foreign = """
        table inet filter {
          set bans {
            type ipv4_addr
            flags timeout
            elements = { 198.51.100.9 timeout 1h comment "scanner", 198.51.100.10 timeout 1h }
          }
          chain input {
            type filter hook input priority filter
            policy accept
            counter
            ip saddr @bans counter drop
            tcp dport 22 accept comment "ssh"
          }
        }

        """;

    private const string Ours = """
        table inet als_mark {
          set cf4 {
            type ipv4_addr
            flags interval
            elements = { 104.16.0.0/13 }
          }
        }
        add set inet filter als_mark4 { type ipv4_addr; flags interval; }
        add element inet filter als_mark4 { 104.16.0.0/13 }
        insert rule inet filter input ip saddr @als_mark4 tcp dport 443 accept
        insert rule inet filter input tcp dport 80 accept comment "als_mark web"
        add element inet filter bans { 104.16.0.1 timeout 1h comment "als_mark" }

        """;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Traffic_and_time_do_not_change_a_dump()
    {
        Needs.Sandbox("nft");
        await using var lab = await Lab.StartAsync(Ct);
        await lab.NftAsync(Foreign, Ct);
        var before = await RulesetDump.ReadAsync(lab.Origin, ct: Ct);

        await lab.Client.ProbeAsync(ProbePlan.Probes([IPAddress.Parse("1.1.1.1"), IPAddress.Parse("198.51.100.9")], 80), Lab.Budget, Ct);

        var counted = await lab.Origin.RunAsync(["nft", "list", "ruleset"], ct: Ct);
        counted.StdOut.ShouldMatch("counter packets [1-9]", "the traffic was counted");
        (await RulesetDump.ReadAsync(lab.Origin, ct: Ct)).ShouldBe(before);
        before.Text.ShouldContain("198.51.100.9 timeout 1h");
        before.Text.ShouldNotContain("expires");
        before.Objects.ShouldNotContain("handle");
        before.Objects.ShouldContain("\"comment\":\"ssh\"");
    }

    [Fact]
    public async Task What_carries_the_mark_is_left_out_and_all_else_stays()
    {
        Needs.Sandbox("nft");
        await using var sandbox = await Sandbox.StartAsync(SandboxOptions.Default, Ct);
        (await sandbox.RunAsync(["nft", "-f", "-"], Foreign, ct: Ct)).EnsureSuccess();
        var before = await RulesetDump.ReadAsync(sandbox, "als_mark", Ct);

        (await sandbox.RunAsync(["nft", "-f", "-"], Ours, ct: Ct)).EnsureSuccess();

        var after = await RulesetDump.ReadAsync(sandbox, "als_mark", Ct);
        after.Objects.ShouldBe(before.Objects);
        after.Text.ShouldNotBe(before.Text);
        (await RulesetDump.ReadAsync(sandbox, ct: Ct)).Objects.ShouldContain("als_mark4");
    }

    [Theory]
    [InlineData("add element inet filter bans { 8.8.8.8 }")]
    [InlineData("add rule inet filter input tcp dport 25 drop")]
    [InlineData("delete element inet filter bans { 198.51.100.10 }")]
    [InlineData("add chain inet filter input { policy drop; }")]
    [InlineData("add table ip other")]
    public async Task A_change_of_what_is_foreign_shows(string change)
    {
        Needs.Sandbox("nft");
        await using var sandbox = await Sandbox.StartAsync(SandboxOptions.Default, Ct);
        (await sandbox.RunAsync(["nft", "-f", "-"], Foreign, ct: Ct)).EnsureSuccess();
        var before = await RulesetDump.ReadAsync(sandbox, "als_mark", Ct);

        (await sandbox.RunAsync(["nft", "-f", "-"], change + "\n", ct: Ct)).EnsureSuccess();

        var after = await RulesetDump.ReadAsync(sandbox, "als_mark", Ct);
        after.Objects.ShouldNotBe(before.Objects);
        after.Text.ShouldNotBe(before.Text);
    }
}
