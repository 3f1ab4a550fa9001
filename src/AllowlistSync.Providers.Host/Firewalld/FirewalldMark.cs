using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Desired;

namespace AllowlistSync.Providers.Host.Firewalld;

/// <summary>
/// The names and the mark of what we make for one target. Sets and the policy carry the mark in their description. A rich rule has no room for one: a rule by set is known by the
/// name of our set in it, a rule by address by its priority, which nobody else has (a number of our own between 20000 and 29999). Names are short (32 characters for a set,
/// 18 for a policy; firewall/core/io of firewalld 1.3.3), so they end in a digest of owner and target.
/// </summary>
/// <param name="Stem">What the names of our sets begin with.</param>
/// <param name="Policy">The name of our policy.</param>
/// <param name="Comment">The mark in descriptions.</param>
/// <param name="Priority">The priority of our rules by address.</param>
public sealed record FirewalldMark(string Stem, string Policy, string Comment, int Priority)
{
    /// <summary>The longest name of a set that the kernel takes too (IPSET_MAXNAMELEN in linux/netfilter/ipset/ip_set.h is 32 with the NUL).</summary>
    public const int LongestSetName = 31;

    /// <summary>The longest name of a policy (max_policy_name_len in firewall/functions.py comes to 18, its comment says 17; the smaller is used).</summary>
    public const int LongestPolicyName = 17;

    private const int DigestCharacters = 6;
    private const int LongestSuffix = 4;
    private const int FirstPriority = 20_000;
    private const int Priorities = 10_000;

    /// <summary>The names of a target.</summary>
    public static FirewalldMark Of(Target target)
    {
        ArgumentNullException.ThrowIfNull(target);
        var hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{target.Owner}/{target.Mark}"));
        var digest = Convert.ToHexStringLower(hash)[..DigestCharacters];
        return new FirewalldMark(
            $"{Cut($"{target.Owner}-{target.Mark}", LongestSetName - LongestSuffix - DigestCharacters - 1)}-{digest}",
            $"{Cut(target.Mark, LongestPolicyName - DigestCharacters - 1)}-{digest}",
            $"allowlist-sync owner={target.Owner} target={target.Mark}",
            FirstPriority + (BinaryPrimitives.ReadUInt16BigEndian(hash.AsSpan(DigestCharacters)) % Priorities));
    }

    /// <summary>One of our two sets of a family: what is allowed stands in one of them, and the other is where the next list is made.</summary>
    public string Set(IpFamily family, bool isSpare) => Stem + (family == IpFamily.IPv4 ? "-v4" : "-v6") + (isSpare ? "b" : "");

    /// <summary>All our sets.</summary>
    public IEnumerable<(string Name, IpFamily Family, bool IsSpare)> Sets() =>
        Enum.GetValues<IpFamily>().SelectMany(Both);

    /// <summary>The description of what is ours: the mark, and the place where our rules stand.</summary>
    public string Describe(FirewalldPlace place) => $"{Comment} at {place}";

    /// <summary>The place that a description of ours names; null when it is a stranger's.</summary>
    public FirewalldPlace? PlaceIn(string description) =>
        description.StartsWith(Comment + " at ", StringComparison.Ordinal) ? FirewalldPlace.Parse(description[(Comment.Length + 4)..]) : null;

    /// <summary>True when a description carries our mark.</summary>
    public bool IsOn(string description) => PlaceIn(description) is not null;

    private IEnumerable<(string Name, IpFamily Family, bool IsSpare)> Both(IpFamily family) => [(Set(family, isSpare: false), family, false), (Set(family, isSpare: true), family, true)];

    // firewalld takes letters, digits, `_`, `-`, `:` and `/` in names; owners and targets may hold a dot.
    private static string Cut(string text, int length)
    {
        var clean = string.Concat(text.Select(c => c == '.' ? '_' : c));
        return clean.Length <= length ? clean : clean[..length];
    }
}

/// <summary>Where rich rules stand.</summary>
/// <param name="IsPolicy">A policy, or a zone.</param>
/// <param name="Name">Its name.</param>
public sealed record FirewalldPlace(bool IsPolicy, string Name)
{
    /// <summary>A zone.</summary>
    public static FirewalldPlace Zone(string name) => new(IsPolicy: false, name);

    /// <summary>A policy.</summary>
    public static FirewalldPlace Policy(string name) => new(IsPolicy: true, name);

    /// <summary>Reads what <see cref="ToString"/> writes; null for anything else.</summary>
    public static FirewalldPlace? Parse(string text) => text.Split(' ') switch
    {
        ["zone", var name] => Zone(name),
        ["policy", var name] => Policy(name),
        _ => null,
    };

    /// <summary>For people, and for the mark.</summary>
    public override string ToString() => $"{(IsPolicy ? "policy" : "zone")} {Name}";
}
