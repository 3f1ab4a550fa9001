namespace AllowlistSync.Core.Addresses;

/// <summary>What turns one set into another.</summary>
/// <param name="Added">The addresses that are only in the later set.</param>
/// <param name="Removed">The addresses that are only in the earlier set.</param>
public sealed record PrefixSetDelta(PrefixSet Added, PrefixSet Removed)
{
    /// <summary>Whether the two sets were equal.</summary>
    public bool IsEmpty => Added.IsEmpty && Removed.IsEmpty;

    /// <summary>Compares two sets by their addresses; linear.</summary>
    public static PrefixSetDelta Between(PrefixSet before, PrefixSet after)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        return new(after.Except(before), before.Except(after));
    }
}
