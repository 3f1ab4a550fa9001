using System.Collections.Concurrent;
using System.Net;
using System.Text;
using AllowlistSync.Daemon.Web.Metrics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace AllowlistSync.Tests.Daemon.Web;

public sealed class OtlpExportTests
{
    private const string Protocol = "OTEL_EXPORTER_OTLP_PROTOCOL";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Numbers_are_sent_to_the_receiver_that_the_environment_names_and_without_one_nothing_is_loaded()
    {
        OtlpExport.Start("0.1.0", "web-1").ShouldBeNull();
        AppDomain.CurrentDomain.GetAssemblies().Select(assembly => assembly.GetName().Name!)
            .ShouldNotContain(name => name.StartsWith("OpenTelemetry", StringComparison.Ordinal));

        var received = new ConcurrentQueue<byte[]>();
        await using var receiver = await StartReceiverAsync(received);
        var url = receiver.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single();
        using var metrics = new DaemonMetrics(() => Snapshots.Full, () => new(Snapshots.Now, 1));
        await metrics.RunEndedAsync(Snapshots.Run("web", "inSync"), Ct);
        try
        {
            Environment.SetEnvironmentVariable(Protocol, "http/protobuf");
            Environment.SetEnvironmentVariable(OtlpExport.EndpointVariable, url);
            using var export = OtlpExport.Start("0.1.0", "web-1").ShouldNotBeNull();
        }
        finally
        {
            Environment.SetEnvironmentVariable(Protocol, null);
            Environment.SetEnvironmentVariable(OtlpExport.EndpointVariable, null);
        }

        var body = Encoding.Latin1.GetString(received.ShouldHaveSingleItem());
        foreach (var text in new[] { "service.name", "allowlist-sync", "web-1", "AllowlistSync", "allowlist_sync.runs", "allowlist_sync.target_in_sync", "process_resident_memory_bytes", "mail" })
        {
            body.ShouldContain(text);
        }
    }

    // Refuses what a collector refuses: another path, another type.
    private static async Task<WebApplication> StartReceiverAsync(ConcurrentQueue<byte[]> received)
    {
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore().ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0));
        var app = builder.Build();
        app.Run(async context =>
        {
            if (context.Request.Path != "/v1/metrics" || context.Request.Method != "POST")
            {
                context.Response.StatusCode = 404;
            }
            else if (context.Request.ContentType != "application/x-protobuf")
            {
                context.Response.StatusCode = 415;
            }
            else
            {
                using var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body, context.RequestAborted);
                received.Enqueue(body.ToArray());
                context.Response.ContentType = "application/x-protobuf";
            }
        });
        await app.StartAsync(Ct);
        return app;
    }
}
