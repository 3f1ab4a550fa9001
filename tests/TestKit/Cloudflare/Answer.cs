using Microsoft.AspNetCore.Http;

namespace AllowlistSync.TestKit;

/// <summary>How a route answers. All answers are in <see cref="Answers" />.</summary>
/// <param name="question">What is asked, and what would be the true answer.</param>
public delegate Task Answer(Question question);

/// <summary>A request, and what is needed to answer it.</summary>
/// <param name="Http">The request and its response.</param>
/// <param name="Route">Which route was asked.</param>
/// <param name="Publication">What the server publishes now.</param>
public sealed record Question(HttpContext Http, CloudflareRoute Route, Publication Publication)
{
    internal CancellationToken Aborted => Http.RequestAborted;

    /// <summary>The true answer's body.</summary>
    internal string TrueBody => CloudflareShape.Render(Route, Publication, Http.Request.Query["networks"] == "jdcloud");

    internal Task SendAsync(string body, int status = 200, string? contentType = null)
    {
        return SendAsync(System.Text.Encoding.UTF8.GetBytes(body), status, contentType);
    }

    internal async Task SendAsync(byte[] body, int status = 200, string? contentType = null)
    {
        Http.Response.StatusCode = status;
        Http.Response.ContentType = contentType ?? CloudflareShape.ContentType(Route);
        Http.Response.ContentLength = body.Length;
        await Http.Response.Body.WriteAsync(body, Aborted);
    }
}
