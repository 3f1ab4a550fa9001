using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Hosts.Ssh;

namespace AllowlistSync.Configuration;

/// <summary>One firewall of the configuration.</summary>
/// <param name="Target">What every target has.</param>
/// <param name="Settings">What only its provider knows; already checked by it.</param>
public sealed record TargetConfig(Target Target, ProviderSettings Settings)
{
    /// <summary>The value of <c>host</c> as it is written: an address, or the name of a group.</summary>
    public string WrittenHost { get; init; } = Target.Host;

    /// <summary>Its place in the list of the file; targets of one group have the same.</summary>
    public int Position { get; init; }

    /// <summary>How its host is signed in to.</summary>
    public SshOptions Ssh { get; init; } = SshOptions.Default;

    /// <summary>True when a person means this target: by its own name, or by the one that it has in the file.</summary>
    public bool IsNamed(IEnumerable<string> names) => names.Any(name => name == Target.Name || name == Target.Mark);

    /// <summary>The firewall object as one text: host, provider, settings. Two targets with the same place are one firewall.</summary>
    public static string PlaceOf(string host, string provider, ProviderSettings settings) =>
        string.Join(' ', [$"{provider} on {host}:", .. settings.Values.Select(pair => $"{pair.Key}={pair.Value}"), .. settings.Lists.Select(pair => $"{pair.Key}=[{string.Join(' ', pair.Value)}]")]);

    /// <summary>The ports of a target that names none: HTTP and HTTPS over TCP.</summary>
    public static PortSet DefaultPorts { get; } = PortSet.Of(PortRange.Tcp(80), PortRange.Tcp(443));
}
