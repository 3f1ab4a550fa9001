using System.Net.Sockets;
using System.Security.Authentication;
using AllowlistSync.Sources.Http;
using Shouldly;

namespace AllowlistSync.Sources.Tests;

public sealed class HttpFailureTests
{
    [Theory]
    [InlineData(HttpRequestError.NameResolutionError, true, "DNS")]
    [InlineData(HttpRequestError.ConnectionError, true, "network unreachable")]
    [InlineData(HttpRequestError.ResponseEnded, true, "ended early")]
    [InlineData(HttpRequestError.InvalidResponse, false, "not HTTP")]
    [InlineData(HttpRequestError.ConfigurationLimitExceeded, false, "headers")]
    public void A_failure_has_plain_words_and_is_asked_again_only_when_it_may_pass(HttpRequestError error, bool again, string words)
    {
        var failure = HttpFailure.Of(new HttpRequestException(error, "raw", new SocketException((int)SocketError.NetworkUnreachable)));

        failure.Transient.ShouldBe(again);
        failure.Reason.ShouldContain(words);
    }

    [Fact]
    public void A_handshake_that_broke_off_may_pass_and_a_wrong_certificate_does_not()
    {
        HttpFailure.Of(new HttpRequestException(HttpRequestError.SecureConnectionError, "raw", new IOException())).Transient.ShouldBeTrue();
        HttpFailure.Of(new HttpRequestException(HttpRequestError.SecureConnectionError, "raw", new AuthenticationException())).Transient.ShouldBeFalse();
    }
}
