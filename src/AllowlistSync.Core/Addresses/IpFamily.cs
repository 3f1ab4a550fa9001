namespace AllowlistSync.Core.Addresses;

/// <summary>The two address families; sets, guards and firewalls keep them apart.</summary>
public enum IpFamily
{
    /// <summary>32-bit addresses.</summary>
    IPv4,

    /// <summary>128-bit addresses.</summary>
    IPv6,
}

/// <summary>Facts about a family.</summary>
internal static class IpFamilyFacts
{
    /// <summary>How many bits an address of the family has: 32 or 128.</summary>
    internal static int Bits(this IpFamily family) => family == IpFamily.IPv4 ? 32 : 128;
}
