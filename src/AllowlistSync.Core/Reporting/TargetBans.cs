using System.Collections.Immutable;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Core.Reporting;

/// <summary>The bans of a target that keep out something of what is wanted.</summary>
/// <param name="Target">The target's name.</param>
/// <param name="Bans">The bans; empty when none is in the way, and when they could not be read.</param>
/// <param name="Problem">Why they could not be read; null when they were.</param>
public sealed record TargetBans(string Target, ImmutableArray<Ban> Bans, Finding? Problem)
{
    /// <summary>One line for each ban, or what kept them from being read.</summary>
    public IEnumerable<string> Lines => Problem is { } problem
        ? [$"target {Target}: {problem.Message}; {problem.Remedy}"]
        : Bans.Select(ban => $"target {Target}: banned: {ban}");
}
