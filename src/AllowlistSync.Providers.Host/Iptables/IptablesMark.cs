using System.Security.Cryptography;
using System.Text;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;

namespace AllowlistSync.Providers.Host.Iptables;

/// <summary>
/// The names and the mark of what we make for one target. A slash cannot be part of an owner or a target, so two targets never share a name. Rules carry
/// the mark as their comment (at most 255 characters); a set has no room for one, so its name is its mark. Pure.
/// </summary>
/// <param name="Chain">Our chain in each filter table.</param>
/// <param name="Comment">The comment on each rule that is ours.</param>
public sealed record IptablesMark(string Chain, string Comment)
{
    // A set's name has at most 31 characters (IPSET_MAXNAMELEN, linux/netfilter/ipset/ip_set.h), a chain's 28 (XT_EXTENSION_MAXNAMELEN,
    // linux/netfilter/x_tables.h). `/v4` and the `+` of a set that is being filled belong to it.
    private const int MaxStem = 27;
    private const int HashDigits = 8;

    /// <summary>The names of a target; long ones end in a part of their digest.</summary>
    public static IptablesMark Of(Target target)
    {
        ArgumentNullException.ThrowIfNull(target);
        return new(Shorten($"{target.Owner}/{target.Mark}"), $"allowlist-sync owner={target.Owner} target={target.Mark}");
    }

    /// <summary>Our set of a family.</summary>
    public string Set(IpFamily family) => Chain + (family == IpFamily.IPv4 ? "/v4" : "/v6");

    /// <summary>The set that is filled to take the place of <see cref="Set"/>. The mark is in front: a script that is cut off can never name ours.</summary>
    public string NewSet(IpFamily family) => "+" + Set(family);

    /// <summary>The match that carries the mark.</summary>
    public string Match => $"-m comment --comment \"{Comment}\"";

    // `~` is in no owner and no target, so a shortened name is nobody's whole name.
    private static string Shorten(string stem) => stem.Length <= MaxStem
        ? stem
        : $"{stem[..(MaxStem - HashDigits - 1)]}~{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(stem)))[..HashDigits]}";
}
