namespace AllowlistSync.Core.Addresses;

/// <summary>What to write for the prefix of a whole family where a program takes the length 0 for "no condition", or for a mistake.</summary>
public static class WholeFamily
{
    /// <summary>A prefix of length 0 as its two halves, any other as it is.</summary>
    public static IEnumerable<IpPrefix> Halves(this IpPrefix prefix) => prefix.Length > 0
        ? [prefix]
        : [IpPrefix.Create(prefix.Family, 0, 1), IpPrefix.Create(prefix.Family, UInt128.One << (prefix.Family.Bits() - 1), 1)];
}
