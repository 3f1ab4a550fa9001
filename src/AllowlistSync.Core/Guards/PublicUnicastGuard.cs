using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Core.Guards;

/// <summary><c>not-public</c>: private, reserved and multicast addresses (IANA special-purpose registries) are nobody's edge.</summary>
public sealed class PublicUnicastGuard : IGuard
{
    /// <inheritdoc/>
    public IEnumerable<Refusal> Judge(GuardCase subject) =>
        from prefix in subject.Candidate.Published
        let block = SpecialPurpose.FindOverlap(prefix)
        where block is not null
        select new Refusal(
            "not-public",
            $"source {subject.Candidate.Source}: {prefix} overlaps {block.Prefix} ({block.Name}), which is not public unicast",
            "check what the source publishes; addresses of your own network belong into a source of type static or file");
}
