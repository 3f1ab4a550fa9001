using System.Text;
using AllowlistSync.TestKit;

namespace AllowlistSync.Sources.Tests;

/// <summary>Answers with a body that a test writes itself.</summary>
internal static class Bodies
{
    internal static Answer Json(string body) => Of(body, "application/json");

    internal static Answer Text(string body) => Of(body, "text/plain");

    /// <summary>Without Content-Length: the end comes with the last chunk.</summary>
    internal static Answer Chunked(int bytes) => async question =>
    {
        question.Http.Response.ContentType = "text/plain";
        var chunk = new byte[64 * 1024];
        Array.Fill(chunk, (byte)'\n');
        for (var sent = 0; sent < bytes; sent += chunk.Length)
        {
            await question.Http.Response.Body.WriteAsync(chunk, question.Http.RequestAborted);
        }
    };

    private static Answer Of(string body, string type) => async question =>
    {
        question.Http.Response.ContentType = type;
        await question.Http.Response.Body.WriteAsync(Encoding.UTF8.GetBytes(body), question.Http.RequestAborted);
    };
}
