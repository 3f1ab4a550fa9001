using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;

namespace AllowlistSync.Providers.Host.Firewalld;

/// <summary>One call that changes firewalld. Each leaves a configuration that a reload takes.</summary>
/// <param name="IsPermanent">Whether the permanent configuration is changed, or what is in force.</param>
public abstract record FirewalldStep(bool IsPermanent)
{
    /// <summary>The short text (`short`) of what we make.</summary>
    public const string Label = "allowlist-sync";

    /// <summary>How many entries our sets take (<c>maxelem</c>; the kernel's default of 65536 is too small for some lists).</summary>
    public const string Room = "1048576";

    /// <summary>Where the traffic of our policy comes from.</summary>
    public const string Ingress = "ANY";

    /// <summary>Where the traffic of our policy goes to.</summary>
    public const string Egress = "HOST";

    /// <summary>What becomes of traffic that our policy does not let in.</summary>
    public const string PolicyTarget = "CONTINUE";

    /// <summary>Before all zones: a policy of negative priority is asked first (firewalld.policies(5)).</summary>
    public const int PolicyPriority = -100;
}

/// <summary>A rich rule of a zone, in force.</summary>
public sealed record RuntimeRule(FirewalldPlace Place, string Text, bool Adds) : FirewalldStep(IsPermanent: false);

/// <summary>The rich rules of our policy, in force; firewalld adds and takes out what differs, one after the other.</summary>
public sealed record RuntimePolicyRules(string Name, ImmutableArray<string> Texts) : FirewalldStep(IsPermanent: false);

/// <summary>The whole content of a set, in force. firewalld empties it first: for a moment it holds nothing.</summary>
public sealed record RuntimeEntries(string Set, ImmutableArray<string> Entries) : FirewalldStep(IsPermanent: false);

/// <summary>A new set.</summary>
public sealed record NewSet(string Name, IpFamily Family, string Description, ImmutableArray<string> Entries) : FirewalldStep(IsPermanent: true);

/// <summary>All of a set that somebody edited.</summary>
public sealed record ReplaceSet(NewSet Set) : FirewalldStep(IsPermanent: true);

/// <summary>The whole content of a set.</summary>
public sealed record PermanentEntries(string Set, ImmutableArray<string> Entries) : FirewalldStep(IsPermanent: true);

/// <summary>A set goes.</summary>
public sealed record RemoveSet(string Name) : FirewalldStep(IsPermanent: true);

/// <summary>A rich rule of a zone.</summary>
public sealed record PermanentRule(string Zone, string Text, bool Adds) : FirewalldStep(IsPermanent: true);

/// <summary>Our policy, new.</summary>
public sealed record NewPolicy(string Name, string Description, ImmutableArray<string> Rules) : FirewalldStep(IsPermanent: true);

/// <summary>All of our policy.</summary>
public sealed record ReplacePolicy(NewPolicy Policy) : FirewalldStep(IsPermanent: true);

/// <summary>Our policy goes.</summary>
public sealed record RemovePolicy(string Name) : FirewalldStep(IsPermanent: true);
