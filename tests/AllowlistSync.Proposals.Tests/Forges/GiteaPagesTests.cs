using AllowlistSync.TestKit;
using Shouldly;
using static AllowlistSync.Proposals.Tests.Forges.ForgeBench;

namespace AllowlistSync.Proposals.Tests.Forges;

/// <summary>Gitea filters by no branch: ours is found among others, however small its pages are.</summary>
public sealed class GiteaPagesTests
{
    [Fact]
    public async Task Ours_is_found_on_a_later_page()
    {
        await using var bench = await StartAsync("gitea");
        var opened = await bench.Forge.OpenAsync(Draft with { Labels = ["one", "two", "three"] }, Ct);
        for (var i = 0; i < 9; i++)
        {
            bench.Server.OpenFromFork($"stranger-{i}");
        }

        ((GiteaServer)bench.Server).PageSize = 2;

        (await bench.FindAsync()).ShouldHaveSingleItem().Number.ShouldBe(opened.Number);
        bench.Server.CloseByPerson(opened.Number);
        await bench.Forge.OpenAsync(Draft with { Labels = ["three"] }, Ct);
        bench.Server.Labels.Count.ShouldBe(3, "the label of the second page was found");
    }
}
