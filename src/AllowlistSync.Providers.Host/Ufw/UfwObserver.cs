using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Ufw;

/// <summary>Reads what is there of ufw: its settings, its files, and its chains in the kernel.</summary>
internal sealed class UfwObserver(UfwTool tool)
{
    /// <summary>Reads all of it.</summary>
    public async ValueTask<UfwState> ReadAsync(CancellationToken cancellationToken)
    {
        await tool.RequireInstalledAsync(cancellationToken);
        return await ReadAsync(await tool.ReadBackendAsync(cancellationToken), cancellationToken);
    }

    /// <summary>Reads it once more: what is installed does not change within a run.</summary>
    public async ValueTask<UfwState> ReadAsync(UfwBackend backend, CancellationToken cancellationToken)
    {
        var isEnabled = await ReadSwitchAsync(UfwPlaces.Configuration, "ENABLED", cancellationToken);
        var hasIPv6 = await ReadSwitchAsync(UfwPlaces.Defaults, "IPV6", cancellationToken);
        var ipv4 = await ReadFileAsync(IpFamily.IPv4, isNeeded: true, cancellationToken);
        var ipv6 = await ReadFileAsync(IpFamily.IPv6, isNeeded: hasIPv6, cancellationToken);
        var chains = await Task.WhenAll(
            tool.ReadChainAsync(backend, IpFamily.IPv4, cancellationToken).AsTask(),
            tool.ReadChainAsync(backend, IpFamily.IPv6, cancellationToken).AsTask());
        return new UfwState(isEnabled, hasIPv6, backend, new UfwFamily(IpFamily.IPv4, ipv4, chains[0]), new UfwFamily(IpFamily.IPv6, ipv6, chains[1]));
    }

    private async ValueTask<bool> ReadSwitchAsync(string path, string name, CancellationToken cancellationToken) =>
        await tool.ReadAsync(path, cancellationToken) is { } text
            ? UfwReader.ReadVariable(text, name) == "yes"
            : throw Missing(path);

    private async ValueTask<UfwRulesFile?> ReadFileAsync(IpFamily family, bool isNeeded, CancellationToken cancellationToken)
    {
        var path = UfwPlaces.Rules(family);
        return await tool.ReadAsync(path, cancellationToken) switch
        {
            { } text => UfwReader.ReadRules(text, family),
            null when isNeeded => throw Missing(path),
            null => null,
        };
    }

    private static ProviderException Missing(string path) => new(
        FailureKind.Unavailable, Aftermath.Untouched, $"{path} is not there, so ufw cannot work; nothing was changed", "put it back (`ufw reset` makes fresh files, /usr/share/ufw/iptables holds the package's)");
}
