using System.Runtime.CompilerServices;
using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace AllowlistSync.Daemon.Web.Metrics;

/// <summary>
/// Sends the numbers by OTLP when <see cref="EndpointVariable"/> is set. OpenTelemetry reads its other variables itself
/// (<c>OTEL_EXPORTER_OTLP_PROTOCOL</c>, <c>OTEL_METRIC_EXPORT_INTERVAL</c> and so on).
/// </summary>
internal static class OtlpExport
{
    /// <summary>Where to send; without it nothing of OpenTelemetry is loaded, and nothing wakes up.</summary>
    public const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    /// <summary>Starts to send when there is a receiver; the end of what is returned sends what is left.</summary>
    /// <param name="version">The version of the program.</param>
    /// <param name="node">The name of this node.</param>
    public static IDisposable? Start(string version, string node) =>
        string.IsNullOrWhiteSpace(Environment.GetEnvironmentVariable(EndpointVariable)) ? null : Load(version, node);

    // Not inlined, and no type of OpenTelemetry in its signature: only a call loads it.
    [MethodImpl(MethodImplOptions.NoInlining)]
    private static IDisposable Load(string version, string node) => Sdk.CreateMeterProviderBuilder()
        .ConfigureResource(resource => resource.AddService("allowlist-sync", serviceVersion: version, serviceInstanceId: node))
        .AddMeter(DaemonMetrics.MeterName)
        .AddOtlpExporter()
        .Build();
}
