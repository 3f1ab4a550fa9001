using AllowlistSync.Sources.Http;
using Shouldly;

namespace AllowlistSync.Sources.Tests;

public sealed class RedirectPolicyTests
{
    [Theory]
    [InlineData("https://www.cloudflare.com/ips-v4", "https://www.cloudflare.com/ips-v4/")]
    [InlineData("https://www.cloudflare.com/ips-v4", "https://cloudflare.com/ips-v4")]
    [InlineData("https://cloudflare.com/ips-v4", "https://www.cloudflare.com/ips-v4")]
    [InlineData("https://www.cloudflare.com/ips-v4", "https://assets.www.cloudflare.com/ips-v4")]
    [InlineData("https://lists.example.org:8443/a", "https://lists.example.org:8443/b")]
    [InlineData("http://127.0.0.1:8080/a", "http://127.0.0.1:8080/b")]
    [InlineData("http://[::1]:8080/a", "http://[::1]:8080/b")]
    public void The_same_site_is_followed(string from, string to) =>
        RedirectPolicy.WhyNotFollow(new Uri(from), new Uri(to), RedirectScope.Cloudflare).ShouldBeNull();

    [Theory]
    [InlineData("https://www.cloudflare.com/ips-v4", "http://www.cloudflare.com/ips-v4")]
    [InlineData("https://www.cloudflare.com/ips-v4", "https://evilcloudflare.com/ips-v4")]
    [InlineData("https://www.cloudflare.com/ips-v4", "https://cloudflare.com.example.org/ips-v4")]
    [InlineData("https://www.cloudflare.com/ips-v4", "https://www.cloudflare.com:8443/ips-v4")]
    [InlineData("https://www.cloudflare.com/ips-v4", "https://user@www.cloudflare.com/ips-v4")]
    [InlineData("https://www.cloudflare.com/ips-v4", "http://127.0.0.1/ips-v4")]
    [InlineData("https://www.cloudflare.com/ips-v4", "file:///etc/passwd")]
    [InlineData("https://lists.example.org/a", "https://www.cloudflare.com/a")]
    [InlineData("http://127.0.0.1:8080/a", "http://127.0.0.1:8081/a")]
    [InlineData("http://127.0.0.1:8080/a", "https://127.0.0.1:8080/a")]
    [InlineData("http://127.0.0.1:8080/a", "http://192.0.2.1:8080/a")]
    public void Anything_else_is_not(string from, string to) =>
        RedirectPolicy.WhyNotFollow(new Uri(from), new Uri(to), RedirectScope.Cloudflare).ShouldNotBeNull();

    [Fact]
    public void Only_a_source_of_cloudflare_may_be_sent_around_below_cloudflare_com()
    {
        var (from, to) = (new Uri("https://www.cloudflare.com/a"), new Uri("https://api.cloudflare.com/a"));

        RedirectPolicy.WhyNotFollow(from, to, RedirectScope.Cloudflare).ShouldBeNull();
        RedirectPolicy.WhyNotFollow(from, to, RedirectScope.SameSite).ShouldBe("it is another site");
    }

    [Theory]
    [InlineData("https://api.cloudflare.com/client/v4/ips", true)]
    [InlineData("http://localhost:8080/a", true)]
    [InlineData("http://[::1]/a", true)]
    [InlineData("http://localhost.example.org/a", false)]
    [InlineData("http://api.cloudflare.com/client/v4/ips", false)]
    public void Plain_http_is_asked_on_loopback_only(string url, bool asked) =>
        (RedirectPolicy.WhyNotAsk(new Uri(url)) is null).ShouldBe(asked);
}
