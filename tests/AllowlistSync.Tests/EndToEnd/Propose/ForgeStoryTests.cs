using AllowlistSync.TestKit;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.EndToEnd.Propose;

/// <summary>The life of a pull request: the built program, the real git, the real nft, and a forge that keeps what it is told.</summary>
public sealed class ForgeStoryTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("github")]
    [InlineData("gitlab")]
    [InlineData("gitea")]
    public async Task It_is_opened_once_kept_up_to_date_closed_merged_and_applied(string type)
    {
        await using var lab = await ForgeOrigin.StartAsync(type, ("nft.conf", "# allowlist-sync:begin cf\n# allowlist-sync:end cf\n"));
        var (origin, forge) = (lab.Origin, lab.Forge);
        await origin.ConfigureAsync(Config(lab));
        (await origin.RunAsync("propose", "--dry-run")).Ended(1).Saying("would be opened");
        forge.Writes.ShouldBe(0);

        (await origin.RunAsync("propose")).Ended(0).Saying("Proposal infra: opened", forge.UrlOf(forge.Pulls[0]).ToString());
        forge.Pulls.ShouldHaveSingleItem().Labels.ShouldBe(["firewall"]);
        forge.Statuses.ShouldHaveSingleItem().Text.ShouldContain("+22 -0 in 1 file");
        var writes = forge.Writes;
        (await origin.RunAsync("propose")).Ended(0).Saying("Proposal infra: proposed already");
        forge.Writes.ShouldBe(writes);

        origin.Cloudflare.Publication = Publication.Real.Plus("188.42.0.0/16");
        (await origin.RunAsync("propose")).Ended(0).Saying("Proposal infra: updated");
        forge.Pulls.ShouldHaveSingleItem().Text.ShouldContain("`188.42.0.0/16`");

        await lab.Remote.CommitAsync("main", "by hand", Ct, ("nft.conf", await lab.Remote.ShowAsync(ForgeOrigin.Branch, "nft.conf", Ct)));
        (await origin.RunAsync("apply", "--yes", "--accept", PlanIn(forge.Pulls[0].Text))).Ended(0);
        (await origin.RunAsync("propose")).Ended(0).Saying("Proposal infra: closed");
        forge.Pulls.ShouldHaveSingleItem().State.ShouldBe("closed");
        forge.Pulls[0].Comments.ShouldHaveSingleItem().ShouldContain("No longer needed");

        origin.Cloudflare.Publication = Publication.Real;
        (await origin.RunAsync("propose")).Ended(0).Saying("Proposal infra: opened");
        await forge.MergeAsync(2, Ct);
        (await origin.RunAsync("propose")).Ended(0).Saying("Proposal infra: nothing to propose");
        var merged = await lab.Remote.InAsync(Ct, "log", "main");
        (await origin.RunAsync(merged, ["apply", "--accept", "-", "--yes"])).Ended(0).Saying("web: applied");
        (await origin.RulesetAsync()).ShouldNotContain("188.42.0.0");
        forge.Complaints.ShouldBeEmpty();
    }

    private static string PlanIn(string text) => text.Split("--accept ")[1].Split('`')[0];

    private static ConfigText Config(ForgeOrigin lab) => new()
    {
        More = "mode: propose",
        Guard = "removalGrace: 0s",
        Lines = $$"""
            proposals:
              - name: infra
                repository: {{lab.Remote.Url}}
                labels: [firewall]
                forge: {{lab.ForgeLine}}
                files:
                  - { path: nft.conf, block: cf, format: plain, allow: [cloudflare] }
            """,
    };
}
