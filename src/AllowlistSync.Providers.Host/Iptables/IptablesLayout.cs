using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;

namespace AllowlistSync.Providers.Host.Iptables;

/// <summary>What one family shall let in.</summary>
/// <param name="Family">The family.</param>
/// <param name="Sources">Who.</param>
/// <param name="Ports">On which ports; none for no rule at all.</param>
public sealed record FamilyLayout(IpFamily Family, PrefixSet Sources, PortSet Ports);

/// <summary>Our things as they shall be.</summary>
/// <param name="Families">What each family shall let in; none when nothing of ours shall be there.</param>
public sealed record IptablesLayout(ImmutableArray<FamilyLayout> Families)
{
    /// <summary>The places without a jump, by name, when that is how it was; null for a jump in each, where it is effective.</summary>
    public ImmutableArray<string> WithoutJump { get; init; } = [];

    /// <summary>True when something of ours shall be there.</summary>
    public bool Exists => !Families.IsEmpty;

    /// <summary>Nothing of ours.</summary>
    public static IptablesLayout None { get; } = new([]);

    /// <summary>The layout that lets in exactly this traffic.</summary>
    public static IptablesLayout For(TrafficSet traffic)
    {
        ArgumentNullException.ThrowIfNull(traffic);
        return traffic.IsEmpty
            ? None
            : new IptablesLayout([.. new[] { IpFamily.IPv4, IpFamily.IPv6 }.Select(family => new FamilyLayout(family, traffic.Only(family).Sources, FamilyPorts.Of(traffic, family, "our chain has one list of ports for a family")))]);
    }

    /// <summary>What a family shall let in; nothing when it is not named.</summary>
    public FamilyLayout Of(IpFamily family) => Families.FirstOrDefault(layout => layout.Family == family) ?? new FamilyLayout(family, PrefixSet.Empty, PortSet.Empty);
}
