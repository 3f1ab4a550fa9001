using System.Collections.Immutable;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Nftables;

/// <summary>Refuses to take out what is ours while something of others is in it or hangs on it. Pure.</summary>
internal static class InUse
{
    /// <summary>For a chain of ours that others use.</summary>
    public static ProviderException Chain(string chain, string what) => new(
        FailureKind.Conflict, Aftermath.Untouched, $"chain {chain} cannot be taken out: {what}; nothing was changed", "take those rules out first");

    /// <summary>Throws when a set of ours holds what we did not put there: to delete the set would delete that too.</summary>
    public static void RequireNoForeignElements(ImmutableArray<FilledSet> sets)
    {
        foreach (var set in sets)
        {
            var count = set.Elements.Tagged.Length + set.Elements.Unread.Length;
            if (count > 0)
            {
                throw new ProviderException(
                    FailureKind.Conflict,
                    Aftermath.Untouched,
                    $"set {set.Name} cannot be taken out: {count} elements in it are not ours (they carry a comment or a lifetime of their own, or are none that we write); nothing was changed",
                    $"take those elements out first: `nft list set {set.Name}` shows them");
            }
        }
    }
}
