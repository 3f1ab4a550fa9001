namespace AllowlistSync.Configuration.Shapes;

/// <summary>The bounds of the numbers in <c>guard</c>; the schema and the rules use the same.</summary>
internal static class GuardLimits
{
    /// <summary>None would believe an empty list.</summary>
    internal const int MinPrefixes = 1;

    /// <summary>More than that was never published; the guard would refuse every list.</summary>
    internal const int MaxPrefixes = 100_000;

    internal const int MaxRemovedPercent = 100;

    /// <summary>Growing to eleven times the size.</summary>
    internal const int MaxAddedPercent = 1000;

    /// <summary>A /0 is everybody.</summary>
    internal const int Widest = 1;

    internal const int IPv4Bits = 32;

    internal const int IPv6Bits = 128;
}
