using System.Collections.Immutable;

namespace AllowlistSync.Conformance;

/// <summary>One case of the suite: what every provider must do, whatever firewall it works on.</summary>
/// <param name="Id">Its id, never used again for another case.</param>
/// <param name="Title">A sentence.</param>
/// <param name="Needs">The features of the descriptor that it shows; a provider without one of them declares a gap.</param>
/// <param name="Run">Throws when the provider fails it.</param>
public sealed record ConformanceCase(string Id, string Title, ImmutableArray<string> Needs, Func<ConformanceContext, CancellationToken, Task> Run);
