using AllowlistSync.TestKit;

namespace AllowlistSync.Tests.EndToEnd;

/// <summary>One thing that can be wrong with Cloudflare's lists.</summary>
/// <param name="Name">A sentence's subject.</param>
/// <param name="Rule">The rule that refuses it.</param>
/// <param name="ExitCode">3 for an answer that is refused, 2 for none.</param>
/// <param name="Make">Makes a server answer so.</param>
internal sealed record BadAnswer(string Name, string Rule, int ExitCode, Action<CloudflareServer> Make);

/// <summary>Everything that went wrong at the source in the wild, and what may yet.</summary>
internal static class BadAnswers
{
    private static readonly Publication Real = Publication.Real;

    /// <summary>Answers that are no list of Cloudflare's.</summary>
    public static IReadOnlyList<BadAnswer> Transport { get; } =
    [
        new("redirect to another host", "redirected", 3, server => server.TextIPv4 = Answers.RedirectToOtherHost()),
        new("HTML with status 200 for all", "not-a-list", 3, server => server.AnswerAll(Answers.Html())),
        new("HTML with status 200 for one text list", "not-a-list", 3, server => server.TextIPv6 = Answers.Html()),
        new("HTML with status 403", "http-status", 2, server => server.TextIPv4 = Answers.Html(403)),
        new("404", "http-status", 2, server => server.AnswerAll(Answers.NotFound())),
        new("empty body from the API", "malformed-json", 3, server => server.Api = Answers.EmptyOk()),
        new("empty body for a text list", "empty-list", 3, server => server.TextIPv6 = Answers.EmptyOk()),
        new("status 503", "http-status", 2, server => server.AnswerAll(Answers.ServerError())),
        new("status 500 for one text list", "http-status", 2, server => server.TextIPv4 = Answers.ServerError(500)),
        new("connection reset", "not-fetched", 2, server => server.Api = Answers.ConnectionReset()),
        new("2 MiB", "too-large", 3, server => server.AnswerAll(Answers.TwoMiB())),
        new("gzip that nobody asked for", "content-encoding", 3, server => server.AnswerAll(Answers.GzipBomb())),
        new("half of the JSON", "malformed-json", 3, server => server.Api = Answers.HalfJson()),
        new("success is false", "api-error", 3, server => server.Api = Answers.SuccessFalse()),
    ];

    /// <summary>Lists that cannot be right.</summary>
    public static IReadOnlyList<BadAnswer> Lists { get; } =
    [
        new("glued lines in a text list", "malformed-list", 3, server => server.TextIPv4 = Answers.GluedText()),
        new("glued lines in all", "malformed-list", 3, server => server.AnswerAll(Answers.GluedText())),
        new("host bits", "malformed-list", 3, server => server.AnswerAll(Answers.HostBitsSet())),
        new("default route", "too-wide", 3, server => server.AnswerAll(Answers.DefaultRoute())),
        new("private addresses", "not-public", 3, server => server.AnswerAll(Answers.Added("10.0.0.0/8"))),
        new("IPv6 in the list of IPv4", "wrong-family", 3, server => server.AnswerAll(Answers.V6InV4List())),
        new("duplicates", "duplicate-prefix", 3, server => server.AnswerAll(Answers.Duplicates())),
        new("no IPv6 from the API", "family-missing", 3, server => server.Api = Answers.Of(Publication.With(Real.IPv4, []))),
        new("no IPv6 anywhere", "empty-list", 3, server => server.AnswerAll(Answers.Of(Publication.With(Real.IPv4, [])))),
        new("empty lists", "empty-list", 3, server => server.AnswerAll(Answers.EmptyLists())),
        new("IPv4 cut to 3", "too-few-prefixes", 3, server => server.AnswerAll(Answers.Of(Publication.With(Real.IPv4.Take(3), Real.IPv6)))),
        new("grown by 200 %", "grows-too-much", 3, server => server.AnswerAll(Answers.Added([.. Enumerable.Range(0, 30).Select(n => $"45.{n}.0.0/20")]))),
        new("publications that disagree", "publications-disagree", 3, server => server.Api = Answers.Added("45.64.64.0/22")),
    ];

    public static IReadOnlyList<BadAnswer> All { get; } = [.. Transport, .. Lists];
}
