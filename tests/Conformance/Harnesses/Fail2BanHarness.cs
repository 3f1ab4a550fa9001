using System.Collections.Immutable;
using AllowlistSync.Core.Providers;
using AllowlistSync.Providers.Host.Fail2Ban;
using AllowlistSync.TestKit;

namespace AllowlistSync.Conformance.Harnesses;

/// <summary>fail2ban with two jails of its operator: the installed version, or a newer one that reads lists of ranges.</summary>
/// <param name="readsLists">True for the newer one.</param>
public sealed class Fail2BanHarness(bool readsLists) : IConformanceHarness
{
    /// <inheritdoc/>
    public string Name => readsLists ? "fail2ban that reads lists" : "fail2ban";

    /// <inheritdoc/>
    public ProviderRegistration Registration => Fail2BanRegistration.Line;

    /// <inheritdoc/>
    public ImmutableArray<string> Programs => ["fail2ban-server", "nft"];

    /// <inheritdoc/>
    public ImmutableArray<string> Gaps => ["A4", "A6", "O1", "O4", "P2", "T6", "L2", .. readsLists ? Array.Empty<string>() : ["L1"]];

    /// <inheritdoc/>
    public bool IsSlow => true;

    /// <inheritdoc/>
    public async Task<IConformanceTarget> StartAsync(CancellationToken cancellationToken)
    {
        if (readsLists && !Fail2BanTarget.HasNewer)
        {
            throw new SkipException($"a fail2ban that reads lists is not at {Fail2BanTarget.Newer}: tests/run.sh puts it there");
        }

        return await Fail2BanTarget.StartAsync(readsLists, cancellationToken);
    }
}
