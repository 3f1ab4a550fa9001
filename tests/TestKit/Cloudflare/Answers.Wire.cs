using System.IO.Compression;
using System.Net.Sockets;
using System.Text;
using Microsoft.AspNetCore.Connections.Features;

namespace AllowlistSync.TestKit;

/// <content>What can go wrong between the list and its reader.</content>
public static partial class Answers
{
    private const int Mebi = 1024 * 1024;
    private static readonly Lazy<byte[]> Bomb = new(MakeBomb);

    /// <summary>Status 200 and nothing else.</summary>
    public static Answer EmptyOk()
    {
        return question => question.SendAsync(string.Empty);
    }

    /// <summary>A page for people where a list was expected, as a challenge or a captive portal sends it. Usual with 200 and 403.</summary>
    public static Answer Html(int status = 200)
    {
        return question => question.SendAsync(
            "<!DOCTYPE html>\n<html><head><title>Just a moment...</title></head><body>Checking your browser, 192.0.2.1/32</body></html>\n",
            status,
            "text/html; charset=UTF-8");
    }

    /// <summary>404 with the API's error.</summary>
    public static Answer NotFound()
    {
        return SuccessFalse(404);
    }

    /// <summary>A 5xx with a line of text.</summary>
    public static Answer ServerError(int status = 503)
    {
        return question => question.SendAsync($"error code: {status}", status, "text/plain; charset=UTF-8");
    }

    /// <summary>302 to an address.</summary>
    public static Answer Redirect(string to)
    {
        return question =>
        {
            question.Http.Response.Headers.Location = to;
            return question.SendAsync(string.Empty, 302);
        };
    }

    /// <summary>302 to the same path on a host that does not exist (RFC 6761: .invalid). To see whether a client follows, redirect to a second server.</summary>
    public static Answer RedirectToOtherHost()
    {
        return question => Redirect($"http://lists.invalid{question.Http.Request.Path}")(question);
    }

    /// <summary>The true answer and then spaces, up to 2 MiB: right in all but its size.</summary>
    public static Answer TwoMiB()
    {
        return question => question.SendAsync(question.TrueBody.PadRight(2 * Mebi));
    }

    /// <summary>The true answer, all of it, after a delay.</summary>
    public static Answer Slow(TimeSpan delay)
    {
        return async question =>
        {
            await Task.Delay(delay, TimeProvider.System, question.Aborted);
            await Normal()(question);
        };
    }

    /// <summary>The true answer byte by byte, with a pause before each.</summary>
    public static Answer Drip(TimeSpan pause)
    {
        return async question =>
        {
            var body = Encoding.UTF8.GetBytes(question.TrueBody);
            question.Http.Response.ContentType = CloudflareShape.ContentType(question.Route);
            question.Http.Response.ContentLength = body.Length;
            for (int i = 0; i < body.Length; i++)
            {
                await Task.Delay(pause, TimeProvider.System, question.Aborted);
                await question.Http.Response.Body.WriteAsync(body.AsMemory(i, 1), question.Aborted);
                await question.Http.Response.Body.FlushAsync(question.Aborted);
            }
        };
    }

    /// <summary>A reset instead of an answer.</summary>
    public static Answer ConnectionReset()
    {
        return question =>
        {
            Reset(question);
            return Task.CompletedTask;
        };
    }

    /// <summary>The whole true answer under a Content-Length that promises 100 bytes more, and then the end of the connection.</summary>
    public static Answer WrongContentLength()
    {
        return async question =>
        {
            var body = Encoding.UTF8.GetBytes(question.TrueBody);
            question.Http.Response.ContentType = CloudflareShape.ContentType(question.Route);
            question.Http.Response.ContentLength = body.Length + 100;
            await question.Http.Response.Body.WriteAsync(body, question.Aborted);
            await question.Http.Response.Body.FlushAsync(question.Aborted);
            question.Http.Abort();
        };
    }

    /// <summary>64 MiB of spaces in some 64 KiB of gzip, sent whether the client said that it takes gzip or not.</summary>
    public static Answer GzipBomb()
    {
        return question =>
        {
            question.Http.Response.Headers.ContentEncoding = "gzip";
            return question.SendAsync(Bomb.Value);
        };
    }

    private static void Reset(Question question)
    {
        if (question.Http.Features.Get<IConnectionSocketFeature>() is { } connection)
        {
            connection.Socket.LingerState = new LingerOption(enable: true, 0);
        }

        question.Http.Abort();
    }

    private static byte[] MakeBomb()
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest))
        {
            var spaces = new byte[Mebi];
            Array.Fill(spaces, (byte)' ');
            for (int i = 0; i < 64; i++)
            {
                gzip.Write(spaces);
            }
        }

        return packed.ToArray();
    }
}
