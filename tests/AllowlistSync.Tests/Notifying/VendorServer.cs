using System.Collections.Concurrent;
using System.Net.Sockets;
using System.Text;
using AllowlistSync.TestKit;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Xunit;

namespace AllowlistSync.Tests.Notifying;

/// <summary>What a receiver got.</summary>
internal sealed record Received(IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    public string Text => Encoding.UTF8.GetString(Body);
}

/// <summary>A receiver on loopback that refuses with 400 what the vendor of its rules refuses.</summary>
internal sealed class VendorServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly Func<Received, string?> _wrong;

    private VendorServer(Func<Received, string?> wrong, Socket socket)
    {
        _wrong = wrong;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.ListenAt(socket);
        _app = builder.Build();
        _app.Run(AnswerAsync);
    }

    /// <summary>What was taken, in order.</summary>
    public ConcurrentQueue<Received> Taken { get; } = new();

    /// <summary>How many requests came.</summary>
    public int Asked { get; private set; }

    /// <summary>What it answers instead of judging; null to judge.</summary>
    public Func<HttpContext, Task>? Instead { get; set; }

    /// <summary>The address; its path is the token.</summary>
    public string Url => _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single() + "/hooks/hunter2hunter2";

    public static async Task<VendorServer> StartAsync(Func<Received, string?>? wrong = null) => await StartAsync(wrong, await LoopbackSocket.BindAsync(null));

    /// <summary>Starts one on a sandbox's loopback: it takes everything.</summary>
    public static async Task<VendorServer> StartInAsync(Sandbox sandbox) => await StartAsync(null, await LoopbackSocket.BindAsync(sandbox));

    private static async Task<VendorServer> StartAsync(Func<Received, string?>? wrong, Socket socket)
    {
        var server = new VendorServer(wrong ?? (_ => null), socket);
        await server._app.StartAsync(TestContext.Current.CancellationToken);
        return server;
    }

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        Asked++;
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        if (Instead is { } answer)
        {
            await answer(http);
            return;
        }

        var received = new Received(http.Request.Headers.ToDictionary(header => header.Key, header => header.Value.ToString(), StringComparer.OrdinalIgnoreCase), body.ToArray());
        var wrong = http.Request.Method != "POST" || http.Request.ContentType?.StartsWith("application/json", StringComparison.Ordinal) != true ? "invalid_content_type" : _wrong(received);
        if (wrong is null)
        {
            Taken.Enqueue(received);
        }

        http.Response.StatusCode = wrong is null ? 200 : 400;
        await http.Response.WriteAsync(wrong ?? "ok", http.RequestAborted);
    }
}
