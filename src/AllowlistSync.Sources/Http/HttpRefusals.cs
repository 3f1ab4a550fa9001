using System.Net;
using AllowlistSync.Core;

namespace AllowlistSync.Sources.Http;

/// <summary>Every way in which an answer over HTTP is missing or refused, in words.</summary>
internal static class HttpRefusals
{
    private const string Stays = "nothing was changed, and what was in force stays so";

    internal static Refusal NotFetched(HttpQuestion question, Uri url, string reason) => new(
        "not-fetched",
        $"source {question.Source}: {ShownText.Of(url)} gave no answer: {reason}",
        $"{Stays}; check this machine's DNS, clock and way out to the address; no proxy is used, whatever the environment says");

    internal static Refusal Status(HttpQuestion question, Uri url, HttpStatusCode status, bool html) => new(
        "http-status",
        $"source {question.Source}: {ShownText.Of(url)} answered with status {(int)status} ({status}){(html ? " and an HTML page" : "")} where 200 was expected",
        (int)status switch
        {
            403 => $"{Stays}; the address refuses this machine, as a bot check does: open it from another network, or leave `textUrls` empty if only the text lists are refused",
            404 or 410 => $"{Stays}; check the address in the configuration",
            429 => $"{Stays}; ask less often",
            _ => $"{Stays}; the next run asks again",
        });

    internal static Refusal InsecureUrl(HttpQuestion question, string reason) => new(
        "insecure-url",
        $"source {question.Source}: {ShownText.Of(question.Url)} is not asked: {reason}",
        "use an https address; plain http is for this machine's loopback only");

    internal static Refusal Redirected(HttpQuestion question, Uri from, string to, string reason) => new(
        "redirected",
        $"source {question.Source}: {ShownText.Of(from)} redirects to {to}, which is not followed: {reason}",
        $"{Stays}; if the list has really moved, put its new address into the configuration");

    internal static Refusal TooLarge(HttpQuestion question, Uri url, long limit, long? promised) => new(
        "too-large",
        $"source {question.Source}: {ShownText.Of(url)} sends more than {limit} bytes{(promised is { } bytes ? $" ({bytes} promised)" : "")}; a list of prefixes is smaller",
        $"{Stays}; look at what the address serves");

    internal static Refusal Encoded(HttpQuestion question, Uri url, string encoding) => new(
        "content-encoding",
        $"source {question.Source}: {ShownText.Of(url)} sends a body packed with \"{ShownText.Of(encoding)}\" though only identity was asked for",
        $"{Stays}; packed bodies are never unpacked: look at what stands between this machine and the address");

    internal static Refusal Html(HttpQuestion question, Uri url) => new(
        "not-a-list",
        $"source {question.Source}: {ShownText.Of(url)} answered with an HTML page, not with a list",
        $"{Stays}; a bot check or a captive portal does this: open the address from this machine and look at it");
}
