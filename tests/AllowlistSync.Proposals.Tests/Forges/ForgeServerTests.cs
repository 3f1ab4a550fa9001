using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using AllowlistSync.TestKit;
using Shouldly;
using static AllowlistSync.Proposals.Tests.Forges.ForgeBench;

namespace AllowlistSync.Proposals.Tests.Forges;

/// <summary>The servers refuse what is wrong: else a contract that is kept there would say nothing.</summary>
public sealed class ForgeServerTests
{
    [Theory]
    [InlineData("github", "POST", "/repos/ops/infra/pulls", """{"title":"t","head":"allowlist-sync/cloudflare","base":"main","boddy":"x"}""", "unknown member boddy")]
    [InlineData("github", "GET", "/repos/ops/infra/pulls?stat=all", "", "unknown parameter stat")]
    [InlineData("github", "PATCH", "/repos/ops/infra/pulls/1", """{"draft":true}""", "unknown member draft")]
    [InlineData("gitlab", "POST", "/projects/ops%2Finfra/merge_requests", """{"title":"t","source_branch":"allowlist-sync/cloudflare","target_branch":"main","body":"x"}""", "unknown member body")]
    [InlineData("gitlab", "GET", "/projects/ops%2Finfra/merge_requests?source=x", "", "unknown parameter source")]
    [InlineData("gitea", "POST", "/repos/ops/infra/pulls", """{"title":"t","head":"allowlist-sync/cloudflare","base":"main","draft":true}""", "unknown member draft")]
    [InlineData("gitea", "GET", "/repos/ops/infra/pulls?per_page=50", "", "unknown parameter per_page")]
    public async Task A_name_that_the_description_does_not_have_is_a_complaint(string type, string method, string path, string body, string complaint)
    {
        await using var bench = await StartAsync(type);

        (await AskAsync(bench, method, path, body)).ShouldBe(400);

        bench.Server.Complaints.ShouldHaveSingleItem().ShouldEndWith(complaint);
        bench.Server.Pulls.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("github", "POST", "/repos/ops/infra/pulls", """{"title":"t","head":"allowlist-sync/cloudflare"}""", 422)]
    [InlineData("github", "POST", "/repos/ops/infra/pulls", """{"title":"t","head":"allowlist-sync/cloudflare","base":"main","draft":"yes"}""", 422)]
    [InlineData("github", "POST", "/repos/ops/infra/pulls", """{"head":"allowlist-sync/cloudflare","base":"main"}""", 422)]
    [InlineData("github", "POST", "/repos/ops/infra/statuses/main", """{"state":"success"}""", 422)]
    [InlineData("github", "PUT", "/repos/ops/infra/pulls", "{}", 404)]
    [InlineData("github", "GET", "/repos/ops/other/pulls", "", 404)]
    [InlineData("gitlab", "POST", "/projects/ops%2Finfra/merge_requests", """{"source_branch":"allowlist-sync/cloudflare","target_branch":"main"}""", 400)]
    [InlineData("gitlab", "POST", "/projects/ops%2Finfra/merge_requests", """{"title":"t","source_branch":"allowlist-sync/cloudflare","target_branch":"main","reviewer_ids":["ada"]}""", 400)]
    [InlineData("gitlab", "POST", "/projects/ops%2Finfra/merge_requests", """{"title":"t","source_branch":"main","target_branch":"main"}""", 422)]
    [InlineData("gitlab", "GET", "/projects/ops/infra/merge_requests", "", 404)]
    [InlineData("gitea", "POST", "/repos/ops/infra/pulls", """{"title":7,"head":"allowlist-sync/cloudflare","base":"main"}""", 422)]
    [InlineData("gitea", "POST", "/repos/ops/infra/pulls", """{"title":"t","head":"main","base":"main"}""", 422)]
    [InlineData("gitea", "POST", "/repos/ops/infra/pulls", "{", 422)]
    [InlineData("gitea", "POST", "/repos/ops/infra/labels", """{"name":"x","color":"blue"}""", 422)]
    public async Task A_request_that_is_wrong_is_refused(string type, string method, string path, string body, int status)
    {
        await using var bench = await StartAsync(type);

        (await AskAsync(bench, method, path, body)).ShouldBe(status);

        bench.Server.Pulls.ShouldBeEmpty();
        bench.Server.Complaints.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"alg":"RS256"}""", """{"iat":-60,"exp":540,"iss":"17"}""", 200)]
    [InlineData("""{"alg":"HS256"}""", """{"iat":-60,"exp":540,"iss":"17"}""", 401)]
    [InlineData("""{"alg":"RS256"}""", """{"iat":-60,"exp":540,"iss":"18"}""", 401)]
    [InlineData("""{"alg":"RS256"}""", """{"iat":-60,"exp":541,"iss":"17"}""", 401)]
    [InlineData("""{"alg":"RS256"}""", """{"iat":60,"exp":540,"iss":"17"}""", 401)]
    [InlineData("""{"alg":"RS256"}""", """{"iat":-600,"exp":-1,"iss":"17"}""", 401)]
    public async Task A_sign_in_of_an_App_is_checked(string header, string claims, int status)
    {
        using var key = RSA.Create(2048);
        await using var bench = await StartAsync("github");
        ((GitHubServer)bench.Server).App = ("17", key);
        ((GitHubServer)bench.Server).Time = bench.Time;
        var now = bench.Time.GetUtcNow().ToUnixTimeSeconds();
        claims = System.Text.RegularExpressions.Regex.Replace(claims, "-?[0-9]+(?=[,}])", number => (now + long.Parse(number.Value, null)).ToString(provider: null), System.Text.RegularExpressions.RegexOptions.None, TimeSpan.FromSeconds(1));
        var text = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(header))}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims))}";

        var jwt = $"{text}.{Base64Url.EncodeToString(key.SignData(Encoding.ASCII.GetBytes(text), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1))}";

        (await AskAsync(bench, "GET", "/repos/ops/infra/installation", "", jwt)).ShouldBe(status);
    }

    private static async Task<int> AskAsync(ForgeBench bench, string method, string path, string body, string? token = null)
    {
        using var client = new HttpClient();
        using var request = new HttpRequestMessage(new HttpMethod(method), bench.Server.ApiUrl.AbsoluteUri.TrimEnd('/') + path);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("test", "1"));
        token ??= bench.Server.Token;
        request.Headers.Add(bench.Server.Type == "gitlab" ? "PRIVATE-TOKEN" : "Authorization", bench.Server.Type switch { "github" => $"Bearer {token}", "gitea" => $"token {token}", _ => token });
        if (body.Length > 0)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var answer = await client.SendAsync(request, Ct);
        return (int)answer.StatusCode;
    }
}
