using System.Globalization;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http;

namespace AllowlistSync.TestKit;

/// <summary>A way in which a forge goes wrong. All are in <see cref="ForgeFaults"/>.</summary>
/// <param name="at">The request, and what would be the true answer.</param>
public delegate Task ForgeFault(ForgeFaultCase at);

/// <summary>A request that goes wrong.</summary>
/// <param name="Server">The forge.</param>
/// <param name="Http">The request and its response.</param>
/// <param name="Request">The request.</param>
/// <param name="ReplyAsync">Does what was asked, and gives the answer that would be sent.</param>
public sealed record ForgeFaultCase(ForgeServer Server, HttpContext Http, ForgeRequest Request, Func<Task<ForgeReply>> ReplyAsync);

/// <summary>Ways in which a forge goes wrong.</summary>
public static class ForgeFaults
{
    /// <summary>A status and a message.</summary>
    public static ForgeFault Status(int status, string message, params (string Name, string Value)[] headers) => at =>
        ForgeServer.SendAsync(at.Http, new ForgeReply(status, new JsonObject { ["message"] = message }) { Headers = headers.ToDictionary(one => one.Name, one => one.Value, StringComparer.Ordinal) });

    /// <summary>429 with Retry-After, its text in plain text as GitLab has it.</summary>
    public static ForgeFault TooMany(long retryAfter) => at =>
    {
        at.Http.Response.Headers.RetryAfter = retryAfter.ToString(CultureInfo.InvariantCulture);
        return TextAsync(at, 429, "text/plain", "Retry later\n");
    };

    /// <summary>GitHub's limit for what comes too fast.</summary>
    public static ForgeFault SecondaryLimit(int retryAfter) =>
        Status(403, "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.", ("retry-after", retryAfter.ToString(CultureInfo.InvariantCulture)));

    /// <summary>GitHub's limit of an hour.</summary>
    public static ForgeFault PrimaryLimit(DateTimeOffset reset) =>
        Status(403, "API rate limit exceeded for user ID 1.", ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", reset.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)));

    /// <summary>A failure of its own.</summary>
    public static ForgeFault ServerError(int status = 500) => Status(status, "Internal Server Error");

    /// <summary>It takes no requests for a while, and says for how long.</summary>
    public static ForgeFault Maintenance(int retryAfter) => Status(503, "Service Unavailable", ("retry-after", retryAfter.ToString(CultureInfo.InvariantCulture)));

    /// <summary>A page for people in the place of an answer; nothing is done.</summary>
    public static ForgeFault Html(int status = 200) => at => TextAsync(at, status, "text/html; charset=utf-8", "<!DOCTYPE html>\n<html><body>Please sign in</body></html>\n");

    /// <summary>Another address.</summary>
    public static ForgeFault Redirect(string to, int status = 301) => at =>
    {
        at.Http.Response.Headers.Location = to;
        return ForgeServer.SendAsync(at.Http, new ForgeReply(status, new JsonObject { ["message"] = "Moved Permanently", ["url"] = to }));
    };

    /// <summary>An answer that shows what it was asked with.</summary>
    public static ForgeFault EchoesToken(int status) => at =>
    {
        var sent = $"{at.Request.Header("authorization")} {at.Request.Header("private-token")}";
        return Status(status, $"cannot work with {sent.Trim()}", ("x-accepted-oauth-scopes", sent.Trim()))(at);
    };

    /// <summary>The same in a page, at the place where a message is cut off.</summary>
    public static ForgeFault EchoesTokenInPage(int status) => at =>
        TextAsync(at, status, "text/html", new string('x', 180) + at.Request.Header("authorization") + at.Request.Header("private-token"));

    /// <summary>No answer.</summary>
    public static ForgeFault Hang() => at => Task.Delay(Timeout.InfiniteTimeSpan, at.Http.RequestAborted);

    /// <summary>Does what was asked, and resets the connection in the place of an answer.</summary>
    public static ForgeFault CutAfterDoing() => async at =>
    {
        await at.ReplyAsync();
        Reset(at.Http);
    };

    /// <summary>Sends half of the answer and resets the connection.</summary>
    public static ForgeFault CutInAnswer() => async at =>
    {
        var body = (await at.ReplyAsync()).Body!.ToJsonString();
        at.Http.Response.ContentLength = body.Length + 100;
        await at.Http.Response.WriteAsync(body[..(body.Length / 2)], at.Http.RequestAborted);
        await at.Http.Response.Body.FlushAsync(at.Http.RequestAborted);
        Reset(at.Http);
    };

    private static void Reset(HttpContext http)
    {
        if (http.Features.Get<IConnectionSocketFeature>() is { } connection)
        {
            connection.Socket.LingerState = new LingerOption(enable: true, 0);
        }

        http.Abort();
    }

    private static Task TextAsync(ForgeFaultCase at, int status, string type, string text)
    {
        (at.Http.Response.StatusCode, at.Http.Response.ContentType) = (status, type);
        return at.Http.Response.WriteAsync(text, at.Http.RequestAborted);
    }
}
