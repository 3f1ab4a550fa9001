using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Configuration;

/// <summary>One firewall of the configuration.</summary>
/// <param name="Target">What every target has.</param>
/// <param name="Settings">What only its provider knows; already checked by it.</param>
public sealed record TargetConfig(Target Target, ProviderSettings Settings)
{
    /// <summary>The firewall object as one text: host, provider, settings. Two targets with the same place are one firewall.</summary>
    public static string PlaceOf(string host, string provider, ProviderSettings settings) =>
        string.Join(' ', [$"{provider} on {host}:", .. settings.Values.Select(pair => $"{pair.Key}={pair.Value}"), .. settings.Lists.Select(pair => $"{pair.Key}=[{string.Join(' ', pair.Value)}]")]);

    /// <summary>The ports of a target that names none: HTTP and HTTPS over TCP.</summary>
    public static PortSet DefaultPorts { get; } = PortSet.Of(PortRange.Tcp(80), PortRange.Tcp(443));
}
