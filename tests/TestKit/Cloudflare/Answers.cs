using System.Globalization;

namespace AllowlistSync.TestKit;

/// <summary>
/// Every answer that a client of Cloudflare's lists may get. This part: true ones and wrong lists; each takes the shape of the route that
/// gives it. The other part: what can go wrong on the way.
/// </summary>
public static partial class Answers
{
    /// <summary>The true answer: what the server publishes; the API with an ETag, and 304 when the client has it already.</summary>
    public static Answer Normal()
    {
        return Changed(publication => publication);
    }

    /// <summary>Another publication than the server's.</summary>
    public static Answer Of(Publication publication)
    {
        return Changed(_ => publication);
    }

    /// <summary>The list without these prefixes.</summary>
    public static Answer Removed(params string[] prefixes)
    {
        return Changed(publication => publication.Without(prefixes));
    }

    /// <summary>The list with these prefixes at its end.</summary>
    public static Answer Added(params string[] prefixes)
    {
        return Changed(publication => publication.Plus(prefixes));
    }

    /// <summary>A well-formed answer with no prefix at all.</summary>
    public static Answer EmptyLists()
    {
        return Changed(_ => Publication.With([], []));
    }

    /// <summary>Prefixes with bits behind their length: 104.16.0.1/13 and 2400:cb00::1/32.</summary>
    public static Answer HostBitsSet()
    {
        return Changed(publication => publication.Without("104.16.0.0/13", "2400:cb00::/32").Plus("104.16.0.1/13", "2400:cb00::1/32"));
    }

    /// <summary>The whole Internet is on the list.</summary>
    public static Answer DefaultRoute()
    {
        return Added("0.0.0.0/0", "::/0");
    }

    /// <summary>Private addresses are on the list.</summary>
    public static Answer PrivateRange()
    {
        return Added("10.0.0.0/8", "fc00::/7");
    }

    /// <summary>An IPv6 prefix is in the list of IPv4.</summary>
    public static Answer V6InV4List()
    {
        return Changed(publication => Publication.With(publication.IPv4.Append("2606:4700::/32"), publication.IPv6));
    }

    /// <summary>Every prefix twice.</summary>
    public static Answer Duplicates()
    {
        return Changed(publication => Publication.With(publication.IPv4.Concat(publication.IPv4), publication.IPv6.Concat(publication.IPv6)));
    }

    /// <summary>The last prefix of IPv4 and the first of IPv6 in one line, as when two files without a newline at the end are joined: 131.0.72.0/222400:cb00::/32.</summary>
    public static Answer GluedText()
    {
        return question => question.SendAsync(question.Route == CloudflareRoute.Api
            ? CloudflareShape.Render(question.Route, Publication.With([.. question.Publication.IPv4.SkipLast(1), Glue(question.Publication)], question.Publication.IPv6))
            : string.Join('\n', question.Publication.IPv4) + string.Join('\n', question.Publication.IPv6));
    }

    /// <summary>The API's own way to say no: success is false, with an error.</summary>
    public static Answer SuccessFalse(int status = 200)
    {
        return question => question.SendAsync(CloudflareShape.Failure(10000, "Authentication error"), status, "application/json");
    }

    /// <summary>Only the first bytes of the true answer, with a Content-Length that fits them: nothing on the wire shows that there is more.</summary>
    public static Answer Truncated(int bytes)
    {
        return question => question.SendAsync(question.TrueBody[..Math.Min(bytes, question.TrueBody.Length)]);
    }

    /// <summary>The first half of the true answer.</summary>
    public static Answer HalfJson()
    {
        return question => question.SendAsync(question.TrueBody[..(question.TrueBody.Length / 2)]);
    }

    /// <summary>The first answer to the first request, the second to the second, and so on.</summary>
    public static Answer Flapping(Answer first, Answer second)
    {
        int count = -1;
        return question => Interlocked.Increment(ref count) % 2 == 0 ? first(question) : second(question);
    }

    private static string Glue(Publication publication)
    {
        return publication.IPv4[^1] + publication.IPv6[0];
    }

    private static Answer Changed(Func<Publication, Publication> change)
    {
        return question =>
        {
            var asked = question with { Publication = change(question.Publication) };
            if (question.Route != CloudflareRoute.Api)
            {
                return asked.SendAsync(asked.TrueBody);
            }

            string tag = string.Create(CultureInfo.InvariantCulture, $"\"{asked.Publication.ETag}\"");
            question.Http.Response.Headers.ETag = tag;
            if (question.Http.Request.Headers.IfNoneMatch.Contains(tag))
            {
                question.Http.Response.StatusCode = 304;
                return Task.CompletedTask;
            }

            return asked.SendAsync(asked.TrueBody);
        };
    }
}
