using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Sources;

namespace AllowlistSync.Core.Guards;

/// <summary>What a guard looks at.</summary>
/// <param name="Candidate">What the source says now.</param>
/// <param name="InForce">What is allowed because of this source today, without what a person already let go; null on a first run.</param>
/// <param name="Policy">The limits.</param>
public sealed record GuardCase(RangeSnapshot Candidate, PrefixSet? InForce, GuardPolicy Policy);

/// <summary>One reason not to believe a snapshot. Pure.</summary>
public interface IGuard
{
    /// <summary>All refusals of this guard, one for each family that it concerns; none when it has nothing to say.</summary>
    IEnumerable<Refusal> Judge(GuardCase subject);
}
