using System.Text;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace AllowlistSync.Daemon.Web;

/// <summary>Takes a request of Kestrel apart, lets gate and pages answer, and writes the answer with the headers that each one has.</summary>
internal sealed partial class WebApplicationCore(WebPages pages, WebGate gate, ILogger log) : IHttpApplication<HttpContext>
{
    private static readonly WebAnswer Broken = new(500, WebAnswer.Plain, "the answer could not be made; the log of the daemon says why\n");

    /// <inheritdoc/>
    public HttpContext CreateContext(IFeatureCollection contextFeatures) => new DefaultHttpContext(contextFeatures);

    /// <inheritdoc/>
    public void DisposeContext(HttpContext context, Exception? exception)
    {
    }

    /// <inheritdoc/>
    public async Task ProcessRequestAsync(HttpContext context)
    {
        var answer = gate.Refuse(Header(context, "Host"), Header(context, "Authorization")) ?? Answer(context.Request);
        var response = context.Response;
        response.StatusCode = answer.Status;
        response.ContentType = answer.ContentType;
        WebHeaders.Write(response.Headers, answer);
        var bytes = Encoding.UTF8.GetBytes(answer.Text);
        response.ContentLength = bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await response.Body.WriteAsync(bytes, context.RequestAborted);
        }
    }

    private static string? Header(HttpContext context, string name) => context.Request.Headers.TryGetValue(name, out var values) ? values.ToString() : null;

    private static WebQuestion Question(HttpRequest request) => new(request.Method, request.Path.Value ?? "/")
    {
        WantsJson = request.Query["format"] == "json" || PrefersJson(request.Headers.Accept.ToString()),
    };

    // Browsers name text/html first; a program that wants JSON names it and no HTML.
    private static bool PrefersJson(string accept) =>
        accept.Contains("application/json", StringComparison.OrdinalIgnoreCase) && !accept.Contains("text/html", StringComparison.OrdinalIgnoreCase);

    [LoggerMessage(602, LogLevel.Error, "no answer could be made for {Path}; the daemon goes on; please report this")]
    private static partial void LogBroken(ILogger log, string path, Exception exception);

    private WebAnswer Answer(HttpRequest request)
    {
        var question = Question(request);
        try
        {
            return pages.Answer(question);
        }
#pragma warning disable CA1031 // One page that cannot be made must not end the connection without a word.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            LogBroken(log, Uri.EscapeDataString(question.Path), exception);
            return Broken;
        }
    }
}
