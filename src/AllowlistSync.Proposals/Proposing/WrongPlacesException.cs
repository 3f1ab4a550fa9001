using System.Collections.Immutable;
using AllowlistSync.Proposals.Rewriting;

namespace AllowlistSync.Proposals.Proposing;

/// <summary>Places that cannot be rewritten; no file was.</summary>
/// <param name="places">What is wrong with each, in the order of the proposal; one at least.</param>
internal sealed class WrongPlacesException(ImmutableArray<RewriteException> places) : Exception(string.Join("; ", places.Select(place => place.Message)))
{
    /// <summary>What is wrong with each.</summary>
    public ImmutableArray<RewriteException> Places { get; } = places;
}
