using System.Security.Cryptography;
using System.Text;
using AllowlistSync.Core.Desired;
using AllowlistSync.Providers.Host.Iptables;

namespace AllowlistSync.Providers.Host.BtPanel;

/// <summary>
/// How what is ours is told in the panel's chain: rules carry owner and target as their comment, and ask a set whose name is a digest of both. The panel saves sets by <c>_bt_</c> in their line and rules
/// by <c>_BT</c> (script/BT-FirewallServices.py of 2026-04), so names of ours hold it: what is saved comes back whole at boot.
/// </summary>
/// <param name="Rules">The mark on rules.</param>
/// <param name="Set">Our set.</param>
/// <param name="NewSet">The set that is filled to take its place.</param>
public sealed record BtPanelMark(IptablesMark Rules, string Set, string NewSet)
{
    // A name has at most 31 characters (IPSET_MAXNAMELEN), an owner and a target 32 each.
    private const int Digits = 20;

    /// <summary>The mark of a target.</summary>
    public static BtPanelMark Of(Target target)
    {
        ArgumentNullException.ThrowIfNull(target);
        var digest = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{target.Owner}/{target.Mark}")))[..Digits];
        return new(IptablesMark.Of(target), $"als_bt_{digest}", $"new_bt_{digest}");
    }
}
