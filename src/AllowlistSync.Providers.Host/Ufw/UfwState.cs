using System.Collections.Immutable;
using AllowlistSync.Core.Addresses;
using AllowlistSync.Core.Providers;

namespace AllowlistSync.Providers.Host.Ufw;

/// <summary>Which of the two kinds of tables ufw's iptables works on.</summary>
public enum UfwBackend
{
    /// <summary>iptables-nft.</summary>
    Nft,

    /// <summary>iptables-legacy.</summary>
    Legacy,
}

/// <summary>A rule of the kernel's chain.</summary>
/// <param name="Rule">What it does when it is of the shape that we make; else null.</param>
/// <param name="Text">The line of iptables-save.</param>
public sealed record UfwChainRule(UfwRule? Rule, string Text);

/// <summary>The chain of the user's rules in the kernel.</summary>
/// <param name="Rules">Its rules, in order.</param>
public sealed record UfwChain(ImmutableArray<UfwChainRule> Rules);

/// <summary>What is there of one family.</summary>
/// <param name="Family">The family.</param>
/// <param name="File">The file of the user's rules; null when it is not there and not needed.</param>
/// <param name="Chain">The chain in the kernel; null when ufw has not loaded it.</param>
public sealed record UfwFamily(IpFamily Family, UfwRulesFile? File, UfwChain? Chain);

/// <summary>What is there of ufw.</summary>
/// <param name="IsEnabled">Whether ufw starts (<c>ENABLED=yes</c> in ufw.conf).</param>
/// <param name="HasIPv6">Whether it keeps rules for IPv6 (<c>IPV6=yes</c> in default/ufw).</param>
/// <param name="Backend">The tables.</param>
/// <param name="IPv4">IPv4.</param>
/// <param name="IPv6">IPv6.</param>
public sealed record UfwState(bool IsEnabled, bool HasIPv6, UfwBackend Backend, UfwFamily IPv4, UfwFamily IPv6) : NativeState
{
    /// <summary>Both families.</summary>
    public ImmutableArray<UfwFamily> Families => [IPv4, IPv6];

    /// <summary>True when rules are loaded although ufw is not enabled: a reload that failed half way leaves this, with a policy that blocks.</summary>
    public bool IsHalfStarted => !IsEnabled && Families.Any(family => family.Chain is not null);
}
