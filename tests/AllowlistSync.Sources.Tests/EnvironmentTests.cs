using Shouldly;

namespace AllowlistSync.Sources.Tests;

/// <summary>An environment variable must not be able to send a fetch elsewhere.</summary>
public sealed class EnvironmentTests : CloudflareTest
{
    private static readonly string[] s_names =
        ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy", "CLOUDFLARE_BASE_URL", "CLOUDFLARE_API_BASE_URL"];

    [Fact]
    public async Task No_environment_variable_redirects_a_fetch()
    {
        await using var trap = await ListServer.StartAsync("trapped", Ct);
        var before = s_names.Select(Environment.GetEnvironmentVariable).ToArray();
        try
        {
            foreach (var name in s_names)
            {
                Environment.SetEnvironmentVariable(name, trap.Root.AbsoluteUri);
            }

            var snapshot = await FetchAsync();

            snapshot.Published.Length.ShouldBe(22);
            Server.RequestCount.ShouldBe(3);
            trap.Paths.ShouldBeEmpty();
            using var obedient = new HttpClient();
            (await obedient.GetStringAsync(Server.ApiUrl, Ct)).ShouldBe("trapped", "the trap must work, or this test shows nothing");
        }
        finally
        {
            for (var i = 0; i < s_names.Length; i++)
            {
                Environment.SetEnvironmentVariable(s_names[i], before[i]);
            }
        }
    }
}
