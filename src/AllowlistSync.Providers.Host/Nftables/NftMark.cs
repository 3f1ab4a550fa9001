using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;

namespace AllowlistSync.Providers.Host.Nftables;

/// <summary>
/// The names and the mark of what we make for one target. The slash cannot be part of an owner or a target, so two targets never
/// share a name, and a name is never a keyword of nft. The mark is the comment of each set and rule (at most 128 characters,
/// NFTNL_UDATA_COMMENT_MAXLEN): something with our name and without our mark is a stranger's.
/// </summary>
/// <param name="Chain">Our chain.</param>
/// <param name="Comment">The comment on all that is ours.</param>
public sealed record NftMark(string Chain, string Comment)
{
    /// <summary>The names of a target.</summary>
    public static NftMark Of(Target target) =>
        new($"{target.Owner}/{target.Mark}", $"allowlist-sync owner={target.Owner} target={target.Mark}");

    /// <summary>Our set of a family.</summary>
    public string Set(IpFamily family) => Chain + (family == IpFamily.IPv4 ? "/v4" : "/v6");
}
