using AllowlistSync.TestKit;
using Shouldly;
using static AllowlistSync.Proposals.Tests.Forges.ForgeBench;

namespace AllowlistSync.Proposals.Tests.Forges;

/// <summary>GitHub has drafts in private repositories by some plans only.</summary>
public sealed class GitHubDraftTests
{
    [Fact]
    public async Task Where_there_are_no_drafts_it_is_opened_ready_and_that_is_told()
    {
        await using var bench = await StartAsync("github");
        ((GitHubServer)bench.Server).HasDrafts = false;

        var opened = await bench.Forge.OpenAsync(Draft with { IsDraft = true }, Ct);

        bench.Server.Pulls.ShouldHaveSingleItem().IsDraft.ShouldBeFalse();
        opened.Warnings.ShouldHaveSingleItem().ShouldContain("no draft pull requests");
    }
}
