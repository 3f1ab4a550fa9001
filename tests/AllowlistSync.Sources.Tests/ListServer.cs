using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace AllowlistSync.Sources.Tests;

/// <summary>A server on loopback whose every answer a test writes itself.</summary>
internal sealed class ListServer : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly ConcurrentQueue<string> _paths = new();

    private ListServer(RequestDelegate answer)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(options => options.Listen(IPAddress.Loopback, 0));
        _app = builder.Build();
        _app.Run(http =>
        {
            _paths.Enqueue(http.Request.Path.Value ?? "");
            return answer(http);
        });
    }

    internal IReadOnlyList<string> Paths => [.. _paths];

    internal Uri Root => new(_app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    internal static async Task<ListServer> StartAsync(RequestDelegate answer, CancellationToken ct)
    {
        var server = new ListServer(answer);
        await server._app.StartAsync(ct);
        return server;
    }

    internal static Task<ListServer> StartAsync(string body, CancellationToken ct) => StartAsync(http => http.Response.WriteAsync(body, http.RequestAborted), ct);

    public async ValueTask DisposeAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _app.StopAsync(now.Token);
        await _app.DisposeAsync();
    }
}
