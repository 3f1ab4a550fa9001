using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host;

/// <summary>The ports of a family in targets that have one set for each family, so that all its sources have the same ports. Pure.</summary>
internal static class FamilyPorts
{
    /// <summary>The ports; those of the other family when this one has no sources, so that its next prefix needs no rule.</summary>
    /// <param name="traffic">What shall be let in.</param>
    /// <param name="family">The family.</param>
    /// <param name="limit">What has only one list of ports, for the refusal: only policy addOnly after a change of <c>ports</c> wants otherwise.</param>
    public static PortSet Of(TrafficSet traffic, IpFamily family, string limit)
    {
        var slices = traffic.Only(family).Slices;
        if (slices.Any(slice => !slice.Sources.Equals(slices[0].Sources)))
        {
            throw new ProviderException(
                FailureKind.Unsupported,
                Aftermath.Untouched,
                $"{family}: old and new sources would need different ports, and {limit}",
                "run `apply` once with `policy: sync` after a change of `ports`");
        }

        return PortSet.Of((slices.IsEmpty ? traffic.Slices : slices).Select(slice => slice.Ports));
    }
}
