using System.Collections.Immutable;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Firewalld;

namespace AllowlistSync.Conformance.Harnesses;

/// <summary>The real firewalld on a message bus of its own.</summary>
/// <param name="isPolicy">In a policy of our own, or in the operator's zone.</param>
/// <param name="backend">What firewalld makes its rules with: nftables or iptables.</param>
public sealed class FirewalldHarness(bool isPolicy, string backend) : IConformanceHarness
{
    /// <inheritdoc/>
    public string Name => $"firewalld, {(isPolicy ? "policy" : "zone")} way, {backend}";

    /// <inheritdoc/>
    public ProviderRegistration Registration => FirewalldRegistration.Line;

    /// <inheritdoc/>
    public ImmutableArray<string> Programs => ["firewalld", "dbus-daemon", "nft", .. backend == "iptables" ? ["iptables", "ip6tables", "ipset"] : (ImmutableArray<string>)[]];

    /// <inheritdoc/>
    public ImmutableArray<string> Gaps => [.. FirewalldRegistration.Descriptor.Gaps.Select(gap => gap.CaseId)];

    /// <inheritdoc/>
    public bool IsSlow => true;

    /// <inheritdoc/>
    public async Task<IConformanceTarget> StartAsync(CancellationToken cancellationToken) => await FirewalldTarget.StartAsync(isPolicy, backend, cancellationToken);
}
