using System.Net;
using System.Net.Sockets;
using AllowlistSync.Configuration;
using AllowlistSync.Core.Providers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace AllowlistSync.Daemon.Web;

/// <summary>
/// Kestrel by itself. The host that knows how to make it is never started: no lifetime that takes signals away from the daemon, no
/// configuration from the environment, no routing. What Kestrel itself would say is about strangers that hang up, and goes nowhere.
/// </summary>
internal sealed class WebServer
{
    private const string Id = "listen";
    private const int MostConnections = 64;

    private readonly IServer _kestrel;
    private readonly WebApplication _services;
    private readonly CertificateFiles? _certificates;

    private WebServer(ListenConfig listen, WebPages pages, ILogger log)
    {
        Listen = listen;
        _certificates = listen.Tls is { } tls ? CertificateFiles.Load(tls, log) : null;
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(options =>
        {
            options.AddServerHeader = false;
            Limit(options.Limits);
            options.Listen(listen.Address!, Protect);
        });
        _services = builder.Build();
        _kestrel = _services.Services.GetRequiredService<IServer>();
        Application = new WebApplicationCore(pages, new WebGate(listen), log);
    }

    /// <summary>What it was told.</summary>
    public ListenConfig Listen { get; }

    /// <summary>Where it listens.</summary>
    public IPEndPoint Address => _kestrel.Features.Get<IServerAddressesFeature>()?.Addresses.FirstOrDefault() is { } url
        ? new(Listen.Address!.Address, new Uri(url).Port)
        : Listen.Address!;

    private WebApplicationCore Application { get; }

    /// <summary>Starts a server, or says why there is none.</summary>
    public static async Task<(WebServer? Server, Finding? Problem)> TryStartAsync(ListenConfig listen, WebPages pages, ILogger log, CancellationToken cancellationToken)
    {
        WebServer? server = null;
        try
        {
            server = new WebServer(listen, pages, log);
            await server._kestrel.StartAsync(server.Application, cancellationToken);
            return (server, null);
        }
        catch (Exception exception) when (exception is IOException or SocketException or CertificateException)
        {
            if (server is not null)
            {
                await server.StopAsync(cancellationToken);
            }

            return (null, Explain(listen, exception));
        }
    }

    /// <summary>Lets open requests end until the token says that it is enough.</summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _kestrel.StopAsync(cancellationToken);
        await _services.DisposeAsync();
    }

    private static void Limit(KestrelServerLimits limits)
    {
        limits.MaxConcurrentConnections = MostConnections;
        limits.MaxRequestBodySize = 0;
        limits.MaxRequestHeadersTotalSize = 16 * 1024;
        limits.RequestHeadersTimeout = TimeSpan.FromSeconds(10);
        limits.KeepAliveTimeout = TimeSpan.FromSeconds(90);
    }

    private static Finding Explain(ListenConfig listen, Exception exception)
    {
        var at = listen.Address!;
        const string Without = "health, metrics and the status page are not served; everything else goes on";
        return exception switch
        {
            CertificateException => Problem($"{exception.Message}; {Without}", "mend the file, then reload the configuration"),
            _ when Find(exception, SocketError.AddressAlreadyInUse) => Problem(
                $"{at} is taken by another program, perhaps by another daemon of allowlist-sync; {Without}",
                $"see who holds it with `ss -ltnp 'sport = :{at.Port}'`; end that, or write another address at listen; then reload the configuration"),
            _ when Find(exception, SocketError.AccessDenied) => Problem(
                $"{at} may not be opened by this user; {Without}", "write a port above 1023 at listen, or give the service CAP_NET_BIND_SERVICE; then reload the configuration"),
            _ when Find(exception, SocketError.AddressNotAvailable) => Problem(
                $"{at} is no address of this machine; {Without}", "see its addresses with `ip address`, and write one of them at listen; then reload the configuration"),
            _ => Problem($"{at} could not be opened: {exception.Message}; {Without}", "mend that, then reload the configuration"),
        };
    }

    private static Finding Problem(string message, string remedy) => new(Id, Severity.Problem, message, remedy);

    private static bool Find(Exception? exception, SocketError error) => exception switch
    {
        null => false,
        SocketException socket when socket.SocketErrorCode == error => true,
        AddressInUseException when error == SocketError.AddressAlreadyInUse => true,
        _ => Find(exception.InnerException, error),
    };

    private void Protect(ListenOptions listen)
    {
        listen.Protocols = HttpProtocols.Http1;
        if (_certificates is { } certificates)
        {
            listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = _ => ValueTask.FromResult(certificates.ForConnection()) });
        }
    }
}
