using System.Globalization;
using System.Text;
using AllowlistSync.Core.Hosts;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.CrowdSec;

/// <summary>How the service of crowdsec is.</summary>
internal enum CrowdSecService
{
    /// <summary>There is no service manager that we could ask.</summary>
    Unmanaged,

    /// <summary>It runs.</summary>
    Active,

    /// <summary>It does not.</summary>
    Inactive,
}

/// <summary>The crowdsec that runs, its configuration and its service: the other part of <see cref="CrowdSecTool"/>.</summary>
internal sealed class CrowdSecDaemon(IHost host, TimeProvider time)
{
    /// <summary>The service, as the packages of Debian and of crowdsec name it.</summary>
    public const string Unit = "crowdsec.service";

    /// <summary>What tests a configuration, for messages.</summary>
    public const string Test = "crowdsec -c /etc/crowdsec/config.yaml -t";

    private static readonly TimeSpan TestTimeout = TimeSpan.FromSeconds(120);

    // The pauses that 1.4.6 makes when it stops for a reload (cmd/crowdsec/serve.go); then it reads as a test does.
    private static readonly TimeSpan Stopping = TimeSpan.FromSeconds(2.5);

    private TimeSpan _reading;

    /// <summary>When it was told to load its configuration by us; null when it never was.</summary>
    public long? ReloadedAt { get; private set; }

    /// <summary>Lets crowdsec read its configuration as it is in place.</summary>
    public async ValueTask TestAsync(CancellationToken cancellationToken)
    {
        var words = Test.Split(' ');
        var command = new HostCommand(words[0], [.. words[1..]]) { Timeout = TestTimeout };
        var start = time.GetTimestamp();
        var result = await CrowdSecErrors.Test.RunAsync(host, command, Aftermath.Untouched, cancellationToken);
        _reading = time.GetElapsedTime(start);
        if (result.ExitCode != 0)
        {
            throw CrowdSecErrors.Test.Of(command, result with { Error = Fatal(result.Error) }, Aftermath.Untouched);
        }
    }

    /// <summary>How its service is (systemctl(1): <c>is-active</c> prints the state).</summary>
    public async ValueTask<CrowdSecService> ReadServiceAsync(CancellationToken cancellationToken)
    {
        try
        {
            var result = await host.RunAsync(new HostCommand("systemctl", ["is-active", Unit]) { OnlyLooks = true }, cancellationToken);
            return Encoding.UTF8.GetString(result.Output.Span).Trim() switch
            {
                "active" or "reloading" => CrowdSecService.Active,
                "" => CrowdSecService.Unmanaged,
                _ => CrowdSecService.Inactive,
            };
        }
        catch (HostException missing) when (missing.Failure == HostFailure.NotFound)
        {
            return CrowdSecService.Unmanaged;
        }
        catch (HostException failed)
        {
            throw CrowdSecErrors.Service.Of(failed, Aftermath.Untouched);
        }
    }

    /// <summary>
    /// Tells the service to read its configuration again, which is <c>kill -HUP</c> in its unit, and waits until it must have done so. Only ever through the unit: without <c>daemonize: true</c>, and while it starts, the
    /// signal ends crowdsec (seen with 1.4.6). Nothing may be changed among its files meanwhile: what is gone between listing and reading ends it as well.
    /// </summary>
    public async ValueTask ReloadAsync(CancellationToken cancellationToken)
    {
        var command = new HostCommand("systemctl", ["reload", Unit]);
        var result = await CrowdSecErrors.Service.RunAsync(host, command, Aftermath.Unknown, cancellationToken);
        ReloadedAt = time.GetTimestamp();
        if (result.ExitCode != 0)
        {
            throw CrowdSecErrors.Service.Of(command, result, Aftermath.Unknown);
        }

        await Task.Delay(Stopping + (2 * _reading), time, cancellationToken);
        if (await ReadServiceAsync(cancellationToken) != CrowdSecService.Active)
        {
            throw new ProviderException(FailureKind.Unavailable, Aftermath.Unknown, $"{Unit} ended when it was told to load its configuration", $"`systemctl status {Unit}` and crowdsec's log say why; start it again");
        }
    }

    /// <summary>When the longest running crowdsec of this host was started; null when none runs or nobody can tell.</summary>
    public async ValueTask<DateTimeOffset?> ReadStartAsync(CancellationToken cancellationToken)
    {
        var command = new HostCommand("ps", ["-C", "crowdsec", "-o", "etimes="]) { OnlyLooks = true };
        var result = await CrowdSecErrors.Service.RunAsync(host, command, Aftermath.Untouched, cancellationToken);
        var ages = Encoding.UTF8.GetString(result.Output.Span).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
            .Select(word => long.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds) ? seconds : 0).ToList();
        return ages.Count == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(time.GetUtcNow().ToUnixTimeSeconds() - ages.Max());
    }

    // It tells of every parser that it loads; what matters are the lines on which it gave up.
    private static string Fatal(string error) => error.Split('\n').Where(line => line.Contains("level=fatal", StringComparison.Ordinal)).ToList() is { Count: > 0 } fatal ? string.Join('\n', fatal) : error;
}
