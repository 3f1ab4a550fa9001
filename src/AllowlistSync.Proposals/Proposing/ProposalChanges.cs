using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Proposals.Git;

namespace AllowlistSync.Proposals.Proposing;

/// <summary>A place that was looked at.</summary>
/// <param name="Path">The file.</param>
/// <param name="Place">The place in words.</param>
/// <param name="Before">The ranges that stood there.</param>
/// <param name="After">Those that stand there in the proposal.</param>
public sealed record PlaceChange(string Path, string Place, PrefixSet Before, PrefixSet After)
{
    /// <summary>What is new.</summary>
    public PrefixSet Added => After.Except(Before);

    /// <summary>What is gone.</summary>
    public PrefixSet Removed => Before.Except(After);
}

/// <summary>A file with another content.</summary>
/// <param name="Entry">The file.</param>
/// <param name="Before">Its content; null when it is new.</param>
/// <param name="After">Its new content.</param>
public sealed record FileChange(GitEntry Entry, ReadOnlyMemory<byte>? Before, ReadOnlyMemory<byte> After);

/// <summary>What a proposal changes in the base branch.</summary>
/// <param name="Files">The files that become others.</param>
/// <param name="Places">All places, also those that stay.</param>
public sealed record ProposalChanges(ImmutableArray<FileChange> Files, ImmutableArray<PlaceChange> Places)
{
    /// <summary>The plans of targets that the plan file of the base branch does not name: to merge them is to approve them. Empty without a plan file.</summary>
    public ImmutableArray<ApprovedPlan> Plans { get; init; } = [];

    /// <summary>True when the base branch holds what is wanted already.</summary>
    public bool IsEmpty => Files.IsEmpty && Plans.IsEmpty;

    /// <summary>
    /// Names what is wanted: SHA-256 of the places and their ranges, and of the plans. It does not depend on what the places of the base branch hold, so that a pull request which a person closed stays closed for this content.
    /// </summary>
    public string Fingerprint
    {
        get
        {
            var text = new StringBuilder("allowlist-sync/proposal/v1\n");
            foreach (var place in Places)
            {
                text.Append(place.Path).Append('\0').Append(place.Place).Append('\0').AppendJoin(' ', place.After.Prefixes()).Append('\n');
            }

            foreach (var plan in Plans)
            {
                text.Append("plan\0").Append(plan.Target).Append('\0').Append(plan.Fingerprint).Append('\n');
            }

            return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())));
        }
    }

    /// <summary>What is new in any place.</summary>
    public PrefixSet Added => Union(Places.Select(place => place.Added));

    /// <summary>What is gone from any place.</summary>
    public PrefixSet Removed => Union(Places.Select(place => place.Removed));

    private static PrefixSet Union(IEnumerable<PrefixSet> sets) => sets.Aggregate(PrefixSet.Empty, (all, set) => all.Union(set));
}
